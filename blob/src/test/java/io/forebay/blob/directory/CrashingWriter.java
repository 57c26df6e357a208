package io.forebay.blob.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.forebay.base.time.Clock;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.BlockId;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The main class of a process that is killed. Several threads change blobs without end, each its own ones. Before a
 * change it prints {@code begin NAME CONTENT LABEL}, what the blob will be, and {@code done NAME} when the store has
 * acknowledged it; each line is one write, so that a kill cannot tear it.
 */
final class CrashingWriter {
    /** One list for each thread. They nest, so that blobs are moved aside and folders come and go. */
    static final List<List<String>> NAMES = List.of(
            List.of("a", "a/b", "a/b/c", "plain"),
            List.of("x/1", "x/2", "x//3", "x/"),
            List.of("a/b/d", "a/b/c/e", "deep/er/and/deeper", "deep/er"));

    /** What stands for a blob that is not there. */
    static final String ABSENT = "-";

    private final BlobStore store;
    private final FileOutputStream out;
    private final List<String> names;
    private final Random random;
    private final Map<String, String> states = new HashMap<>();
    private long next;

    private CrashingWriter(BlobStore store, FileOutputStream out, int thread, long seed) {
        this.store = store;
        this.out = out;
        this.names = NAMES.get(thread);
        this.random = new Random(seed * 31 + thread);
        this.next = seed * 1_000_000 + thread * 100_000L;
    }

    /** Arguments: the account's folder, a seed that no earlier run had, then {@code NAME STATE} pairs of what is there. */
    public static void main(String[] arguments) throws Exception {
        BlobStore store = DirectoryBlobStore.open(Path.of(arguments[0]), DirectoryAccount.CONTAINER, Clock.system());
        FileOutputStream out = new FileOutputStream(FileDescriptor.out);
        long seed = Long.parseLong(arguments[1]);
        for (int thread = 0; thread < NAMES.size(); thread++) {
            CrashingWriter writer = new CrashingWriter(store, out, thread, seed);
            for (int pair = 2; pair < arguments.length; pair += 2) {
                writer.states.put(arguments[pair], arguments[pair + 1]);
            }
            Thread.ofPlatform().start(writer::writeWithoutEnd);
        }
    }

    private void writeWithoutEnd() {
        try {
            while (true) {
                change(names.get(random.nextInt(names.size())));
            }
        } catch (IOException failure) {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private void change(String name) throws IOException {
        boolean there = !stateOf(name).equals(ABSENT);
        switch (random.nextInt(there ? 6 : 3)) {
            case 0 -> put(name);
            case 1 -> commit(name);
            case 2 -> copy(names.get(random.nextInt(names.size())), name);
            case 3, 4 -> setMetadata(name);
            default -> delete(name);
        }
    }

    private String stateOf(String name) {
        return states.getOrDefault(name, ABSENT);
    }

    private interface Change {
        void make() throws IOException;
    }

    private void make(String name, String state, Change change) throws IOException {
        print("begin " + name + " " + state);
        change.make();
        print("done " + name);
        states.put(name, state);
    }

    private void print(String line) throws IOException {
        out.write((line + "\n").getBytes(UTF_8));
    }

    /** Now and then too large for an attribute. */
    private BlobHeaders labelled(long label) {
        Metadata metadata = random.nextInt(4) == 0 ? DirectoryAccount.largeMetadata() : Metadata.EMPTY;
        return BlobHeaders.of(metadata.with("label", "" + label));
    }

    private void put(String name) throws IOException {
        long number = next++;
        make(
                name,
                number + "/" + number,
                () -> store.put(
                        name,
                        BlobBody.of(SelfDescribingContent.of(number)),
                        labelled(number),
                        Precondition.none(),
                        DirectoryAccount.soon()));
    }

    private void commit(String name) throws IOException {
        long number = next++;
        byte[] content = SelfDescribingContent.of(number);
        int half = content.length / 2;
        List<BlockId> ids = List.of(BlockId.of((int) number, 0), BlockId.of((int) number, 1));
        store.stageBlock(name, ids.get(0), BlobBody.of(Arrays.copyOf(content, half)), DirectoryAccount.soon());
        store.stageBlock(
                name,
                ids.get(1),
                BlobBody.of(Arrays.copyOfRange(content, half, content.length)),
                DirectoryAccount.soon());
        make(
                name,
                number + "/" + number,
                () -> store.commitBlocks(name, ids, 0, labelled(number), Precondition.none(), DirectoryAccount.soon()));
    }

    private void copy(String from, String to) throws IOException {
        if (!stateOf(from).equals(ABSENT)) {
            make(
                    to,
                    stateOf(from),
                    () -> store.copy(
                            from,
                            Precondition.none(),
                            BlobLabels.NONE,
                            to,
                            Precondition.none(),
                            DirectoryAccount.soon()));
        }
    }

    private void setMetadata(String name) throws IOException {
        long label = next++;
        String content = stateOf(name).substring(0, stateOf(name).indexOf('/'));
        make(
                name,
                content + "/" + label,
                () -> store.setMetadata(
                        name, labelled(label).metadata(), Precondition.none(), DirectoryAccount.soon()));
    }

    private void delete(String name) throws IOException {
        BlobProperties there = store.head(name, DirectoryAccount.soon());
        make(name, ABSENT, () -> store.delete(name, Precondition.ifMatch(there.etag()), DirectoryAccount.soon()));
    }
}
