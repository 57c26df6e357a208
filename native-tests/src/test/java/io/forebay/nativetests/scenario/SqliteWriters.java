package io.forebay.nativetests.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nativetests.ground.Await;
import io.forebay.nativetests.ground.Command;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Processes that insert rows into one database of SQLite until they are killed. Each writes down outside of the ground the
 * row that was acknowledged last, into two files by turns: one of them is whole whenever the process dies.
 */
final class SqliteWriters {
    private static final int WRITERS = 3;
    private static final int ROWS = 20_000;
    /** A writer that is killed in the middle of a transaction is what this is about: some get far, some do not. */
    private static final int ROWS_BEFORE_THE_END = 12;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Path database;
    private final Path acknowledged;
    private final String journal;

    /**
     * @param acknowledged an empty folder on a disk
     * @param journal SQLite's journal_mode
     */
    SqliteWriters(Path database, Path acknowledged, String journal) {
        this.database = database;
        this.acknowledged = acknowledged;
        this.journal = journal;
    }

    /** Starts all, and kills them when each has got somewhere. */
    void writeAndBeKilled(int round) throws IOException, InterruptedException {
        sqlite(
                "PRAGMA journal_mode=" + journal
                        + "; CREATE TABLE IF NOT EXISTS rows(writer INTEGER, row INTEGER, text TEXT, PRIMARY KEY(writer, row));");
        List<Process> writers = new ArrayList<>();
        try {
            for (int writer = 0; writer < WRITERS; writer++) {
                writers.add(start(round * WRITERS + writer));
            }
            Await.until(LIMIT, "every writer has got somewhere", () -> {
                for (int writer = 0; writer < WRITERS; writer++) {
                    if (lastOf(round * WRITERS + writer) < ROWS_BEFORE_THE_END) {
                        return false;
                    }
                }
                return true;
            });
            assertThat(writers).as("nobody failed").allMatch(Process::isAlive);
        } finally {
            for (Process writer : writers) {
                writer.destroyForcibly().waitFor();
            }
        }
    }

    private Process start(int writer) throws IOException {
        StringBuilder statements = new StringBuilder(".bail on\n.timeout 30000\nPRAGMA synchronous=FULL;\n");
        for (int row = 1; row <= ROWS; row++) {
            statements.append("BEGIN IMMEDIATE; INSERT INTO rows VALUES(%d, %d, hex(zeroblob(%d))); COMMIT;\n"
                    .formatted(writer, row, row % 700));
            statements.append(
                    "SELECT writefile('%s', '%d.');\n".formatted(acknowledged.resolve(writer + "-" + row % 2), row));
        }
        Path script = Files.writeString(acknowledged.resolve("script-" + writer), statements);
        return Command.shell("exec sqlite3 \"$1\" <\"$2\"", database, script).startUnheard();
    }

    /** The last row that this writer knows to be there; 0 if there is none. */
    private int lastOf(int writer) throws IOException {
        int last = 0;
        for (int turn = 0; turn < 2; turn++) {
            Path file = acknowledged.resolve(writer + "-" + turn);
            String text = Files.exists(file) ? Files.readString(file) : "";
            if (text.endsWith(".")) { // else it was being written
                last = Math.max(last, Integer.parseInt(text.substring(0, text.length() - 1)));
            }
        }
        return last;
    }

    /** The database is whole, and has every row up to the last one that was acknowledged, and none twice. */
    void expectWhatWasAcknowledged() throws IOException, InterruptedException {
        assertThat(sqlite("PRAGMA integrity_check;")).isEqualTo("ok\n");
        int writers = 0;
        try (DirectoryStream<Path> scripts = Files.newDirectoryStream(acknowledged, "script-*")) {
            for (Path script : scripts) {
                int writer = Integer.parseInt(script.getFileName().toString().substring("script-".length()));
                int last = lastOf(writer);
                String found = sqlite("SELECT count(*) FROM rows WHERE writer = %d AND row <= %d AND length(text) ="
                                .formatted(writer, last)
                        + " 2 * (row % 700);");
                assertThat(found).as("rows of writer %d", writer).isEqualTo(last + "\n");
                writers++;
            }
        }
        assertThat(writers).isPositive();
    }

    private String sqlite(String statements) throws IOException, InterruptedException {
        return Command.of("sqlite3", "-bail", "-cmd", ".timeout 30000", database.toString(), statements)
                .within(LIMIT)
                .succeed();
    }
}
