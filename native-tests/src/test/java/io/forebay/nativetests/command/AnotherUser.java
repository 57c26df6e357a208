package io.forebay.nativetests.command;

import io.forebay.nativetests.ground.Command;
import io.forebay.nativetests.ground.Forebay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Somebody who is not root, on a machine that lets users mount: with a {@code /dev/fuse} that all may open and the
 * distribution at a place that all may read. Both are so for this one command only, in a mount name space of its own;
 * root alone can set that up.
 */
final class AnotherUser {
    private static final String NOBODY = "65534";

    /** What the launcher calls. */
    private static final List<String> PROGRAMS =
            List.of("sh", "cat", "readlink", "dirname", "mktemp", "mkfifo", "setsid", "rm");

    private final Machine machine;
    private final Forebay user;
    private final Path home;
    private final Path distribution;
    private boolean fuse = true;

    AnotherUser(Machine machine) throws IOException, InterruptedException {
        this.machine = machine;
        this.user = machine.user(Map.of());
        this.home = machine.folder("nobody");
        this.distribution = machine.folder("forebay");
        Command.of("chmod", "755", machine.work().toString()).succeed();
        Command.of("chown", NOBODY + ":" + NOBODY, home.toString()).succeed();
    }

    /** On a machine that has no {@code /dev/fuse}. */
    AnotherUser withoutFuse() {
        fuse = false;
        return this;
    }

    /** A folder that is the user's own. */
    Path home() {
        return home;
    }

    /** The launcher, as this user finds it. */
    Path launcher() {
        return distribution.resolve("bin").resolve("forebay");
    }

    /** A line for {@code sh}, run in the home folder; {@code arguments} are its {@code $1}, {@code $2} and so on. */
    Command shell(String line, Object... arguments) throws IOException {
        List<String> words = new ArrayList<>(List.of("unshare", "--mount", "--propagation", "private", "sh", "-ec"));
        words.add("""
                distribution=$1; here=$2; dev=$3; user=$4; home=$5; fuse=$6; shift 6
                mount --bind "$distribution" "$here"
                mount -t tmpfs -o mode=755 none "$dev"
                for device in null zero full random urandom tty; do
                    touch "$dev/$device"
                    mount --bind "/dev/$device" "$dev/$device"
                done
                [ "$fuse" = false ] || mknod -m 666 "$dev/fuse" c 10 229
                ln -s /proc/self/fd "$dev/fd"
                mount --move "$dev" /dev
                cd "$home"
                exec setpriv --reuid="$user" --regid="$user" --clear-groups env HOME="$home" "$@"
                """);
        words.addAll(List.of("sh", Forebay.distribution().toString(), distribution.toString()));
        words.addAll(List.of(machine.folder("dev").toString(), NOBODY, home.toString(), Boolean.toString(fuse)));
        words.addAll(List.of("sh", "-ec", line, "sh"));
        for (Object argument : arguments) {
            words.add(argument.toString());
        }
        return user.inMyEnvironment(Command.of(words)).explainedBy(user::evidence);
    }

    /** A folder for PATH that has what the launcher needs, and nothing to mount with. */
    Path programsWithoutFusermount() throws IOException, InterruptedException {
        Path folder = machine.folder("programs");
        for (String program : PROGRAMS) {
            String found = Command.shell("command -v \"$1\"", program).succeed().strip();
            Files.createSymbolicLink(folder.resolve(program), Path.of(found));
        }
        return folder;
    }
}
