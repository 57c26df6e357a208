package io.forebay.cli;

import io.forebay.base.error.ForebayException;
import io.forebay.cli.config.ConfigurationException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point: reads the command line, runs one command, and says on standard error why it could not. */
public final class Main {
    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    /** Of {@code status}: files are on the local disk only, and all is well with them. */
    static final int WAITING = 3;
    /** Of {@code status}: files could not be uploaded, or somebody has to decide which version of them stays. */
    static final int TROUBLE = 4;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), Host.ofThisProcess()));
    }

    /** Runs one command to its end, and returns the exit code. */
    static int run(List<String> arguments, Host host) {
        CommandLine line = Grammar.commandLine();
        line.setOut(new PrintWriter(host.out(), true, StandardCharsets.UTF_8));
        try {
            ParseResult parsed = line.parseArgs(arguments.toArray(String[]::new));
            if (CommandLine.executeHelpRequest(parsed) != null) {
                return DONE;
            }
            if (!parsed.hasSubcommand()) {
                return usage(host, "name a command: " + String.join(", ", Grammar.COMMANDS), "forebay");
            }
            return run(parsed.subcommand(), host);
        } catch (UnmatchedArgumentException unknown) {
            return unknownArgument(host, unknown);
        } catch (ParameterException wrong) {
            return usage(
                    host,
                    sentence(wrong),
                    wrong.getCommandLine().getCommandSpec().qualifiedName());
        } catch (ConfigurationException problems) {
            problems.getMessage().lines().forEach(problem -> host.err().println("forebay: " + problem));
            return FAILED;
        } catch (ForebayException failure) {
            host.err().println("forebay: " + failure.getMessage());
            return FAILED;
        }
    }

    private static int run(ParseResult command, Host host) throws ConfigurationException, ForebayException {
        return switch (command.commandSpec().name()) {
            case Grammar.MOUNT -> new MountCommand(host).run(command);
            case Grammar.UNMOUNT -> new UnmountCommand(host).run(command);
            case Grammar.LIST -> new ListCommand(host).run();
            case Grammar.WARMUP -> new WarmupCommand(host).run(command);
            case Grammar.EVICT -> new EvictCommand(host).run(command);
            case Grammar.UNPIN -> new UnpinCommand(host).run(command);
            case Grammar.CACHE -> new CacheCommand(host).run(command);
            case Grammar.STATUS -> new StatusCommand(host).run(command);
            case Grammar.FLUSH -> new FlushCommand(host).run(command);
            case Grammar.CONFLICTS -> new ConflictsCommand(host).run(command);
            case Grammar.RECOVER -> new RecoverCommand(host).run(command);
            case Grammar.DOCTOR -> new DoctorCommand(host).run(command);
            case Grammar.VERSION -> VersionCommand.run(host);
            default ->
                throw new IllegalStateException(
                        "no such command: " + command.commandSpec().name());
        };
    }

    private static int unknownArgument(Host host, UnmatchedArgumentException unknown) {
        String first = unknown.getUnmatched().getFirst();
        // What stands behind an equals sign may be a secret that somebody tried to pass.
        String name = first.startsWith("-") ? first.replaceFirst("=.*", "") : first;
        List<String> nearest = unknown.getSuggestions();
        String advice = nearest.isEmpty() ? "" : "; did you mean " + String.join(" or ", nearest) + "?";
        return usage(
                host,
                "'" + name + "' is not known here" + advice,
                unknown.getCommandLine().getCommandSpec().qualifiedName());
    }

    private static String sentence(ParameterException wrong) {
        String message = String.valueOf(wrong.getMessage());
        return message.isEmpty() ? message : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }

    private static int usage(Host host, String what, String command) {
        host.err().println("forebay: " + what);
        host.err().println("'" + command + " --help' shows what can be given.");
        return USAGE;
    }
}
