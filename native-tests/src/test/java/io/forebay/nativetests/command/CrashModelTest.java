package io.forebay.nativetests.command;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.nativetests.command.CrashWriter.Acknowledgement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model that crashes are compared with notices each thing that must not be. */
class CrashModelTest {
    @TempDir
    Path work;

    private Path folder;
    private CrashModel model;

    @BeforeEach
    void writeWhatIsAllowed() throws IOException {
        Path record = Files.writeString(work.resolve("record"), """
                t p 1
                a p 1
                t p 2
                t l 3
                a l 2
                t c0 1
                a c0 1
                t c0#7 2
                t d 1
                a d 1
                """);
        model = CrashModel.of(record, Acknowledgement.CLOSE);
        folder = Files.createDirectory(work.resolve("folder"));
        Files.write(folder.resolve("p"), CrashModel.bytesOf("p", 2));
        for (int number = 1; number <= 2; number++) {
            Files.write(
                    folder.resolve("l"),
                    CrashModel.recordOf("l", number),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
        for (int cell = 0; cell < CrashModel.cellsOf("c0"); cell++) {
            Files.write(
                    folder.resolve("c0"),
                    CrashModel.cellOf("c0", cell, cell == 7 ? 2 : 1),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }
        Files.write(folder.resolve("d"), CrashModel.bytesOf("d", 1));
    }

    private void expectNoticed() {
        assertThatThrownBy(() -> model.expect(folder, "now")).isInstanceOf(AssertionError.class);
    }

    private void cut(String file) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve(file));
        Files.write(folder.resolve(file), Arrays.copyOf(bytes, bytes.length - 1));
    }

    @Test
    void takesWhatIsAllowed() {
        expectTaken();
    }

    private void expectTaken() {
        assertThatCode(() -> model.expect(folder, "now")).doesNotThrowAnyException();
    }

    @Test
    void noticesWhatIsMissing() throws IOException {
        Files.delete(folder.resolve("p"));
        expectNoticed();
    }

    @Test
    void noticesAFileThatIsCutOff() throws IOException {
        for (String file : new String[] {"p", "l", "c0", "d"}) {
            writeAnew(() -> cut(file));
        }
    }

    @Test
    void noticesAVersionThatIsTooOldOrWasNeverWritten() throws IOException {
        for (int version : new int[] {0, 3}) {
            writeAnew(() -> Files.write(folder.resolve("p"), CrashModel.bytesOf("p", version)));
            writeAnew(() -> Files.write(folder.resolve("d"), CrashModel.bytesOf("d", version)));
        }
    }

    @Test
    void takesACellThatAPowerCutLeftInTwoVersions() throws IOException {
        writeCellOfTwoVersions(4096);
        expectNoticed();
        model = CrashModel.of(work.resolve("record"), Acknowledgement.SYNC);
        expectTaken();
        writeCellOfTwoVersions(5000);
        expectNoticed();
    }

    /** The latter of them from byte {@code from}. */
    private void writeCellOfTwoVersions(int from) throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve("c0"));
        byte[] older = CrashModel.cellOf("c0", 7, 1);
        byte[] newer = CrashModel.cellOf("c0", 7, 2);
        System.arraycopy(newer, from, older, from, older.length - from);
        System.arraycopy(older, 0, bytes, 7 * CrashModel.CELL_BYTES, older.length);
        Files.write(folder.resolve("c0"), bytes);
    }

    @Test
    void noticesTwoVersionsInOneFile() throws IOException {
        byte[] bytes = Files.readAllBytes(folder.resolve("p"));
        byte[] other = CrashModel.bytesOf("p", 1);
        System.arraycopy(other, 0, bytes, bytes.length - 50, 50);
        Files.write(folder.resolve("p"), bytes);
        expectNoticed();
    }

    @Test
    void noticesWhatNobodyWrote() throws IOException {
        Files.createFile(folder.resolve("q"));
        expectNoticed();
    }

    /** Something that spoils the folder. */
    @FunctionalInterface
    private interface Spoiling {
        void run() throws IOException;
    }

    private void writeAnew(Spoiling spoiling) throws IOException {
        spoiling.run();
        expectNoticed();
        for (String file : new String[] {"p", "l", "c0", "d"}) {
            Files.delete(folder.resolve(file));
        }
        Files.delete(folder);
        writeWhatIsAllowed();
    }
}
