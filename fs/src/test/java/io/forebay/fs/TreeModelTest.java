package io.forebay.fs;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.forebay.testkit.model.ModelCheck;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random operations on the tree and on a reference. {@code -Dforebay.model.seeds=N} tries another number of seeds, and
 * {@code -Dforebay.model.first=S} begins with another one.
 */
final class TreeModelTest {
    private static final int OPERATIONS = 200;

    @TempDir
    Path cacheParent;

    @Test
    void the_tree_does_what_a_simple_one_does() {
        long first = Long.getLong("forebay.model.first", 1);
        long seeds = Long.getLong("forebay.model.seeds", 500);
        LongStream.range(first, first + seeds).forEach(seed -> check(seed, false));
    }

    @Test
    void a_tree_that_writes_back_does_so_too_though_it_dies_now_and_then() {
        long first = Long.getLong("forebay.model.first", 1);
        long seeds = Long.getLong("forebay.model.seeds", 250);
        LongStream.range(first, first + seeds).forEach(seed -> check(seed, true));
    }

    /** The shortest lists that seeds were shrunk to when they failed, each with what was wrong then. */
    static Stream<Arguments> failures() {
        OpenMode read = OpenMode.READ;
        return Stream.of(
                arguments(
                        "the blob of an inode that a listing brought could not be opened",
                        List.of(
                                new TreeOperation.Create(3, "a", OpenMode.READ_WRITE),
                                new TreeOperation.Remount(),
                                new TreeOperation.CompareAll())),
                arguments(
                        "a marker that was removed elsewhere kept its attributes",
                        List.of(
                                new TreeOperation.Mkdir("b", 0755),
                                new TreeOperation.RemoteDelete("b"),
                                new TreeOperation.RemotePut("b/a/c", 100, (byte) 48))),
                arguments(
                        "O_CREAT with O_RDONLY was a writer for ever",
                        List.of(
                                new TreeOperation.Create(1, "a", read),
                                new TreeOperation.Truncate("a", 65_536),
                                new TreeOperation.RemoteDelete("a"))),
                arguments(
                        "reading a version whose blob is gone was ENOENT",
                        List.of(
                                new TreeOperation.RemotePut("c", 70_000, (byte) 30),
                                new TreeOperation.Open(0, "c", read),
                                new TreeOperation.RemoteDelete("c"),
                                new TreeOperation.Read(0, 0, 70_000))),
                arguments(
                        "a symlink that became a file elsewhere stayed one when its directory was moved",
                        List.of(
                                new TreeOperation.Mkdir("b", 0600),
                                new TreeOperation.Symlink("b/b", "b/c"),
                                new TreeOperation.RemotePut("b/c", 10, (byte) 2),
                                new TreeOperation.Rename("b", "a", RenameMode.REPLACE),
                                new TreeOperation.ReadAll("a/c"))),
                arguments(
                        "a reader that closed published what others still wrote",
                        List.of(
                                new TreeOperation.RemotePut("a/a/c", 100, (byte) 69),
                                new TreeOperation.Create(1, "a/c", read),
                                new TreeOperation.CompareAll(),
                                new TreeOperation.Rename("a/c", "a/a/a", RenameMode.REPLACE))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void what_failed_once_does_not_again(String whatWasWrong, List<TreeOperation> operations) throws Exception {
        new TreeTrial(cacheParent, false).run(operations);
    }

    private void check(long seed, boolean writesBack) {
        new ModelCheck<>(new RandomTreeOperations(), new TreeTrial(cacheParent, writesBack)).run(seed, OPERATIONS);
    }
}
