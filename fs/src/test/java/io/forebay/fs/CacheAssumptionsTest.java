package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.Precondition;
import io.forebay.cache.CacheSettings;
import io.forebay.cache.CachedContent;
import io.forebay.cache.SparseFileCache;
import io.forebay.cache.StoreBlockSource;
import io.forebay.testkit.store.MemoryBlobStore;
import io.forebay.testkit.time.ManualClock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tree takes for granted of the content that it is given. */
final class CacheAssumptionsTest {
    private static final String OLD = "0123456789".repeat(100_000);

    private final ManualClock clock = ManualClock.ticking();
    private final MemoryBlobStore store = new MemoryBlobStore("memory://cache", clock);

    @TempDir
    Path directory;

    private SparseFileCache cache;

    @BeforeEach
    void open() throws Exception {
        cache = new SparseFileCache(
                directory.resolve("cache"), new StoreBlockSource(store), CacheSettings.DEFAULTS, clock);
    }

    @AfterEach
    void close() {
        cache.close();
    }

    private Deadline deadline() {
        return Deadline.after(Duration.ofMinutes(1), clock);
    }

    private BlobVersion put(String name) throws Exception {
        BlobProperties blob = store.put(
                name,
                BlobBody.of(OLD.getBytes(StandardCharsets.UTF_8)),
                BlobHeaders.NONE,
                Precondition.none(),
                deadline());
        return versionOf(blob);
    }

    private BlobVersion versionOf(BlobProperties blob) {
        return new BlobVersion(store.displayName(), blob.name(), blob.etag(), blob.lengthBytes());
    }

    private void write(CachedContent content, long offset, String text) throws Exception {
        content.write(offset, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), deadline());
    }

    private String read(CachedContent content, long offset, int length) throws Exception {
        ByteBuffer target = ByteBuffer.allocate(length);
        content.read(offset, target, deadline());
        return StandardCharsets.UTF_8.decode(target.flip()).toString();
    }

    @Test
    void content_that_was_never_committed_is_dirty_from_the_start() throws Exception {
        try (CachedContent content = cache.create()) {
            assertThat(content.isDirty()).isTrue();
            assertThat(content.version()).isEmpty();
            BlobVersion version = put("f");

            content.resize(version.lengthBytes(), deadline());
            content.commit(image -> version, deadline());

            assertThat(content.isDirty()).isFalse();
            assertThat(content.version()).contains(version);
        }
    }

    @Test
    void changed_content_still_says_which_version_it_comes_from() throws Exception {
        BlobVersion version = put("f");
        try (CachedContent first = cache.open(version);
                CachedContent second = cache.open(version)) {
            write(first, 0, "X");

            assertThat(first.isDirty()).isTrue();
            assertThat(first.version()).contains(version);
            assertThat(second.isDirty()).isFalse();
            assertThat(read(second, 0, 1)).isEqualTo("0");
        }
    }

    @Test
    void content_that_is_not_changed_in_effect_stays_clean() throws Exception {
        try (CachedContent content = cache.open(put("f"))) {
            content.resize(OLD.length(), deadline());

            assertThat(content.isDirty()).isFalse();
        }
    }

    @Test
    void changed_content_takes_its_missing_pages_from_where_the_blob_is_now() throws Exception {
        try (CachedContent content = cache.open(put("f"))) {
            write(content, 0, "X");
            BlobProperties copy =
                    store.copy("f", Precondition.none(), BlobLabels.NONE, "g", Precondition.none(), deadline());
            store.delete("f", Precondition.none(), deadline());

            content.rebase(versionOf(copy));

            assertThat(content.isDirty()).as("still").isTrue();
            assertThat(content.version()).contains(versionOf(copy));
            assertThat(read(content, OLD.length() - 10, 10)).isEqualTo("0123456789");
            assertThat(read(content, 0, 3)).isEqualTo("X12");
        }
    }

    @Test
    void clean_content_is_found_under_the_version_that_it_was_moved_to() throws Exception {
        BlobVersion version = put("f");
        try (CachedContent content = cache.open(version)) {
            content.fill(deadline());
            BlobProperties copy =
                    store.copy("f", Precondition.none(), BlobLabels.NONE, "g", Precondition.none(), deadline());
            long before = store.readBytes();

            content.rebase(versionOf(copy));

            try (CachedContent again = cache.open(versionOf(copy))) {
                assertThat(read(again, 0, 10)).isEqualTo("0123456789");
            }
            assertThat(store.readBytes()).isEqualTo(before);
        }
    }

    @Test
    void filled_content_outlives_its_blob() throws Exception {
        try (CachedContent content = cache.open(put("f"))) {
            content.fill(deadline());
            store.delete("f", Precondition.none(), deadline());

            assertThat(read(content, OLD.length() - 10, 10)).isEqualTo("0123456789");
        }
    }
}
