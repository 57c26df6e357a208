package io.forebay.blob.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.ListEntry;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An account with one container on a temporary folder, and the words that the tests of it share. */
final class DirectoryAccount implements AutoCloseable {
    static final String CONTAINER = "train";
    static final Precondition ANY = Precondition.none();

    private final Path account;
    private final BlobStore store;

    private DirectoryAccount(Path account, BlobStore store) {
        this.account = account;
        this.store = store;
    }

    static DirectoryAccount make(Path account) throws IOException {
        Files.createDirectories(account.resolve(CONTAINER));
        return open(account, Clock.system());
    }

    static DirectoryAccount open(Path account, Clock clock) throws ForebayException {
        return new DirectoryAccount(account, DirectoryBlobStore.open(account, CONTAINER, clock));
    }

    BlobStore store() {
        return store;
    }

    static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30), Clock.system());
    }

    /** A file of the container. */
    Path file(String path) {
        return account.resolve(CONTAINER).resolve(path);
    }

    /** A file of the store's own. */
    Path state(String path) {
        return account.resolve(ContainerFolders.STATE).resolve(CONTAINER).resolve(path);
    }

    Path writtenByHand(String path, String content) throws IOException {
        Path file = file(path);
        Files.createDirectories(file.resolveSibling("."));
        return Files.writeString(file, content);
    }

    BlobProperties put(String name, String content) throws ForebayException {
        return put(name, content, BlobHeaders.NONE);
    }

    BlobProperties put(String name, String content, BlobHeaders headers) throws ForebayException {
        return store.put(name, body(content), headers, ANY, soon());
    }

    static BlobBody body(String content) {
        return BlobBody.of(content.getBytes(UTF_8));
    }

    static BlockId block(int index) {
        return BlockId.of(1, index);
    }

    void stage(String name, int index, String content) throws ForebayException {
        store.stageBlock(name, block(index), body(content), soon());
    }

    BlobProperties commit(String name, int... indexes) throws ForebayException {
        List<BlockId> ids =
                Arrays.stream(indexes).mapToObj(DirectoryAccount::block).toList();
        return store.commitBlocks(name, ids, 0, BlobHeaders.NONE, ANY, soon());
    }

    BlobProperties head(String name) throws ForebayException {
        return store.head(name, soon());
    }

    void delete(String name) throws ForebayException {
        store.delete(name, ANY, soon());
    }

    String contentOf(String name) throws ForebayException {
        BlobProperties now = head(name);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        if (now.lengthBytes() > 0) {
            store.read(
                    name,
                    new ByteRange(0, now.lengthBytes()),
                    Precondition.ifMatch(now.etag()),
                    bytes -> {
                        byte[] piece = new byte[bytes.remaining()];
                        bytes.get(piece);
                        content.writeBytes(piece);
                    },
                    soon());
        }
        return content.toString(UTF_8);
    }

    /** The names of blobs, and of prefixes if there is a delimiter. */
    List<String> names(String prefix, @Nullable String delimiter) throws ForebayException {
        return store.list(prefix, delimiter, null, 5_000, soon()).entries().stream()
                .map(ListEntry::name)
                .toList();
    }

    /** Metadata that no extended attribute could hold. */
    static Metadata largeMetadata() {
        Metadata large = Metadata.EMPTY;
        for (int pair = 0; pair < 70; pair++) {
            large = large.with("name" + pair, "v".repeat(100));
        }
        return large;
    }

    /** What a folder of the store's own holds. */
    List<Path> stateEntries(String folder) throws IOException {
        try (Stream<Path> entries = Files.list(state(folder))) {
            return entries.toList();
        }
    }

    @Override
    public void close() {
        store.close();
    }
}
