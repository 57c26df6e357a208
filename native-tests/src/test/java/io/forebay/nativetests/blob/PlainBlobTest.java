package io.forebay.nativetests.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.AzuriteStore;
import io.forebay.nativetests.ground.Door;
import io.forebay.nativetests.ground.Evidence;
import io.forebay.nativetests.ground.MountedGround;
import io.forebay.nativetests.ground.Store;
import io.forebay.nativetests.ground.StoreKind;
import io.forebay.nativetests.ground.Stores;
import io.forebay.nativetests.posix.Posix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every file is a blob of that name with those bytes, and nothing else is in the container. */
class PlainBlobTest {
    @RegisterExtension
    final Stores stores = new Stores();

    @TempDir
    private Path work;

    /** What is done on a fresh mount. */
    @FunctionalInterface
    private interface Visit {
        void on(Path root, Store store) throws Exception;
    }

    private void mounted(StoreKind kind, Visit visit) throws Exception {
        Store store = stores.open(kind, work);
        try (MountedGround ground = new MountedGround(work, store, Door.KERNEL)) {
            try {
                visit.on(ground.root(), store);
            } catch (Throwable e) {
                e.addSuppressed(new Evidence(ground.evidence()));
                throw e;
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyFileIsABlobOfItsNameWithItsBytes(StoreKind kind) throws Exception {
        Map<String, byte[]> files = new TreeMap<>();
        for (int size : new int[] {0, 1, 4_096, 100_000, (8 << 20) + 1}) {
            files.put("size-" + size, random(size));
        }
        for (String name :
                List.of("with space", "ümläut 日本 😀", "100%25 #hash ?query +plus&", ".hidden", "a/b/c/deep")) {
            files.put(name, name.getBytes(UTF_8));
        }
        mounted(kind, (root, store) -> {
            Files.createDirectories(root.resolve("a/b/c"));
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Files.write(root.resolve(file.getKey()), file.getValue());
            }
            // A closed file is in the store: nobody had to unmount.
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                assertThat(store.blobBytes(file.getKey()))
                        .as("blob %s", file.getKey())
                        .isEqualTo(file.getValue());
            }
            assertThat(fileNames(store)).isEqualTo(files.keySet());
        });
    }

    private static Set<String> fileNames(Store store) throws Exception {
        Set<String> names = new TreeSet<>();
        for (String name : store.blobNames()) {
            if (!store.blobMetadata(name).containsKey("hdi_isfolder")) {
                names.add(name);
            }
        }
        return names;
    }

    @ParameterizedTest
    @EnumSource
    void changesOfAFileAreChangesOfItsBlob(StoreKind kind) throws Exception {
        mounted(kind, (root, store) -> {
            Path file = root.resolve("file");
            Files.writeString(file, "first");
            assertThat(text(store, "file")).isEqualTo("first");
            Files.writeString(file, "second, and longer");
            assertThat(text(store, "file")).isEqualTo("second, and longer");
            Files.writeString(file, " and more", StandardOpenOption.APPEND);
            assertThat(text(store, "file")).isEqualTo("second, and longer and more");
            Posix.truncate(file, 6);
            assertThat(text(store, "file")).isEqualTo("second");
            Posix.rename(file, root.resolve("renamed"));
            assertThat(text(store, "renamed")).isEqualTo("second");
            assertThat(store.blobNames()).containsExactly("renamed");
            Files.delete(root.resolve("renamed"));
            assertThat(store.blobNames()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void directoriesAreMarkersAsOtherClientsKeepThem(StoreKind kind) throws Exception {
        mounted(kind, (root, store) -> {
            Files.createDirectory(root.resolve("directory"));
            assertThat(store.blobMetadata("directory")).containsEntry("hdi_isfolder", "true");
            assertThat(store.blobBytes("directory")).isEmpty();
            Files.delete(root.resolve("directory"));
            assertThat(store.blobNames()).isEmpty();
        });
    }

    @ParameterizedTest
    @EnumSource
    void symlinksAreBlobsThatHoldTheirTarget(StoreKind kind) throws Exception {
        mounted(kind, (root, store) -> {
            Posix.symlink("some/where else", root.resolve("link"));
            assertThat(text(store, "link")).isEqualTo("some/where else");
            assertThat(store.blobMetadata("link")).containsEntry("is_symlink", "true");
        });
    }

    @ParameterizedTest
    @EnumSource
    void aDirectoryMovesWithEveryBlobUnderIt(StoreKind kind) throws Exception {
        mounted(kind, (root, store) -> {
            Files.createDirectories(root.resolve("from/below"));
            Files.writeString(root.resolve("from/one"), "1");
            Files.writeString(root.resolve("from/below/two"), "2");
            Posix.rename(root.resolve("from"), root.resolve("to"));
            assertThat(text(store, "to/one")).isEqualTo("1");
            assertThat(text(store, "to/below/two")).isEqualTo("2");
            assertThat(store.blobNames()).noneMatch(name -> name.startsWith("from"));
        });
    }

    @ParameterizedTest
    @EnumSource
    void blobsOfOtherClientsAreFiles(StoreKind kind) throws Exception {
        byte[] large = random((8 << 20) + 5);
        Store store = stores.open(kind, work);
        store.putBlob("flat", "flat".getBytes(UTF_8));
        store.putBlob("virtual/directory/file", "no marker".getBytes(UTF_8));
        store.putBlob("large", large);
        try (MountedGround ground = new MountedGround(work, store, Door.KERNEL)) {
            Path root = ground.root();
            assertThat(root.resolve("flat")).hasContent("flat");
            assertThat(root.resolve("virtual")).isDirectory();
            assertThat(root.resolve("virtual/directory/file")).hasContent("no marker");
            assertThat(Files.readAllBytes(root.resolve("large"))).isEqualTo(large);
            Files.writeString(root.resolve("virtual/directory/file"), " and more", StandardOpenOption.APPEND);
            assertThat(text(store, "virtual/directory/file")).isEqualTo("no marker and more");
            Files.writeString(root.resolve("large"), "short");
            assertThat(text(store, "large")).isEqualTo("short");
        }
    }

    /** By no listing and no attribute of a file can one see them; programs beside the mount rely on them. */
    @Test
    void whatOthersHaveSaidOfABlobIsKept() throws Exception {
        Map<String, String> headers = Map.of(
                "cache-control", "max-age=60",
                "content-disposition", "attachment",
                "content-encoding", "identity",
                "content-language", "de",
                "content-type", "text/csv",
                "x-ms-access-tier", "Cool",
                "x-ms-tag-count", "2");
        AzuriteStore store = (AzuriteStore) stores.open(StoreKind.AZURITE, work);
        for (String name : List.of("data", "directory/data")) {
            store.putBlob(
                    name,
                    "a,b".getBytes(UTF_8),
                    Map.of(
                            "x-ms-blob-cache-control", "max-age=60",
                            "x-ms-blob-content-disposition", "attachment",
                            "x-ms-blob-content-encoding", "identity",
                            "x-ms-blob-content-language", "de",
                            "x-ms-blob-content-type", "text/csv",
                            "x-ms-access-tier", "Cool",
                            "x-ms-tags", "project=llama%204&stage=raw"));
        }
        String tags = store.blobTags("data");
        try (MountedGround ground = new MountedGround(work, store, Door.KERNEL)) {
            Path file = ground.root().resolve("data");
            Files.writeString(file, ",c", StandardOpenOption.APPEND);
            assertThat(store.blobHeaders("data")).containsAllEntriesOf(headers);
            Files.write(file, random((8 << 20) + 1));
            Posix.chmod(file, 0600);
            Posix.rename(file, ground.root().resolve("renamed"));
            Posix.rename(ground.root().resolve("directory"), ground.root().resolve("moved"));
        }
        assertThat(store.blobBytes("renamed")).isEqualTo(random((8 << 20) + 1));
        for (String name : List.of("renamed", "moved/data")) {
            assertThat(store.blobHeaders(name)).as(name).containsAllEntriesOf(headers);
            assertThat(store.blobTags(name)).as(name).isEqualTo(tags).contains("llama 4");
        }
    }

    private static String text(Store store, String blob) throws Exception {
        return new String(store.blobBytes(blob), UTF_8);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }
}
