package io.forebay.fs;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.Metadata;
import io.forebay.testkit.store.StoreOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What each operation costs in requests to the store, as the documentation shows it.
 */
final class RestBudgetTest {
    @TempDir
    Path cacheParent;

    /** Something done through the mount or by another client. */
    @FunctionalInterface
    private interface Step {
        void on(PathTree tree) throws ForebayException;
    }

    /**
     * One line of the table.
     *
     * @param operation what the application does
     * @param knowing what the mount knows before
     * @param before makes it so
     * @param step the operation
     * @param requests what it may cost
     */
    private record Line(String operation, String knowing, Step before, Step step, String requests) {}

    private static final Step NOTHING = tree -> {};

    private static void copy(PathTree tree) throws ForebayException {
        long from = tree.open("d/f", OpenMode.READ);
        long to = tree.create("d/copy", OpenMode.WRITE);
        long copied = 0;
        int count;
        do {
            count = tree.fs.copyRange(from, copied, to, copied, 1 << 30).orElseThrow();
            copied += count;
        } while (count > 0);
        tree.close(to);
        tree.close(from);
    }

    /** An empty directory that was just made, so that everything about it is known. */
    private static final Step DIRECTORY = tree -> tree.mkdir("d");

    private static final Step FILE_BY_ANOTHER = tree -> tree.remotePut("d/f", "hello");

    private static final Step FILE_LISTED = tree -> {
        tree.remotePut(
                "d", "", io.forebay.blob.BlobHeaders.of(io.forebay.blob.Metadata.of(Map.of("hdi_isfolder", "true"))));
        tree.remotePut("d/f", "hello");
        tree.stat("d");
        tree.names("d");
    };

    private static final Step FILE_OF_OURS = tree -> {
        tree.mkdir("d");
        tree.put("d/f", "hello");
    };

    private static final Step PARENT_KNOWN = tree -> {
        tree.remotePut("d", "", BlobHeaders.of(Metadata.of(Map.of("hdi_isfolder", "true"))));
        tree.remotePut("d/f", "hello");
        tree.stat("d");
    };
    private static final Step IMPLIED_PARENT_KNOWN = tree -> {
        tree.remotePut("d/f", "hello");
        tree.stat("d");
    };

    private static Step entries(int count) {
        return tree -> {
            for (int i = 0; i < count; i++) {
                tree.remotePut("d/" + i, "");
            }
            tree.stat("d");
        };
    }

    private static Step statAll() {
        return tree -> {
            for (String name : tree.names("d")) {
                tree.stat("d/" + name);
            }
        };
    }

    /** By a program that has the names from elsewhere. */
    private static void statEach(PathTree tree) throws ForebayException {
        for (int i = 0; i < 5_000; i++) {
            tree.stat("d/" + i);
        }
    }

    private static void openChangeClose(PathTree tree, OpenMode mode, String text) throws ForebayException {
        long handle = tree.open("d/f", mode);
        tree.write(handle, 0, text);
        tree.close(handle);
    }

    private static final List<Line> TABLE = List.of(
            new Line("stat", "nothing", PARENT_KNOWN, tree -> tree.stat("d/f"), "1 HEAD"),
            new Line(
                    "stat",
                    "its directory, which 100 blobs imply at most",
                    IMPLIED_PARENT_KNOWN,
                    tree -> tree.stat("d/f"),
                    "0"),
            new Line("stat", "its name (seen within the validity)", FILE_OF_OURS, tree -> tree.stat("d/f"), "0"),
            new Line(
                    "stat",
                    "its name, too long ago",
                    tree -> {
                        FILE_OF_OURS.on(tree);
                        tree.forgetWhatIsKnown();
                        tree.stat("d");
                    },
                    tree -> tree.stat("d/f"),
                    "1 HEAD"),
            new Line(
                    "stat of what is not there",
                    "nothing",
                    PARENT_KNOWN,
                    tree -> tree.exists("d/x"),
                    "1 HEAD + 1 LIST"),
            new Line(
                    "stat of what is not there",
                    "asked before",
                    tree -> {
                        PARENT_KNOWN.on(tree);
                        tree.exists("d/x");
                    },
                    tree -> tree.exists("d/x"),
                    "0"),
            new Line(
                    "stat of what is not there",
                    "its directory was listed",
                    FILE_LISTED,
                    tree -> tree.exists("d/x"),
                    "0"),
            new Line(
                    "stat of what is not there",
                    "its directory was made here",
                    DIRECTORY,
                    tree -> tree.exists("d/x"),
                    "0"),
            new Line(
                    "stat of a directory that blobs imply",
                    "nothing",
                    FILE_BY_ANOTHER,
                    tree -> tree.stat("d"),
                    "1 HEAD + 1 LIST"),
            new Line("ls of 5,000 entries", "its name", entries(5_000), tree -> tree.names("d"), "1 LIST"),
            new Line(
                    "ls of 5,000 entries",
                    "listed within the validity",
                    tree -> {
                        entries(5_000).on(tree);
                        tree.names("d");
                    },
                    tree -> tree.names("d"),
                    "0"),
            new Line("ls of 12,000 entries", "its name", entries(12_000), tree -> tree.names("d"), "3 LIST"),
            new Line("ls -l of 5,000 entries", "its name", entries(5_000), statAll(), "1 LIST"),
            new Line(
                    "stat of 5,000 names, one after another",
                    "their directory's name only",
                    entries(5_000),
                    RestBudgetTest::statEach,
                    "4 HEAD + 1 LIST"),
            new Line(
                    "stat of 5,000 names, one after another",
                    "their names, too long ago",
                    tree -> {
                        entries(5_000).on(tree);
                        tree.names("d");
                        tree.forgetWhatIsKnown();
                        tree.stat("d");
                    },
                    RestBudgetTest::statEach,
                    "4 HEAD + 1 LIST"),
            new Line(
                    "stat of 500 names that are not there",
                    "their directory's name only",
                    PARENT_KNOWN,
                    tree -> {
                        for (int i = 0; i < 500; i++) {
                            tree.exists("d/absent" + i);
                        }
                    },
                    "4 HEAD + 5 LIST"),
            new Line("create, write, close", "its directory", DIRECTORY, tree -> tree.put("d/f", "hello"), "1 PUT"),
            new Line(
                    "create, write, close",
                    "its directory's name only",
                    PARENT_KNOWN,
                    tree -> tree.put("d/new", "hello"),
                    "1 HEAD + 1 LIST + 1 PUT"),
            new Line(
                    "create, write, chmod, utimes, close",
                    "its directory",
                    DIRECTORY,
                    tree -> {
                        long handle = tree.create("d/f");
                        tree.write(handle, 0, "hello");
                        tree.set("d/f", AttributeChange.permissions(0600));
                        tree.set("d/f", AttributeChange.times(1L, 1L));
                        tree.close(handle);
                    },
                    "1 PUT"),
            new Line(
                    "create tmp, write, close, rename to its name",
                    "its directory",
                    DIRECTORY,
                    tree -> {
                        tree.put("d/tmp", "hello");
                        tree.rename("d/tmp", "d/f");
                    },
                    "1 PUT + 1 COPY + 1 DELETE"),
            new Line(
                    "create tmp, write, rename to its name, close",
                    "its directory",
                    DIRECTORY,
                    tree -> {
                        long handle = tree.create("d/tmp");
                        tree.write(handle, 0, "hello");
                        tree.rename("d/tmp", "d/f");
                        tree.close(handle);
                    },
                    "1 PUT"),
            new Line(
                    "create, write 20 MB, close",
                    "its directory",
                    DIRECTORY,
                    tree -> tree.put("d/f", "x".repeat(20_000_000)),
                    "3 STAGE_BLOCK + 1 COMMIT_BLOCKS"),
            new Line(
                    "create, unlink, close",
                    "its directory",
                    DIRECTORY,
                    tree -> {
                        long handle = tree.create("d/f");
                        tree.unlink("d/f");
                        tree.close(handle);
                    },
                    "0"),
            new Line(
                    "open, read, close of a small file",
                    "nothing",
                    PARENT_KNOWN,
                    tree -> tree.text("d/f"),
                    "1 HEAD + 1 READ"),
            new Line("open, read, close of a small file", "its name", FILE_LISTED, tree -> tree.text("d/f"), "1 READ"),
            new Line(
                    "open, read, close of a small file",
                    "read or written here before, and not evicted",
                    FILE_OF_OURS,
                    tree -> tree.text("d/f"),
                    "0"),
            new Line(
                    "open, read, close of an empty file",
                    "its name",
                    tree -> {
                        DIRECTORY.on(tree);
                        tree.put("d/f", "");
                    },
                    tree -> tree.text("d/f"),
                    "0"),
            new Line(
                    "open for reading, close of a small file",
                    "its name",
                    FILE_LISTED,
                    tree -> {
                        long handle = tree.open("d/f", OpenMode.READ);
                        PathTree.await("it is fetched", () -> tree.fs.readIsLocal(handle, 0, 5));
                        tree.close(handle);
                    },
                    "1 READ"),
            new Line(
                    "open for writing, close",
                    "its name",
                    FILE_LISTED,
                    tree -> tree.close(tree.open("d/f", OpenMode.READ_WRITE)),
                    "0"),
            new Line(
                    "open with O_TRUNC, write, close",
                    "its name",
                    FILE_LISTED,
                    tree -> openChangeClose(tree, new OpenMode(false, true, true, false), "new"),
                    "1 PUT"),
            new Line(
                    "open, write all, close",
                    "its name",
                    FILE_LISTED,
                    tree -> openChangeClose(tree, OpenMode.WRITE, "HELLO"),
                    "1 PUT"),
            new Line(
                    "open, write a part, close",
                    "its name",
                    FILE_LISTED,
                    tree -> openChangeClose(tree, OpenMode.WRITE, "HE"),
                    "1 READ + 1 PUT"),
            new Line(
                    "open, write a part of 40 MB that were put at once, close",
                    "its name",
                    tree -> {
                        tree.remotePut("d/f", "x".repeat(40_000_000));
                        tree.stat("d");
                        tree.names("d");
                    },
                    tree -> openChangeClose(tree, OpenMode.WRITE, "HE"),
                    "9 READ + 1 STAGE_BLOCK + 1 STAGE_BLOCK_FROM + 1 COMMIT_BLOCKS + 1 COMMITTED_BLOCKS"),
            new Line(
                    "copy 40 MB that are here (cp)",
                    "its name",
                    tree -> {
                        tree.remotePut("d/f", "x".repeat(40_000_000));
                        tree.stat("d");
                        tree.names("d");
                        tree.readAll("d/f");
                    },
                    RestBudgetTest::copy,
                    "1 STAGE_BLOCK_FROM + 1 COMMIT_BLOCKS"),
            new Line(
                    "truncate to nothing",
                    "its name",
                    FILE_LISTED,
                    tree -> tree.set("d/f", AttributeChange.size(0)),
                    "1 PUT"),
            new Line(
                    "truncate to a part",
                    "its name",
                    FILE_LISTED,
                    tree -> tree.set("d/f", AttributeChange.size(2)),
                    "1 READ + 1 PUT"),
            new Line(
                    "chmod, chown or utimes",
                    "its name",
                    FILE_LISTED,
                    tree -> tree.set("d/f", AttributeChange.permissions(0600)),
                    "1 SET_METADATA"),
            new Line(
                    "chmod to what it is",
                    "its name",
                    FILE_LISTED,
                    tree -> tree.set("d/f", AttributeChange.permissions(0644)),
                    "0"),
            new Line(
                    "chmod of a directory that blobs imply",
                    "its name",
                    IMPLIED_PARENT_KNOWN,
                    tree -> tree.set("d", AttributeChange.permissions(0700)),
                    "1 PUT"),
            new Line("mkdir", "its directory", DIRECTORY, tree -> tree.mkdir("d/e"), "1 PUT"),
            new Line(
                    "mkdir",
                    "its directory's name only",
                    PARENT_KNOWN,
                    tree -> tree.mkdir("d/e"),
                    "1 HEAD + 1 LIST + 1 PUT"),
            new Line("rmdir", "its name", DIRECTORY, tree -> tree.rmdir("d"), "1 LIST + 1 DELETE"),
            new Line("symlink", "its directory", DIRECTORY, tree -> tree.symlink("x", "d/s"), "1 PUT"),
            new Line(
                    "readlink",
                    "its name",
                    tree -> {
                        DIRECTORY.on(tree);
                        tree.symlink("x", "d/s");
                        tree.forgetWhatIsKnown();
                        tree.fs.tree().names().clear();
                        tree.names("d");
                    },
                    tree -> tree.readlink("d/s"),
                    "1 READ"),
            new Line(
                    "readlink",
                    "its target",
                    tree -> {
                        DIRECTORY.on(tree);
                        tree.symlink("x", "d/s");
                    },
                    tree -> tree.readlink("d/s"),
                    "0"),
            new Line("unlink", "its name", FILE_LISTED, tree -> tree.unlink("d/f"), "1 DELETE"),
            new Line(
                    "unlink in a directory that blobs imply",
                    "its name",
                    tree -> {
                        IMPLIED_PARENT_KNOWN.on(tree);
                        tree.stat("d/f");
                    },
                    tree -> tree.unlink("d/f"),
                    "1 PUT + 1 DELETE"),
            new Line(
                    "unlink",
                    "nothing",
                    tree -> {
                        FILE_OF_OURS.on(tree);
                        tree.forgetWhatIsKnown();
                        tree.stat("d");
                    },
                    tree -> tree.unlink("d/f"),
                    "1 HEAD + 1 DELETE"),
            new Line(
                    "rename of a file",
                    "both directories",
                    FILE_LISTED,
                    tree -> tree.rename("d/f", "d/g"),
                    "1 COPY + 1 DELETE"),
            new Line(
                    "rename of a file",
                    "its name only",
                    FILE_OF_OURS,
                    tree -> tree.rename("d/f", "g"),
                    "1 HEAD + 1 LIST + 1 COPY + 1 DELETE"),
            new Line(
                    "rename of a directory with 3 files",
                    "both directories",
                    tree -> {
                        tree.names("");
                        tree.mkdir("d");
                        tree.put("d/1", "");
                        tree.put("d/2", "");
                        tree.put("d/3", "");
                        tree.names("");
                    },
                    tree -> tree.rename("d", "e"),
                    "1 HEAD + 1 LIST + 4 COPY + 4 DELETE"),
            new Line("statfs", "", NOTHING, tree -> tree.fs.statfs(), "0"));

    @Test
    void every_operation_keeps_its_budget() throws Exception {
        List<String> measured = new ArrayList<>();
        List<String> budget = new ArrayList<>();
        for (Line line : TABLE) {
            budget.add(row(line, line.requests));
            measured.add(row(line, measure(line)));
        }
        assertThat(measured).isEqualTo(budget);
    }

    @Test
    void the_documentation_shows_the_budget() throws IOException {
        String table = "| operation | known before | requests |\n|---|---|---|\n"
                + TABLE.stream().map(line -> row(line, line.requests)).collect(Collectors.joining("\n"));
        Path document = Path.of(System.getProperty("forebay.root"), "docs", "SEMANTICS.md");
        assertThat(Files.readString(document)).contains(table);
    }

    private static String row(Line line, String requests) {
        return "| " + line.operation + " | " + line.knowing + " | " + requests + " |";
    }

    private String measure(Line line) throws ForebayException {
        try (PathTree tree = PathTree.overEmptyStore(cacheParent)) {
            line.before.on(tree);
            Map<StoreOperation, Long> before = requests(tree);
            line.step.on(tree);
            String cost = requests(tree).entrySet().stream()
                    .map(after -> Map.entry(after.getKey(), after.getValue() - before.getOrDefault(after.getKey(), 0L)))
                    .filter(count -> count.getValue() > 0)
                    .map(count -> count.getValue() + " " + count.getKey())
                    .collect(Collectors.joining(" + "));
            return cost.isEmpty() ? "0" : cost;
        }
    }

    private static Map<StoreOperation, Long> requests(PathTree tree) {
        Map<StoreOperation, Long> requests = new EnumMap<>(StoreOperation.class);
        for (StoreOperation operation : StoreOperation.values()) {
            requests.put(operation, tree.store.requests(operation));
        }
        return requests;
    }
}
