package io.forebay.nativetests.scenario;

import io.forebay.nativetests.ground.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A server of PostgreSQL whose tables lie in a folder, run by nobody, reached through a socket in another one. */
final class Postgres {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final String USER = "nobody";
    private static final String LOAD_SECONDS = System.getProperty("forebay.postgres.seconds", "3");

    private final Path programs;
    private final Path folder;
    private final Path data;
    private final Path sockets;

    /**
     * @param programs where initdb and pg_amcheck are
     * @param folder empty, and reachable for everybody
     * @param sockets the same, with a short path
     */
    Postgres(Path programs, Path folder, Path sockets) {
        this.programs = programs;
        this.folder = folder;
        this.data = folder.resolve("data");
        this.sockets = sockets;
    }

    void create() throws IOException, InterruptedException {
        Command.of("chown", USER, folder.toString(), sockets.toString()).succeed();
        run("initdb", "-k", "-A", "trust", "-U", "postgres", "-D", data.toString());
    }

    void start() throws IOException, InterruptedException {
        // Checkpoints come often, and with them the writes and syncs of tables.
        String options = "-c listen_addresses= -c max_wal_size=32MB -c min_wal_size=32MB -k " + sockets;
        run("pg_ctl", "-w", "-D", data.toString(), "-l", sockets.resolve("log").toString(), "-o", options, "start");
    }

    /** @param mode {@code immediate} leaves everything to the write-ahead log */
    void stop(String mode) throws IOException, InterruptedException {
        command("pg_ctl", "-w", "-D", data.toString(), "-m", mode, "stop").run();
    }

    /** Some thousand transactions of several clients. */
    void load() throws IOException, InterruptedException {
        run("pgbench", "-h", sockets.toString(), "-U", "postgres", "-q", "-i", "-s", "1", "postgres");
        run("pgbench", "-h", sockets.toString(), "-U", "postgres", "-c", "4", "-T", LOAD_SECONDS, "postgres");
    }

    /** What all transactions together come to: each adds the same to an account, a teller and a branch. */
    String sums() throws IOException, InterruptedException {
        String statement = "select count(*), sum(delta) from pgbench_history; select sum(abalance) from"
                + " pgbench_accounts; select sum(tbalance) from pgbench_tellers; select sum(bbalance) from"
                + " pgbench_branches";
        return run("psql", "-h", sockets.toString(), "-U", "postgres", "-Atc", statement, "postgres");
    }

    /** Every table and index is as it must be, by the server's own check. */
    void checkTables() throws IOException, InterruptedException {
        run("pg_amcheck", "-h", sockets.toString(), "-U", "postgres", "-a", "--install-missing");
    }

    /** Every page has the checksum that is in it; the server must not run. */
    void checkPages() throws IOException, InterruptedException {
        run("pg_checksums", "-c", "-D", data.toString());
    }

    private String run(String program, String... arguments) throws IOException, InterruptedException {
        return command(program, arguments).succeed();
    }

    private Command command(String program, String... arguments) {
        List<String> words = new ArrayList<>(List.of("runuser", "-u", USER, "--"));
        words.add(programs.resolve(program).toString());
        words.addAll(List.of(arguments));
        return Command.of(words).in(sockets).within(LIMIT);
    }
}
