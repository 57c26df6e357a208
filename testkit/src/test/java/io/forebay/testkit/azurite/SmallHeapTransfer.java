package io.forebay.testkit.azurite;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Precondition;
import io.forebay.blob.azure.AzureBlobStore;
import io.forebay.blob.azure.AzureCredential;
import io.forebay.blob.azure.AzureStoreSettings;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * A program that stages, commits, puts and reads blobs that are together far larger than its heap, and prints how long
 * that took. Its arguments: endpoint, container, number of blobs at a time, MiB of each.
 */
final class SmallHeapTransfer {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private final BlobStore store;
    private final int lanes;
    private final long lengthBytes;

    private SmallHeapTransfer(BlobStore store, int lanes, long lengthBytes) {
        this.store = store;
        this.lanes = lanes;
        this.lengthBytes = lengthBytes;
    }

    private interface Lane {
        void run(int number) throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        long beganNanos = System.nanoTime();
        AzureStoreSettings settings = AzureStoreSettings.of(
                URI.create(arguments[0]),
                Azurite.ACCOUNT,
                arguments[1],
                new AzureCredential.SharedKey(Azurite.ACCOUNT, Azurite.KEY));
        try (BlobStore store = new AzureBlobStore(settings)) {
            report("construct", beganNanos);
            int sdkClasses = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
            store.checkAccess(deadline());
            report("first-request", beganNanos);
            System.out.printf(
                    "first-request-classes=%d%n",
                    ManagementFactory.getClassLoadingMXBean().getLoadedClassCount() - sdkClasses);
            System.out.printf("resident-after-first-request=%s%n", residentKibibytes());
            new SmallHeapTransfer(store, Integer.parseInt(arguments[2]), Long.parseLong(arguments[3]) << 20).run();
        }
        System.out.printf("resident-at-end=%s%n", residentKibibytes());
    }

    private void run() throws Exception {
        inLanes("put", lane -> store.put(name(lane), body(lane), BlobHeaders.NONE, Precondition.none(), deadline()));
        inLanes("stage", lane -> {
            store.stageBlock("staged" + lane, BlockId.of(1, 0), body(lane), deadline());
            store.commitBlocks(
                    "staged" + lane,
                    List.of(BlockId.of(1, 0)),
                    body(lane).lengthBytes(),
                    BlobHeaders.NONE,
                    Precondition.none(),
                    deadline());
        });
        inLanes("read", lane -> check(name(lane), lane));
        inLanes("read-staged", lane -> check("staged" + lane, lane));
    }

    private void check(String name, int lane) throws Exception {
        BlobProperties there = store.head(name, deadline());
        CRC32C sum = new CRC32C();
        store.read(
                name,
                new ByteRange(0, there.lengthBytes()),
                Precondition.ifMatch(there.etag()),
                sum::update,
                deadline());
        if (sum.getValue() != expected(lane)) {
            throw new ForebayException.Corrupt("the bytes of " + name + " are not those that were sent");
        }
    }

    private long expected(int lane) throws Exception {
        CRC32C sum = new CRC32C();
        byte[] piece = new byte[1 << 16];
        try (InputStream in = body(lane).open()) {
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                sum.update(piece, 0, read);
            }
        }
        return sum.getValue();
    }

    private void inLanes(String what, Lane lane) throws Exception {
        long beganNanos = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int number = 0; number < lanes; number++) {
                int own = number;
                running.add(threads.submit(() -> {
                    lane.run(own);
                    return true;
                }));
            }
            for (Future<?> each : running) {
                each.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            }
        }
        double seconds = (System.nanoTime() - beganNanos) / 1e9;
        System.out.printf(Locale.ROOT, "%s-MiB-per-second=%.0f%n", what, lanes * (lengthBytes >> 20) / seconds);
    }

    private static String name(int lane) {
        return "put" + lane;
    }

    private BlobBody body(int lane) {
        return new PatternBody(lengthBytes, lane);
    }

    private static Deadline deadline() {
        return Deadline.after(LIMIT, Clock.system());
    }

    private static void report(String what, long beganNanos) {
        System.out.printf("%s-ms=%d%n", what, (System.nanoTime() - beganNanos) / 1_000_000);
    }

    private static String residentKibibytes() throws Exception {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .findFirst()
                .orElse("unknown");
    }
}
