package io.forebay.nativetests.suite;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Command;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Locks hold between the processes of one machine; SQLite and git rely on them. */
interface LockTests extends OnGround {
    @Test
    default void recordLocksKeepOtherProcessesOut(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), Bytes.zeros(100));
        try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
            try (FileLock _ = channel.lock(0, 50, false)) {
                assertThat(contend(file, "try", 0, 50)).isEqualTo("refused");
                assertThat(contend(file, "try", 49, 1)).isEqualTo("refused");
                assertThat(contend(file, "try", 50, 50)).isEqualTo("locked");
            }
            assertThat(contend(file, "try", 0, 50)).isEqualTo("locked");
        }
    }

    @Test
    default void sharedLocksAreShared(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), Bytes.zeros(100));
        try (FileChannel channel = FileChannel.open(file, READ, WRITE);
                FileLock _ = channel.lock(0, Long.MAX_VALUE, true)) {
            assertThat(contend(file, "try-shared", 0, 10)).isEqualTo("locked");
            assertThat(contend(file, "try", 0, 10)).isEqualTo("refused");
        }
    }

    @Test
    default void closingAnyHandleGivesTheLockBack(Path here) throws Exception {
        Path file = here.resolve("file");
        try (FileChannel channel = FileChannel.open(file, CREATE, WRITE)) {
            channel.lock();
            assertThat(contend(file, "try", 0, 1)).isEqualTo("refused");
        }
        assertThat(contend(file, "try", 0, 1)).isEqualTo("locked");
    }

    @Test
    default void aWaitingLockIsGrantedWhenItIsFree(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), Bytes.zeros(10));
        try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
            Process waiting;
            try (FileLock _ = channel.lock()) {
                waiting = LockContender.start(file, "wait", 0, 1);
                assertThat(LockContender.nextLine(waiting)).isEqualTo("waiting");
                assertThat(contend(file, "try", 0, 1)).isEqualTo("refused");
                assertThat(waiting.isAlive()).isTrue();
            }
            assertThat(LockContender.nextLine(waiting)).isEqualTo("locked");
            assertThat(waiting.waitFor(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** A blocked lock must not make a process immortal: the kernel asks to interrupt the request. */
    @Test
    default void aWaitingProcessCanBeKilled(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), Bytes.zeros(10));
        try (FileChannel channel = FileChannel.open(file, READ, WRITE)) {
            try (FileLock _ = channel.lock()) {
                Process waiting = LockContender.start(file, "wait", 0, 1);
                assertThat(LockContender.nextLine(waiting)).isEqualTo("waiting");
                waiting.destroyForcibly();
                assertThat(waiting.waitFor(10, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(contend(file, "try", 0, 1)).isEqualTo("locked");
        }
    }

    @Test
    default void fileLocksKeepOthersOut(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), "content");
        Command.shell("""
                        exec 9<"$1"
                        flock -n 9
                        if flock -n "$1" true; then echo 'two holders' >&2; exit 3; fi
                        exec 9<&-
                        flock -n "$1" true
                        """, file).succeed();
    }

    private static String contend(Path file, String how, long position, long length) throws Exception {
        Process contender = LockContender.start(file, how, position, length);
        String result = LockContender.nextLine(contender);
        assertThat(contender.waitFor(10, TimeUnit.SECONDS)).isTrue();
        return result;
    }
}
