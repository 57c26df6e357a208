package io.forebay.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewFileTest {
    @TempDir
    Path folder;

    @Test
    void aCopyIsWholeOrNotThere() throws Exception {
        Path from = Files.writeString(folder.resolve("from"), "content");
        NewFile.copy(from, folder.resolve("to"));
        assertThat(folder.resolve("to")).hasContent("content");

        assertThatThrownBy(() -> NewFile.copy(folder, folder.resolve("of a folder")))
                .isInstanceOf(ForebayException.class);
        assertThat(folder.resolve("of a folder")).doesNotExist();
    }

    @Test
    void whatIsThereStaysWhateverFails() throws Exception {
        Path there = Files.writeString(folder.resolve("there"), "precious");
        assertThatThrownBy(() -> NewFile.copy(folder.resolve("missing"), there))
                .isInstanceOf(ForebayException.AlreadyExists.class)
                .hasMessage(there + " exists");
        assertThat(there).hasContent("precious");
    }
}
