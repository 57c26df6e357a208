package io.forebay.nativetests.ground;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The embedded store: a folder is an account, its sub-folders are containers, a file is a blob. */
public final class DirectoryStore implements Store {
    private static final String CONTAINER = "native-tests";
    private static final String ASIDE_LEAF = "=";

    private final Path account;
    private final Path container;

    /** @param account an empty folder on a disk, that the caller removes */
    public DirectoryStore(Path account) throws IOException {
        this.account = account;
        this.container = Files.createDirectories(account.resolve(CONTAINER));
    }

    public Path account() {
        return account;
    }

    @Override
    public String name() {
        return "directory";
    }

    @Override
    public String container() {
        return CONTAINER;
    }

    @Override
    public List<String> options() {
        return List.of("--store", "directory:" + account);
    }

    @Override
    public Map<String, String> environment() {
        return Map.of();
    }

    @Override
    public Map<Capability, String> limits() {
        return Map.of();
    }

    @Override
    public Set<String> blobNames() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> files = Files.walk(container)) {
            files.filter(Files::isRegularFile)
                    .map(file -> container.relativize(file).toString())
                    .forEach(names::add);
        }
        try (Stream<Path> files = Files.walk(aside())) {
            files.filter(file -> file.endsWith(ASIDE_LEAF))
                    .map(file -> aside().relativize(file.getParent()).toString())
                    .forEach(names::add);
        }
        return names;
    }

    @Override
    public byte[] blobBytes(String name) throws IOException {
        return Files.readAllBytes(fileOf(name));
    }

    @Override
    public Map<String, String> blobMetadata(String name) throws IOException {
        return DirectoryRecord.metadataOf(fileOf(name));
    }

    /** A blob that is also a folder of others, as every directory's marker is, lies aside. */
    private Path fileOf(String name) {
        Path file = container.resolve(name);
        return Files.isDirectory(file) ? aside().resolve(name).resolve(ASIDE_LEAF) : file;
    }

    private Path aside() {
        return account.resolve(".forebay").resolve(CONTAINER).resolve("aside");
    }

    @Override
    public void putBlob(String name, byte[] bytes) throws IOException {
        Path file = container.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    @Override
    public void close() {}
}
