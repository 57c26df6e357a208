package io.forebay.cli;

import io.forebay.base.time.Clock;
import io.forebay.cli.config.DefaultPlaces;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The machine and the process as the commands see them: the one place where they are looked at.
 *
 * @param environment the variables of the process
 * @param workingFolder where the command was given
 * @param uid the user
 * @param gid its group
 * @param launcherWaits whether a launcher waits on the readiness pipe
 * @param out standard output
 * @param err standard error
 * @param clock time
 */
public record Host(
        Map<String, String> environment,
        Path workingFolder,
        int uid,
        int gid,
        boolean launcherWaits,
        PrintStream out,
        PrintStream err,
        Clock clock) {
    /** Set by the launcher when it started this process in the background and waits on file descriptor 3. */
    static final String LAUNCHER_WAITS = "forebay.launcher-waits";

    static Host ofThisProcess() {
        Path self = Path.of("/proc/self");
        try {
            return new Host(
                    System.getenv(),
                    // Not the kernel's working folder: the launcher leaves that before a daemon starts, and hands this
                    // on.
                    Path.of(System.getProperty("user.dir", "/")).toAbsolutePath(),
                    (int) Files.getAttribute(self, "unix:uid"),
                    (int) Files.getAttribute(self, "unix:gid"),
                    Boolean.getBoolean(LAUNCHER_WAITS),
                    System.out,
                    System.err,
                    Clock.system());
        } catch (IOException noProc) {
            throw new UncheckedIOException("/proc must be mounted, as on every Linux", noProc);
        }
    }

    /** Whether standard error is shown to somebody, where a line can be written over. */
    boolean errIsTerminal() {
        try {
            String file = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty") || file.equals("/dev/console");
        } catch (IOException closed) {
            return false;
        }
    }

    boolean isRoot() {
        return uid == 0;
    }

    /** Where the mounts of this user are on record. */
    Path recordFolder() {
        if (isRoot()) {
            return Path.of("/run/forebay");
        }
        return folderOf("XDG_RUNTIME_DIR")
                .map(folder -> folder.resolve("forebay"))
                .orElseGet(this::stateFolder);
    }

    DefaultPlaces places() {
        if (isRoot()) {
            return new DefaultPlaces(Path.of("/var/cache/forebay"), Path.of("/var/log/forebay"));
        }
        Path caches = folderOf("XDG_CACHE_HOME").orElseGet(() -> home().resolve(".cache"));
        return new DefaultPlaces(caches.resolve("forebay"), stateFolder());
    }

    /** A variable of the environment; empty if it is not set. */
    String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    /** Where programs are looked for: PATH, and the folders of root that a user's PATH may lack. */
    List<Path> programFolders() {
        return Stream.of((variable("PATH") + ":/usr/bin:/bin:/usr/sbin:/sbin").split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(Path::of)
                .toList();
    }

    private Path stateFolder() {
        return folderOf("XDG_STATE_HOME")
                .orElseGet(() -> home().resolve(".local/state"))
                .resolve("forebay");
    }

    private Path home() {
        return folderOf("HOME").orElse(workingFolder);
    }

    /** The folder that a variable names; like the XDG specification says, one that is not absolute does not count. */
    private Optional<Path> folderOf(String variable) {
        return Optional.ofNullable(environment.get(variable)).map(Path::of).filter(Path::isAbsolute);
    }
}
