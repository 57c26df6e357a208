package io.forebay.testkit.store;

import io.forebay.base.error.ForebayException;
import io.forebay.base.time.Clock;
import io.forebay.base.time.Deadline;
import io.forebay.blob.BlobBody;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobLabels;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.BlobStore;
import io.forebay.blob.Block;
import io.forebay.blob.BlockId;
import io.forebay.blob.ByteRange;
import io.forebay.blob.ByteSink;
import io.forebay.blob.Etag;
import io.forebay.blob.ListEntry;
import io.forebay.blob.ListPage;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A container in memory that keeps the whole {@link BlobStore} contract: etags, preconditions, staged blocks, folded
 * listings.
 *
 * <p>A test can count the requests, and set two hooks: one that runs before a request takes effect (a failure there
 * means that nothing happened) and one that runs after it, before the answer (a failure there is a lost answer).
 * {@link #close} gives nothing back, so a test may close it with one mount and hand it to the next.
 *
 * <p>Blobs are limited to what one array holds. Reads arrive in pieces of an odd size, so that nobody relies on pieces
 * that end where pages do.
 */
public final class MemoryBlobStore implements BlobStore {
    /** A prime near 48 KiB. */
    private static final int PIECE_BYTES = 49_157;

    private static final int MAX_LIST_ENTRIES = 5_000;
    private static final StoreHook NOTHING = (operation, name) -> {};

    private final String displayName;
    private final Clock clock;
    private final EnumMap<StoreOperation, LongAdder> requests = new EnumMap<>(StoreOperation.class);
    private final LongAdder readBytes = new LongAdder();
    private final Object lock = new Object();
    /** In the order of their UTF-8 bytes, as Azure lists names; guarded by {@code lock}, like what follows. */
    private final TreeMap<String, StoredBlob> blobs = new TreeMap<>((left, right) ->
            Arrays.compareUnsigned(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8)));

    private final Map<String, Map<BlockId, byte[]>> staged = new HashMap<>();
    private long versions;
    private volatile StoreHook beforeEffect = NOTHING;
    private volatile StoreHook beforeAnswer = NOTHING;

    public MemoryBlobStore(String displayName, Clock clock) {
        this.displayName = displayName;
        this.clock = clock;
        for (StoreOperation operation : StoreOperation.values()) {
            requests.put(operation, new LongAdder());
        }
    }

    /** Runs {@code hook} before each request takes effect; replaces the hook before. */
    public void beforeEffect(StoreHook hook) {
        beforeEffect = hook;
    }

    /** Runs {@code hook} after each request took effect and before the caller hears of it; replaces the hook before. */
    public void beforeAnswer(StoreHook hook) {
        beforeAnswer = hook;
    }

    /** How often {@code operation} was asked for, failures included. */
    public long requests(StoreOperation operation) {
        LongAdder counter = requests.get(operation);
        return counter == null ? 0 : counter.sum();
    }

    /** How many requests there were of any kind. */
    public long requests() {
        return requests.values().stream().mapToLong(LongAdder::sum).sum();
    }

    /** How many bytes of content were handed to readers. */
    public long readBytes() {
        return readBytes.sum();
    }

    /** The names of all blobs, in order; costs no request. */
    public List<String> names() {
        synchronized (lock) {
            return List.copyOf(blobs.keySet());
        }
    }

    /** Puts labels on a blob as its owner would beside any mount: it stays the version that it is. */
    public void label(String name, BlobLabels labels) {
        synchronized (lock) {
            StoredBlob blob = Objects.requireNonNull(blobs.get(name), name);
            BlobProperties was = blob.properties();
            BlobHeaders headers = was.headers().withLabels(labels);
            BlobProperties now = new BlobProperties(name, was.etag(), was.lengthBytes(), was.lastModified(), headers);
            blobs.put(name, new StoredBlob(now, blob.bytes(), blob.blocks()));
        }
    }

    /** A copy of a blob's bytes; costs no request. */
    public byte[] bytes(String name) {
        synchronized (lock) {
            StoredBlob blob = blobs.get(name);
            if (blob == null) {
                throw new AssertionError("there is no blob " + name + " among " + blobs.keySet());
            }
            return blob.bytes().clone();
        }
    }

    /** How many staged blocks wait for a commit; costs no request. */
    public int stagedBlocks(String name) {
        synchronized (lock) {
            return staged.getOrDefault(name, Map.of()).size();
        }
    }

    @Override
    public String displayName() {
        return displayName;
    }

    @Override
    public void checkAccess(Deadline deadline) throws ForebayException {
        begin(StoreOperation.CHECK_ACCESS, "", deadline);
        beforeAnswer.on(StoreOperation.CHECK_ACCESS, "");
    }

    @Override
    public void requirePossible(String name) throws ForebayException {
        checkName(name);
    }

    @Override
    public BlobProperties head(String name, Deadline deadline) throws ForebayException {
        begin(StoreOperation.HEAD, name, deadline);
        BlobProperties properties = existing(name).properties();
        beforeAnswer.on(StoreOperation.HEAD, name);
        return properties;
    }

    @Override
    public ListPage list(
            String prefix, @Nullable String delimiter, @Nullable String continuation, int maxEntries, Deadline deadline)
            throws ForebayException {
        if (maxEntries < 1 || maxEntries > MAX_LIST_ENTRIES || (delimiter != null && !delimiter.equals("/"))) {
            throw new ForebayException.InvalidArgument("a page has 1 to 5,000 entries and the delimiter is /");
        }
        begin(StoreOperation.LIST, prefix, deadline);
        ListPage page = page(prefix, delimiter, continuation, maxEntries);
        beforeAnswer.on(StoreOperation.LIST, prefix);
        return page;
    }

    private ListPage page(String prefix, @Nullable String delimiter, @Nullable String continuation, int maxEntries) {
        List<ListEntry> entries = new ArrayList<>();
        String last = continuation;
        synchronized (lock) {
            for (Map.Entry<String, StoredBlob> blob : blobs.tailMap(prefix).entrySet()) {
                if (!blob.getKey().startsWith(prefix)) {
                    break;
                }
                ListEntry entry = folded(blob.getValue(), prefix, delimiter);
                if (last != null && blobs.comparator().compare(entry.name(), last) <= 0) {
                    continue;
                }
                if (entries.size() == maxEntries) {
                    return new ListPage(blobsFirst(entries), last);
                }
                entries.add(entry);
                last = entry.name();
            }
        }
        return new ListPage(blobsFirst(entries), null);
    }

    /** As Azure's clients hand out a page. */
    private static List<ListEntry> blobsFirst(List<ListEntry> entries) {
        return entries.stream()
                .sorted(Comparator.comparing(entry -> entry instanceof ListEntry.Prefix))
                .toList();
    }

    private static ListEntry folded(StoredBlob blob, String prefix, @Nullable String delimiter) {
        String name = blob.properties().name();
        int end = delimiter == null ? -1 : name.indexOf(delimiter, prefix.length());
        return end < 0 ? new ListEntry.Blob(blob.properties()) : new ListEntry.Prefix(name.substring(0, end + 1));
    }

    @Override
    public Etag read(String name, ByteRange range, Precondition precondition, ByteSink sink, Deadline deadline)
            throws ForebayException {
        begin(StoreOperation.READ, name, deadline);
        StoredBlob blob = existing(name);
        require(precondition, blob, name);
        requireHas(blob, range);
        sink.begin(blob.properties().etag());
        hand(blob.bytes(), range, sink);
        beforeAnswer.on(StoreOperation.READ, name);
        return blob.properties().etag();
    }

    private static void requireHas(StoredBlob blob, ByteRange range) throws ForebayException {
        if (range.end() > blob.bytes().length) {
            throw new ForebayException.InvalidArgument(range + " reaches behind the end of "
                    + blob.properties().name() + ", which has " + blob.bytes().length + " bytes");
        }
    }

    private void hand(byte[] bytes, ByteRange range, ByteSink sink) throws ForebayException {
        int end = Math.toIntExact(range.end());
        for (int at = Math.toIntExact(range.offset()); at < end; at += PIECE_BYTES) {
            int length = Math.min(PIECE_BYTES, end - at);
            readBytes.add(length);
            try {
                sink.accept(ByteBuffer.wrap(Arrays.copyOfRange(bytes, at, at + length)));
            } catch (IOException refused) {
                throw failed("the sink did not take the bytes", refused);
            }
        }
    }

    @Override
    public BlobProperties put(
            String name, BlobBody body, BlobHeaders headers, Precondition precondition, Deadline deadline)
            throws ForebayException {
        checkName(name);
        begin(StoreOperation.PUT, name, deadline);
        byte[] bytes = drain(body, MAX_SINGLE_BODY_BYTES);
        BlobProperties properties;
        synchronized (lock) {
            require(precondition, blobs.get(name), name);
            properties = replace(name, bytes, List.of(), headers);
        }
        beforeAnswer.on(StoreOperation.PUT, name);
        return properties;
    }

    @Override
    public void stageBlock(String name, BlockId id, BlobBody body, Deadline deadline) throws ForebayException {
        checkName(name);
        begin(StoreOperation.STAGE_BLOCK, name, deadline);
        byte[] bytes = drain(body, MAX_BLOCK_BYTES);
        synchronized (lock) {
            keep(name, id, bytes);
        }
        beforeAnswer.on(StoreOperation.STAGE_BLOCK, name);
    }

    private void keep(String name, BlockId id, byte[] bytes) throws ForebayException {
        Map<BlockId, byte[]> blocks = staged.computeIfAbsent(name, _ -> new HashMap<>());
        for (BlockId other : blocks.keySet()) {
            if (other.base64().length() != id.base64().length()) {
                throw new ForebayException.InvalidArgument("block ids of different lengths for " + name);
            }
        }
        blocks.put(id, bytes);
    }

    @Override
    public void stageBlockFrom(
            String name, BlockId id, String from, ByteRange range, Precondition source, Deadline deadline)
            throws ForebayException {
        checkName(name);
        begin(StoreOperation.STAGE_BLOCK_FROM, name, deadline);
        synchronized (lock) {
            StoredBlob blob = existing(from);
            require(source, blob, from);
            requireHas(blob, range);
            keep(name, id, Arrays.copyOfRange(blob.bytes(), (int) range.offset(), (int) range.end()));
        }
        beforeAnswer.on(StoreOperation.STAGE_BLOCK_FROM, name);
    }

    @Override
    public BlobProperties commitBlocks(
            String name,
            List<BlockId> blocks,
            long lengthBytes,
            BlobHeaders headers,
            Precondition precondition,
            Deadline deadline)
            throws ForebayException {
        checkName(name);
        if (blocks.size() > MAX_BLOCKS) {
            throw new ForebayException.InvalidArgument("a blob has at most " + MAX_BLOCKS + " blocks");
        }
        begin(StoreOperation.COMMIT_BLOCKS, name, deadline);
        BlobProperties properties;
        synchronized (lock) {
            StoredBlob before = blobs.get(name);
            require(precondition, before, name);
            properties = assemble(name, blocks, headers, before);
        }
        beforeAnswer.on(StoreOperation.COMMIT_BLOCKS, name);
        return properties;
    }

    private BlobProperties assemble(String name, List<BlockId> ids, BlobHeaders headers, @Nullable StoredBlob before)
            throws ForebayException {
        Map<BlockId, byte[]> uncommitted = staged.getOrDefault(name, Map.of());
        List<byte[]> contents = new ArrayList<>();
        List<Block> blocks = new ArrayList<>();
        for (BlockId id : ids) {
            byte[] block = uncommitted.get(id);
            if (block == null && before != null) {
                block = before.block(id).orElse(null);
            }
            if (block == null) {
                throw new ForebayException.InvalidArgument("block " + id.base64() + " of " + name + " is not there");
            }
            contents.add(block);
            blocks.add(new Block(id, block.length));
        }
        return replace(name, joined(contents), blocks, headers);
    }

    private static byte[] joined(List<byte[]> parts) {
        byte[] all = new byte[parts.stream().mapToInt(part -> part.length).sum()];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    @Override
    public List<Block> committedBlocks(String name, Deadline deadline) throws ForebayException {
        begin(StoreOperation.COMMITTED_BLOCKS, name, deadline);
        List<Block> blocks = existing(name).blocks();
        beforeAnswer.on(StoreOperation.COMMITTED_BLOCKS, name);
        return blocks;
    }

    @Override
    public BlobProperties copy(
            String from, Precondition source, BlobLabels labels, String to, Precondition target, Deadline deadline)
            throws ForebayException {
        checkName(to);
        begin(StoreOperation.COPY, from, deadline);
        BlobProperties properties;
        synchronized (lock) {
            StoredBlob blob = existing(from);
            require(source, blob, from);
            require(target, blobs.get(to), to);
            properties =
                    replace(to, blob.bytes(), blob.blocks(), blob.properties().headers());
        }
        beforeAnswer.on(StoreOperation.COPY, from);
        return properties;
    }

    @Override
    public void delete(String name, Precondition precondition, Deadline deadline) throws ForebayException {
        begin(StoreOperation.DELETE, name, deadline);
        synchronized (lock) {
            require(precondition, existing(name), name);
            blobs.remove(name);
            staged.remove(name);
        }
        beforeAnswer.on(StoreOperation.DELETE, name);
    }

    @Override
    public BlobProperties setMetadata(String name, Metadata metadata, Precondition precondition, Deadline deadline)
            throws ForebayException {
        begin(StoreOperation.SET_METADATA, name, deadline);
        BlobProperties properties;
        synchronized (lock) {
            StoredBlob blob = existing(name);
            require(precondition, blob, name);
            BlobHeaders headers = blob.properties().headers().withMetadata(metadata);
            properties = versioned(name, blob.bytes().length, headers);
            blobs.put(name, new StoredBlob(properties, blob.bytes(), blob.blocks()));
        }
        beforeAnswer.on(StoreOperation.SET_METADATA, name);
        return properties;
    }

    @Override
    public void close() {}

    private void begin(StoreOperation operation, String name, Deadline deadline) throws ForebayException {
        LongAdder counter = requests.get(operation);
        if (counter != null) {
            counter.increment();
        }
        beforeEffect.on(operation, name);
        if (deadline.passed()) {
            throw new ForebayException.Unavailable(operation + " of '" + name + "' did not end by its deadline");
        }
    }

    private StoredBlob existing(String name) throws ForebayException {
        synchronized (lock) {
            StoredBlob blob = blobs.get(name);
            if (blob == null) {
                throw new ForebayException.NotFound("there is no blob " + name + " in " + displayName);
            }
            return blob;
        }
    }

    private static void require(Precondition precondition, @Nullable StoredBlob blob, String name)
            throws ForebayException {
        boolean holds =
                switch (precondition) {
                    case Precondition.None _ -> true;
                    case Precondition.IfAbsent _ -> blob == null;
                    case Precondition.IfMatch(Etag etag) ->
                        blob != null && blob.properties().etag().equals(etag);
                };
        if (!holds) {
            throw new ForebayException.Changed(name + " is not what " + precondition + " says");
        }
    }

    private BlobProperties replace(String name, byte[] bytes, List<Block> blocks, BlobHeaders headers) {
        BlobProperties properties = versioned(name, bytes.length, headers);
        blobs.put(name, new StoredBlob(properties, bytes, blocks));
        staged.remove(name);
        return properties;
    }

    private BlobProperties versioned(String name, long lengthBytes, BlobHeaders headers) {
        versions++;
        Etag etag = new Etag("0x" + Long.toHexString(versions));
        return new BlobProperties(name, etag, lengthBytes, clock.now().truncatedTo(ChronoUnit.SECONDS), headers);
    }

    private static byte[] drain(BlobBody body, long limitBytes) throws ForebayException {
        if (body.lengthBytes() > limitBytes) {
            throw new ForebayException.InvalidArgument("a body of " + body.lengthBytes() + " bytes is too long");
        }
        try (InputStream stream = body.open()) {
            byte[] bytes = stream.readAllBytes();
            if (bytes.length != body.lengthBytes()) {
                throw new ForebayException.Corrupt(
                        "a body of " + body.lengthBytes() + " bytes turned out to have " + bytes.length);
            }
            return bytes;
        } catch (IOException unreadable) {
            throw failed("the body cannot be read", unreadable);
        }
    }

    private static ForebayException failed(String what, IOException failure) {
        return failure instanceof ForebayException known ? known : new ForebayException.Unexpected(what, failure);
    }

    private static void checkName(String name) throws ForebayException {
        if (name.isEmpty() || name.length() > 1_024 || name.startsWith("/")) {
            throw new ForebayException.InvalidArgument("'" + name + "' is not a blob name");
        }
    }
}
