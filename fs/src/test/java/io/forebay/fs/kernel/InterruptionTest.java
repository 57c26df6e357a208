package io.forebay.fs.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signals that reach programs while they wait for the store. Python lists where it starts, so it starts elsewhere. */
final class InterruptionTest {
    private static final long SIGALRM_BIT = 1L << (14 - 1);

    @TempDir
    Path scratch;

    private final CountDownLatch storeAnswers = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();
    private MountedTree mounted;

    @BeforeEach
    void mount() throws Exception {
        mounted = MountedTree.mount(scratch);
        mounted.tree.put("file", "content".getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void unmount() throws Exception {
        storeAnswers.countDown();
        mounted.close();
    }

    private void awaitStore() {
        waiting.incrementAndGet();
        try {
            if (!storeAnswers.await(60, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody let the store answer");
            }
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException("a thread that others' file channels depend on was interrupted");
        }
    }

    @Test
    void a_killed_program_is_let_go_although_the_store_does_not_answer() throws Exception {
        mounted.tree.beforeLookup = this::awaitStore;
        for (String signal : new String[] {"KILL", "TERM", "INT", "QUIT"}) {
            Shell.Outcome outcome = Shell.run(mounted.point, "timeout -k 50 -s " + signal + " 0.3 cat file; echo gone");
            assertThat(outcome.output()).as(signal).endsWith("gone").doesNotContain("content");
        }
        assertThat(waiting.get()).as("lookups that the store has not answered").isEqualTo(4);

        storeAnswers.countDown();

        Await.until("lookups that nobody learned of are forgotten", () -> mounted.tree.lookedUpInodes() == 0);
        assertThat(Shell.succeed(mounted.point, "cat file")).isEqualTo("content");
        mounted.assertNothingUnexpected();
    }

    @Test
    void a_program_killed_while_it_reads_is_let_go() throws Exception {
        mounted.tree.beforeRead = this::awaitStore;
        assertThat(Shell.run(mounted.point, "timeout -k 50 -s INT 0.3 cat file; echo gone")
                        .output())
                .endsWith("gone")
                .doesNotContain("content");
        storeAnswers.countDown();
        assertThat(Shell.succeed(mounted.point, "cat file")).isEqualTo("content");
        Await.until("no handle is open", () -> mounted.tree.openHandles() == 0);
        mounted.assertNothingUnexpected();
    }

    @Test
    void a_program_killed_after_a_harmless_signal_is_let_go_as_well() throws Exception {
        mounted.tree.beforeLookup = this::awaitStore;
        assertThat(Shell.run(
                                scratch,
                                "python3 -c 'import signal; signal.signal(signal.SIGALRM, lambda *a: None);"
                                        + " signal.setitimer(signal.ITIMER_REAL, 0.2); open(\"mount/file\")' & victim=$!;"
                                        + " sleep 1; kill -KILL $victim; wait $victim; echo $?")
                        .output())
                .endsWith("137");
    }

    @Test
    void a_signal_that_a_program_handles_fails_nothing() throws Exception {
        mounted.tree.beforeLookup = this::awaitStore;
        Thread.ofVirtual().start(() -> {
            try {
                Await.until("the program waits", () -> waiting.get() > 0);
                Await.until("a signal has reached it", this::alarmIsPending);
            } catch (Exception failure) {
                throw new IllegalStateException(failure);
            } finally {
                storeAnswers.countDown();
            }
        });
        assertThat(Shell.succeed(
                        scratch,
                        "python3 -c 'import os, signal, ctypes; open(\"pid\", \"w\").write(str(os.getpid())); rang = []; signal.signal(signal.SIGALRM, lambda *a: rang.append(1));"
                                + " signal.setitimer(signal.ITIMER_REAL, 0.2, 0.1); signal.siginterrupt(signal.SIGALRM, True);"
                                + " libc = ctypes.CDLL(None, use_errno=True); f = libc.open(b\"mount/file\", 0); e = ctypes.get_errno();"
                                + " signal.setitimer(signal.ITIMER_REAL, 0); print(f > 2, e, len(rang) > 0)'"))
                .isEqualTo("True 0 True");
    }

    /** A program that waits in the kernel handles no signal: one that has come stays pending until the answer. */
    private boolean alarmIsPending() throws IOException {
        Path status = Path.of("/proc", Files.readString(scratch.resolve("pid")), "status");
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("ShdPnd:"))
                .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & SIGALRM_BIT) != 0);
    }
}
