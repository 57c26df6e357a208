package io.forebay.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What the command line of a benchmark means. */
class BenchOptionsTest {
    private static final Suite DOOR = DoorBench.suite();
    private static final Suite READ = ReadBench.suite();

    @Test
    void readsItsOptions() throws Exception {
        BenchOptions options = BenchOptions.parse(DOOR, "--size=512M", "--runs=1", "--only=stat,list");
        assertThat(options.fileBytes()).isEqualTo(512L << 20);
        assertThat(options.rounds()).isEqualTo(1);
        assertThat(options.wants("stat")).isTrue();
        assertThat(options.wants("write")).isFalse();
        for (String wrong : List.of("--size=0M", "--size=4", "--runs=0", "--only=stats", "--what", "-x=1")) {
            assertThatThrownBy(() -> BenchOptions.parse(DOOR, wrong))
                    .as(wrong)
                    .isInstanceOf(BenchOptions.UsageException.class);
        }
    }

    @Test
    void rowsAreThoseOfTheBenchmark() throws Exception {
        assertThat(BenchOptions.parse(READ, "--only=crowd").wants("crowd")).isTrue();
        assertThatThrownBy(() -> BenchOptions.parse(DOOR, "--only=crowd"))
                .isInstanceOf(BenchOptions.UsageException.class);
    }

    @Test
    void whatTakesLongIsMeasuredOnlyWhenNamed() throws Exception {
        assertThat(wanted(BenchOptions.parse(READ))).contains("epoch", "cold").doesNotContain("epoch-many");
        assertThat(wanted(BenchOptions.parse(READ, "--only=epoch-many"))).containsExactly("epoch-many");
    }

    private static List<String> wanted(BenchOptions options) {
        return READ.groups().stream()
                .filter(group -> group.isWantedBy(options))
                .flatMap(group -> group.rows().stream())
                .toList();
    }

    @Test
    void rivalsAreProgramsThatExist() throws Exception {
        BenchOptions options = BenchOptions.parse(READ, "--with=rclone", "--with=blobfuse2:/bin/sh");
        assertThat(options.rivals())
                .containsExactly(new Rival(Rival.Kind.RCLONE, "rclone"), new Rival(Rival.Kind.BLOBFUSE2, "/bin/sh"));
        for (String wrong : List.of("--with=blobfuse2:/nowhere", "--with=other", "--with=")) {
            assertThatThrownBy(() -> BenchOptions.parse(READ, wrong))
                    .as(wrong)
                    .isInstanceOf(BenchOptions.UsageException.class);
        }
        assertThatThrownBy(() -> BenchOptions.parse(DOOR, "--with=rclone"))
                .isInstanceOf(BenchOptions.UsageException.class);
    }

    @Test
    void usageNamesEveryRow() {
        for (Suite suite : List.of(DOOR, READ)) {
            assertThat(BenchOptions.usage(suite)).contains(suite.rows());
        }
        assertThat(BenchOptions.usage(READ)).contains("--with");
        assertThat(BenchOptions.usage(DOOR)).doesNotContain("--with");
    }
}
