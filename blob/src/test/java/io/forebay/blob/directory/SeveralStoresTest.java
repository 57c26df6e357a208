package io.forebay.blob.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobStore;
import io.forebay.blob.Precondition;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Threads, stores and processes that change one container at the same time. */
class SeveralStoresTest {
    @TempDir
    private Path folder;

    private DirectoryAccount account;

    @BeforeEach
    void make() throws IOException {
        account = DirectoryAccount.make(folder);
    }

    @AfterEach
    void close() {
        account.close();
    }

    @Test
    void storesOfOneProcessLoseNoCount() throws Exception {
        account.put(CountingWriter.BLOB, "start");
        List<Future<?>> runs = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int thread = 0; thread < 6; thread++) {
                runs.add(threads.submit(() -> {
                    // Each thread has its own store and closes it while the others go on.
                    try (BlobStore own = DirectoryBlobStore.open(folder, DirectoryAccount.CONTAINER, Clock.system())) {
                        CountingWriter.count(own, 15);
                    }
                    return null;
                }));
            }
            awaitAll(runs);
        }
        assertThat(account.head(CountingWriter.BLOB).metadata().get(CountingWriter.COUNT))
                .contains("90");
    }

    private static void awaitAll(List<Future<?>> runs) throws Exception {
        for (Future<?> run : runs) {
            run.get(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void processesLoseNoCount() throws Exception {
        account.put(CountingWriter.BLOB, "start");
        try (ChildJvm one = ChildJvm.start(CountingWriter.class, folder.toString(), "60");
                ChildJvm two = ChildJvm.start(CountingWriter.class, folder.toString(), "60")) {
            CountingWriter.count(account.store(), 60);
            assertThat(one.exitCode()).isZero();
            assertThat(two.exitCode()).isZero();
        }
        assertThat(account.head(CountingWriter.BLOB).metadata().get(CountingWriter.COUNT))
                .contains("180");
    }

    @Test
    void aChangeThatCannotGetTheLockEndsByItsDeadlineAndChangesNothing() throws Exception {
        account.put("f", "before");
        try (FileChannel channel = FileChannel.open(account.state("lock"), StandardOpenOption.WRITE)) {
            FileLock elsewhere = channel.lock();
            Deadline brief = Deadline.after(Duration.ofMillis(200), Clock.system());
            assertThatThrownBy(() -> account.store()
                            .put("f", DirectoryAccount.body("after"), BlobHeaders.NONE, Precondition.none(), brief))
                    .isInstanceOf(ForebayException.Unavailable.class);
            assertThat(account.contentOf("f")).isEqualTo("before");
            elsewhere.release();
        }
        account.put("f", "after");
        assertThat(account.contentOf("f")).isEqualTo("after");
        assertThat(account.stateEntries("incoming")).isEmpty();
    }

    @Test
    void anInterruptedCallEndsAndTheStoreGoesOn() throws Exception {
        account.put("f", "before");
        try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
            Future<?> run = threads.submit(() -> {
                Thread.currentThread().interrupt();
                account.delete("f");
                return null;
            });
            assertThatThrownBy(() -> run.get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(ForebayException.Interrupted.class);
        }
        assertThat(account.contentOf("f")).isEqualTo("before");
        account.delete("f");
    }

    @Test
    void aClosedStoreChangesNothingMore() throws Exception {
        account.put("f", "before");
        account.close();
        assertThatThrownBy(() -> account.put("f", "after")).isInstanceOf(ForebayException.Unavailable.class);
        assertThat(account.file("f")).hasContent("before");
    }
}
