package io.forebay.fs.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CallerWatchTest {
    private static final long ALARM = 1L << 13;
    private static final long KILL = 1L << 8;
    private static final long QUIT = 1L << 2;

    private static boolean dying(long thread, long process, long blocked, long ignored, long caught) {
        return CallerWatch.isDying(List.of(
                "Name:\tcat",
                "SigQ:\t1/127000",
                line("SigPnd", thread),
                line("ShdPnd", process),
                line("SigBlk", blocked),
                line("SigIgn", ignored),
                line("SigCgt", caught)));
    }

    private static String line(String name, long mask) {
        return "%s:\t%016x".formatted(name, mask);
    }

    @Test
    void a_killed_thread_is_dying() {
        assertThat(dying(KILL, 0, 0, 0, 0)).isTrue();
        assertThat(dying(KILL, ALARM, -1, -1, -1)).isTrue();
    }

    @Test
    void a_signal_that_dumps_core_kills_who_does_not_handle_it() {
        assertThat(dying(0, QUIT, 0, 0, 0)).isTrue();
        assertThat(dying(0, QUIT, QUIT, 0, 0)).isFalse();
        assertThat(dying(0, QUIT, 0, QUIT, 0)).isFalse();
        assertThat(dying(QUIT, 0, 0, 0, QUIT)).isFalse();
    }

    @Test
    void other_signals_do_not() {
        assertThat(dying(ALARM, ALARM, 0, 0, ALARM)).isFalse();
        assertThat(dying(0, 0, 0, 0, 0)).isFalse();
    }

    @Test
    void who_cannot_be_seen_lives() {
        CallerWatch watch = new CallerWatch(Path.of("/proc"));
        assertThat(watch.isDying(0)).isFalse();
        assertThat(watch.isDying(Integer.MAX_VALUE)).isFalse();
        assertThat(watch.isDying((int) ProcessHandle.current().pid())).isFalse();
    }
}
