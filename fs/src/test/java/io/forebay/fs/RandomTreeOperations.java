package io.forebay.fs;

import io.forebay.testkit.model.OperationGenerator;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Draws operations over very few names, so that they meet: three names, at most three levels, four open files. Lengths
 * and offsets lie around the 64 KiB pages of the cache.
 */
final class RandomTreeOperations implements OperationGenerator<TreeOperation> {
    static final int SLOTS = 4;
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final List<Long> OFFSETS = List.of(0L, 0L, 1L, 100L, 65_530L, 65_536L, 140_000L);
    private static final List<Integer> LENGTHS = List.of(1, 10, 100, 65_536, 70_000);
    private static final List<Integer> PERMISSIONS = List.of(0600, 0640, 0755, 01777);
    private static final List<OpenMode> MODES = List.of(
            OpenMode.READ,
            OpenMode.READ,
            OpenMode.WRITE,
            OpenMode.READ_WRITE,
            new OpenMode(true, true, false, true),
            new OpenMode(false, true, true, false),
            new OpenMode(true, true, true, false));

    @Override
    public TreeOperation next(RandomGenerator random) {
        return switch (random.nextInt(50)) {
            case 0, 1, 2, 3, 4 -> new TreeOperation.Create(slot(random), path(random), one(MODES, random));
            case 5, 6, 7 -> new TreeOperation.Open(slot(random), path(random), one(MODES, random));
            case 8, 9, 10, 11 ->
                new TreeOperation.Write(
                        slot(random), one(OFFSETS, random), one(LENGTHS, random), (byte) random.nextInt(1, 128));
            case 12, 13 -> new TreeOperation.Read(slot(random), one(OFFSETS, random), one(LENGTHS, random));
            case 14 -> new TreeOperation.Fsync(slot(random));
            case 15, 16, 17, 18 -> new TreeOperation.Close(slot(random));
            case 19, 20 -> new TreeOperation.Unlink(path(random));
            case 21, 22, 23 -> new TreeOperation.Mkdir(path(random), one(PERMISSIONS, random));
            case 24 -> new TreeOperation.Rmdir(path(random));
            case 25, 26, 27, 28, 29 -> new TreeOperation.Rename(path(random), path(random), renameMode(random));
            case 30 -> new TreeOperation.Symlink(path(random), path(random));
            case 31 -> new TreeOperation.Readlink(path(random));
            case 32 -> new TreeOperation.Truncate(path(random), one(OFFSETS, random));
            case 33 -> new TreeOperation.Chmod(path(random), one(PERMISSIONS, random));
            case 34 -> new TreeOperation.Chown(path(random), random.nextInt(5));
            case 35 -> new TreeOperation.Utimens(path(random), random.nextLong(1, 1L << 60));
            case 36, 37 -> new TreeOperation.Stat(path(random));
            case 38, 39 -> new TreeOperation.ListNames(directory(random));
            case 40 -> new TreeOperation.ReadAll(path(random));
            case 41 -> new TreeOperation.CompareAll();
            case 42 -> new TreeOperation.Expire();
            case 43, 44, 45 ->
                new TreeOperation.RemotePut(path(random), one(LENGTHS, random), (byte) random.nextInt(1, 128));
            case 46 -> new TreeOperation.RemoteDelete(path(random));
            case 47, 48 ->
                new TreeOperation.Copy(
                        slot(random), one(OFFSETS, random), slot(random), one(OFFSETS, random), one(LENGTHS, random));
            default -> random.nextInt(3) == 0 ? new TreeOperation.Remount() : new TreeOperation.CompareAll();
        };
    }

    private static int slot(RandomGenerator random) {
        return random.nextInt(SLOTS);
    }

    private static RenameMode renameMode(RandomGenerator random) {
        return random.nextInt(6) == 0 ? RenameMode.NO_REPLACE : RenameMode.REPLACE;
    }

    private static String path(RandomGenerator random) {
        String path = one(NAMES, random);
        for (int level = 1; level < 3 && random.nextInt(5) < 2; level++) {
            path = path + "/" + one(NAMES, random);
        }
        return path;
    }

    private static String directory(RandomGenerator random) {
        return random.nextInt(3) == 0 ? "" : path(random);
    }

    private static <T> T one(List<T> choices, RandomGenerator random) {
        return choices.get(random.nextInt(choices.size()));
    }
}
