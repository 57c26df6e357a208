package io.forebay.blob.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlockId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The blocks that wait for a commit. Each blob has a folder named by the hash of its name, each block a file in it named
 * by its id. All methods are called under the container's lock, except where they say otherwise.
 */
final class Staging {
    /** Azure's limit of an id before it is written in base64. */
    private static final int MAX_ID_BYTES = 64;

    private final ContainerFolders folders;

    Staging(ContainerFolders folders) {
        this.folders = folders;
    }

    /**
     * The blocks of one blob as they were at some moment.
     *
     * @param files the names of the files
     * @param generation changes with every block that is staged; empty if there is none
     */
    record Staged(Path folder, Set<String> files, Optional<UUID> generation) {
        boolean holds(BlockId id) {
            return files.contains(fileName(id));
        }

        Path fileOf(BlockId id) {
            return folder.resolve(fileName(id));
        }
    }

    /**
     * Succeeds if {@code id} can be the id of a block; may be called without the lock.
     *
     * @throws ForebayException.InvalidArgument if it is not base64 of 1 to 64 bytes
     */
    static void requireValid(BlockId id) throws ForebayException {
        try {
            byte[] raw = Base64.getDecoder().decode(id.base64());
            boolean canonical = Base64.getEncoder().encodeToString(raw).equals(id.base64());
            if (canonical && raw.length >= 1 && raw.length <= MAX_ID_BYTES) {
                return;
            }
        } catch (IllegalArgumentException notBase64) {
            throw new ForebayException.InvalidArgument("'" + id.base64() + "' is not the id of a block", notBase64);
        }
        throw new ForebayException.InvalidArgument(
                "the id of a block is base64 of 1 to " + MAX_ID_BYTES + " bytes, not '" + id.base64() + "'");
    }

    private static String fileName(BlockId id) {
        return HexFormat.of().formatHex(Base64.getDecoder().decode(id.base64()));
    }

    private Path folderOf(BlobName name) {
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256").digest(name.text().getBytes(UTF_8));
            return folders.staging().resolve(HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** Keeps the synced file {@code finished} as the block, in place of one of the same id. */
    void keep(BlobName name, BlockId id, Path finished, Aftermath after) throws IOException {
        Path folder = folderOf(name);
        Path file = folder.resolve(fileName(id));
        if (FileState.of(folder).isEmpty()) {
            Files.createDirectory(folder);
            after.touched(folder);
        } else {
            requireSameLength(folder, file);
        }
        Files.move(finished, file, StandardCopyOption.ATOMIC_MOVE);
        after.touched(file);
        Records.tag(folder, UUID.randomUUID());
    }

    private static void requireSameLength(Path folder, Path file) throws IOException {
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path other : files) {
                if (fileNameOf(other).length() != fileNameOf(file).length()) {
                    throw new ForebayException.InvalidArgument(
                            "the ids of all blocks of a blob have the same length, and that of a new one differs");
                }
                return; // Each was compared when it came, so that one stands for all.
            }
        }
    }

    private static String fileNameOf(Path path) {
        return String.valueOf(path.getFileName());
    }

    Staged staged(BlobName name) throws IOException {
        Path folder = folderOf(name);
        Set<String> files = new HashSet<>();
        for (Path file : Disk.entriesOf(folder)) {
            files.add(fileNameOf(file));
        }
        return new Staged(folder, files, Records.tagOf(folder));
    }

    /** Whether nothing was staged or dropped since {@code earlier}. */
    boolean isStill(Staged earlier) throws IOException {
        return Records.tagOf(earlier.folder()).equals(earlier.generation());
    }

    /** Drops all blocks of a blob at once, by one rename. */
    void drop(BlobName name, Aftermath after) throws IOException {
        Path folder = folderOf(name);
        if (FileState.of(folder).isPresent()) {
            Path dropped = folders.incoming().resolve(UUID.randomUUID().toString());
            Files.move(folder, dropped, StandardCopyOption.ATOMIC_MOVE);
            after.touched(folder);
            after.garbage(dropped);
        }
    }
}
