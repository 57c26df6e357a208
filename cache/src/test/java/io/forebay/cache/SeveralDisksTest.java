package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.forebay.base.error.ForebayException;
import io.forebay.base.metric.Metrics;
import io.forebay.base.time.Clock;
import io.forebay.blob.BlobVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache on two folders, one of which goes away. */
class SeveralDisksTest {
    private static final int PAGE = Bytes.PAGE;
    private static final int LENGTH = 20 * PAGE + 5;
    private static final CacheSettings SETTINGS = CacheFixture.SMALL;

    private final DripSource source = new DripSource(10_007);
    private final AtomicReference<byte[]> sent = new AtomicReference<>(new byte[0]);

    @TempDir
    Path work;

    private Path first;
    private Path second;
    private SparseFileCache cache;

    @BeforeEach
    void open() throws ForebayException {
        first = work.resolve("first");
        second = work.resolve("second");
        reopen();
    }

    private void reopen() throws ForebayException {
        cache = new SparseFileCache(
                List.of(first, second), source, SETTINGS, EvictionSettings.DEFAULTS, Clock.system(), new Metrics());
    }

    @AfterEach
    void close() {
        cache.close();
    }

    private BlobVersion read(int number) throws ForebayException {
        BlobVersion version = source.add("f" + number, Bytes.random(LENGTH, number));
        readAgain(version, number);
        return version;
    }

    private void readAgain(BlobVersion version, int number) throws ForebayException {
        try (CachedContent content = cache.open(version)) {
            assertThat(Bytes.all(content)).isEqualTo(Bytes.random(LENGTH, number));
        }
    }

    /** As when a disk is pulled out: nothing has a name there any more, and nothing gets one. */
    private static void pull(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void contentIsSpreadByFreeSpaceAndFoundAgain() throws Exception {
        List<BlobVersion> versions = new ArrayList<>();
        for (int number = 0; number < 10; number++) {
            versions.add(read(number));
        }
        // Both are on the same disk, so that both have as much free space.
        assertThat(CacheFixture.contents(first)).hasSize(5);
        assertThat(CacheFixture.contents(second)).hasSize(5);
        cache.close();

        reopen();
        for (int number = 0; number < 10; number++) {
            readAgain(versions.get(number), number);
        }
        assertThat(source.fetchedBytes()).isEqualTo(10L * LENGTH);
    }

    @Test
    void aFolderIsNotTakenTwiceAndTheOthersAreGivenBack() throws Exception {
        cache.close();
        assertThatThrownBy(() -> new SparseFileCache(
                        List.of(first, first),
                        source,
                        SETTINGS,
                        EvictionSettings.DEFAULTS,
                        Clock.system(),
                        new Metrics()))
                .isInstanceOf(ForebayException.InvalidArgument.class);
        reopen();
    }

    @Test
    void whatRestedOnADiskThatIsGoneIsFetchedAgainOntoAnother() throws Exception {
        List<BlobVersion> versions = new ArrayList<>();
        for (int number = 0; number < 6; number++) {
            versions.add(read(number));
        }
        pull(first);
        for (int round = 0; round < 2; round++) {
            for (int number = 0; number < 6; number++) {
                readAgain(versions.get(number), number);
            }
        }
        assertThat(cache.failedDisks()).isEqualTo(1);
        assertThat(cache.resting()).isEqualTo(6);
        assertThat(source.fetchedBytes()).isEqualTo((6L + 3L) * LENGTH);
    }

    @Test
    void withTheLastDiskGoneReadsFailWithASentence() throws Exception {
        BlobVersion version = read(1);
        CacheFixture.until("it rests", () -> cache.inventory().figures().resting() == 1);
        pull(first);
        pull(second);
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThatThrownBy(() -> readAgain(version, 1))
                    .isInstanceOf(ForebayException.Unavailable.class)
                    .hasMessageContaining("failed");
        }
        assertThatThrownBy(() -> cache.create())
                .isInstanceOf(ForebayException.Unavailable.class)
                .hasMessageStartingWith("the disks of all cache paths have failed: [" + first + ", " + second + "]");
        assertThat(cache.freeBytes()).isZero();
    }

    /** Real file systems, one of which fails every call from now on. Needs the right to mount. */
    @Test
    void whatIsOpenOnADiskThatFailsGoesOnOnAnotherAndChangesReportTheirLoss() throws Exception {
        onRealDisks(() -> {
            byte[] bytes = Bytes.random(LENGTH, 1);
            BlobVersion version = source.add("a", bytes);
            try (CachedContent clean = cache.open(version); // on the first disk
                    CachedContent dirty = createOn(first);
                    CachedContent safe = createOn(second)) {
                Bytes.read(clean, 0, 1);
                Bytes.write(dirty, 0, new byte[] {1, 2, 3});
                Bytes.write(safe, 0, new byte[] {1});
                shutDown(first);

                assertThat(Bytes.all(clean)).isEqualTo(bytes);
                assertThat(cache.failedDisks()).isEqualTo(1);
                assertThat(clean.lend(CachedContent.Loan.READ))
                        .hasValueSatisfying(file -> assertThat(file).startsWith(second));
                assertThatThrownBy(() -> dirty.commit(upload(), Bytes.soon()))
                        .isInstanceOf(ForebayException.Unavailable.class)
                        .hasMessageContaining("the disk of the cache path " + first + " has failed: ");
                assertThatThrownBy(() -> Bytes.write(dirty, 0, new byte[] {4}))
                        .isInstanceOf(ForebayException.Unavailable.class);
                safe.commit(upload(), Bytes.soon());
                assertThat(sent.get()).containsExactly(1);
            }
            assertThat(cache.inUse()).isZero();
            readAgain(version, 1);
            for (int number = 2; number < 6; number++) {
                read(number);
            }
            return null;
        });
    }

    @Test
    void aCopyGoesOnWithoutTheSiblingWhoseDiskFailed() throws Exception {
        onRealDisks(() -> {
            byte[] bytes = Bytes.random(LENGTH, 1);
            BlobVersion version = source.add("a", bytes);
            try (CachedContent sibling = cache.open(version); // on the first disk, and its copy on the second
                    CachedContent changed = cache.open(version)) {
                Bytes.all(sibling);
                Bytes.write(changed, 0, new byte[] {9});
                assertThat(CacheFixture.contents(second)).hasSize(1);
                shutDown(first);

                byte[] expected = bytes.clone();
                expected[0] = 9;
                assertThat(Bytes.all(changed)).isEqualTo(expected);
            }
            return null;
        });
    }

    private void onRealDisks(Callable<?> test) throws Exception {
        cache.close();
        try {
            mountImage(first);
            mountImage(second);
            reopen();
            test.call();
        } finally {
            cache.close();
            run("umount", "-l", first.toString());
            run("umount", "-l", second.toString());
        }
    }

    private void mountImage(Path folder) throws Exception {
        Path image = work.resolve(folder.getFileName() + ".image");
        Files.createDirectories(folder);
        run("truncate", "-s", "64M", image.toString());
        assumeTrue(run("mkfs.ext4", "-q", "-F", image.toString()) == 0, "there is no mkfs.ext4");
        assumeTrue(run("mount", "-o", "loop", image.toString(), folder.toString()) == 0, "this user may not mount");
    }

    /** EXT4_IOC_SHUTDOWN, without writing anything more: every call on that file system is EIO from now on. */
    private static void shutDown(Path folder) throws Exception {
        String ioctl = "import fcntl, os, struct, sys;"
                + "fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack('I', 2))";
        assumeTrue(run("python3", "-c", ioctl, folder.toString()) == 0, "there is no way to fail a disk here");
    }

    private CachedContent createOn(Path folder) throws ForebayException {
        for (int attempt = 0; attempt < 10; attempt++) {
            int before = CacheFixture.contents(folder).size();
            CachedContent content = cache.create();
            if (CacheFixture.contents(folder).size() > before) {
                return content;
            }
            content.close();
        }
        throw new AssertionError("of ten files none came to " + folder);
    }

    private CachedContent.Upload upload() {
        return image -> {
            byte[] bytes = CacheFixture.bytesOf(image.body(0, image.sizeBytes()));
            sent.set(bytes);
            return source.add("up", bytes);
        };
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(List.of(command) + " hangs");
        }
        return process.exitValue();
    }
}
