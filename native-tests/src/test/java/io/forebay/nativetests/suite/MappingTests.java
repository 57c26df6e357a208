package io.forebay.nativetests.suite;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.nio.channels.FileChannel.MapMode.PRIVATE;
import static java.nio.channels.FileChannel.MapMode.READ_ONLY;
import static java.nio.channels.FileChannel.MapMode.READ_WRITE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Files work as memory: git reads packs so, SQLite its index, RocksDB and Lucene nearly everything. */
interface MappingTests extends OnGround {
    int MAPPED = 5 * (1 << 20) + 3;

    @Test
    default void isReadThroughAMapping(Path here) throws Exception {
        byte[] content = Bytes.random(1, MAPPED);
        Path file = Bytes.file(here.resolve("file"), content);
        ground().remount();
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, READ)) {
            MemorySegment mapping = channel.map(READ_ONLY, 0, MAPPED, arena);
            Expect.same("the last page first", last(mapping), last(MemorySegment.ofArray(content)));
            Expect.same("all", mapping.toArray(JAVA_BYTE), content);
        }
    }

    private static byte[] last(MemorySegment segment) {
        return segment.asSlice(segment.byteSize() - 1_000).toArray(JAVA_BYTE);
    }

    @Test
    default void isWrittenThroughAMapping(Path here) throws Exception {
        byte[] content = Bytes.random(1, MAPPED);
        byte[] patch = Bytes.random(2, 100_000);
        Path file = Bytes.file(here.resolve("file"), content);
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, READ, WRITE)) {
            MemorySegment mapping = channel.map(READ_WRITE, 0, MAPPED, arena);
            MemorySegment.copy(patch, 0, mapping, JAVA_BYTE, 1_000_001, patch.length);
            mapping.force();
            Expect.content(file, Bytes.patched(content, 1_000_001, patch));
        }
        Expect.content(file, Bytes.patched(content, 1_000_001, patch));
        afterRemount(here, () -> {
            Expect.content(file, Bytes.patched(content, 1_000_001, patch));
        });
    }

    @Test
    default void aMappingOutlivesItsHandle(Path here) throws Exception {
        Path file = here.resolve("file");
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment mapping;
            try (FileChannel channel = FileChannel.open(file, READ, WRITE, CREATE)) {
                mapping = channel.map(READ_WRITE, 0, 100_000, arena);
            }
            mapping.fill((byte) 'm');
        }
        Expect.content(file, Bytes.filled('m', 100_000));
        afterRemount(here, () -> {
            Expect.content(file, Bytes.filled('m', 100_000));
        });
    }

    @Test
    default void aMappingAndWritesAgree(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), Bytes.filled('o', 100_000));
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, READ, WRITE)) {
            MemorySegment mapping = channel.map(READ_WRITE, 0, 100_000, arena);
            assertThat(mapping.get(JAVA_BYTE, 50_000)).isEqualTo((byte) 'o');
            channel.write(ByteBuffer.wrap(new byte[] {'w'}), 50_000);
            assertThat(mapping.get(JAVA_BYTE, 50_000)).isEqualTo((byte) 'w');
            mapping.set(JAVA_BYTE, 70_000, (byte) 'm');
            ByteBuffer read = ByteBuffer.allocate(1);
            channel.read(read, 70_000);
            assertThat(read.get(0)).isEqualTo((byte) 'm');
        }
    }

    @Test
    default void aPrivateMappingDoesNotChangeTheFile(Path here) throws Exception {
        Path file = Bytes.file(here.resolve("file"), Bytes.filled('o', 10_000));
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, READ, WRITE)) {
            MemorySegment mapping = channel.map(PRIVATE, 0, 10_000, arena);
            mapping.fill((byte) 'p');
            assertThat(mapping.get(JAVA_BYTE, 5_000)).isEqualTo((byte) 'p');
        }
        Expect.content(file, Bytes.filled('o', 10_000));
    }
}
