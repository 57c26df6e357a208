package io.forebay.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.ListEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names a blob may have, and that no two of them are the same blob. */
abstract class NameRules extends StoreRules {
    /** Azure's limit, and that of every store. */
    private static final int MAX_NAME_CHARS = 1_024;

    NameRules(BlobStoreContract contract) {
        super(contract);
    }

    static List<String> awkwardNames() {
        return List.of(
                "with space",
                " leading and trailing ",
                "100%",
                "%41%2F%00",
                "a#b",
                "a?b=c&d=e",
                "a+b c",
                "semi;colon,comma=equals",
                "quote\"and'apostrophe",
                "<xml>&amp;</xml>",
                "[1]{2}(3)~!@$^`|",
                "übergröße/naïve/файл/模型/モデル",
                "cafe\u0301", // e + combining acute; "café" with one code point is another name
                "caf\u00e9",
                "emoji-\uD83D\uDE80/rocket",
                ".hidden",
                "...",
                ".forebay",
                "=",
                "=e/=d",
                "==",
                "-dash",
                "UPPER/lower",
                "checkpoints/step=00010/rank-0000.safetensors");
    }

    @ParameterizedTest
    @MethodSource("awkwardNames")
    void anAwkwardNameIsKeptByEveryCall(String name) throws Exception {
        byte[] content = bytes("content of " + name);
        put(name, content);
        assertThat(head(name).name()).isEqualTo(name);
        assertThat(contentOf(name)).isEqualTo(content);
        assertThat(blobNames(listed("", null, 10))).containsExactly(name);
        assertThat(blobNames(listed(name, null, 10))).containsExactly(name);

        stage(name, block(0), bytes("block"));
        commit(name, block(0));
        assertThat(contentOf(name)).isEqualTo(bytes("block"));

        copy(name, ANY, "copy of it", ANY);
        delete(name);
        copy("copy of it", ANY, name, ABSENT);
        assertThat(contentOf(name)).isEqualTo(bytes("block"));
        delete(name);
        assertThat(blobNames(listed("", null, 10))).containsExactly("copy of it");
    }

    @Test
    void allAwkwardNamesLiveTogether() throws Exception {
        for (String name : awkwardNames()) {
            put(name, bytes(name));
        }
        assertThat(blobNames(listed("", null, 7)))
                .containsExactlyElementsOf(awkwardNames().stream().sorted().toList());
        for (String name : awkwardNames()) {
            assertThat(contentOf(name)).isEqualTo(bytes(name));
        }
    }

    @Test
    void namesThatDifferInCaseAreDifferentBlobs() throws Exception {
        put("Model", bytes("upper"));
        put("model", bytes("lower"));
        assertThat(contentOf("Model")).isEqualTo(bytes("upper"));
        delete("model");
        assertThat(contentOf("Model")).isEqualTo(bytes("upper"));
    }

    @Test
    void theLongestNameIsKept() throws Exception {
        String longest = "d".repeat(200) + "/" + "e".repeat(200) + "/" + "f".repeat(200) + "/" + "g/".repeat(200);
        String name = longest + "h".repeat(MAX_NAME_CHARS - longest.length());
        assertThat(name).hasSize(MAX_NAME_CHARS);
        put(name, bytes("deep"));
        assertThat(contentOf(name)).isEqualTo(bytes("deep"));
        assertThat(blobNames(listed("", null, 10))).containsExactly(name);
        assertThat(prefixNames(listed("", "/", 10))).containsExactly("d".repeat(200) + "/");
    }

    @Test
    void aNameBeyondTheLimitIsTooLong() {
        String name = "s/".repeat(MAX_NAME_CHARS / 2) + "x";
        assertThatThrownBy(() -> put(name, bytes("x"))).isInstanceOf(ForebayException.NameTooLong.class);
        assertThatThrownBy(() -> stage(name, block(0), bytes("x"))).isInstanceOf(ForebayException.NameTooLong.class);
    }

    @Test
    void anEmptyNameOrALeadingSlashIsRefused() {
        assertInvalid(() -> put("", bytes("x")));
        assertInvalid(() -> put("/a", bytes("x")));
    }

    @Test
    void aBlobMayHaveTheNameOfAnothersPrefix() throws Exception {
        put("a/b", bytes("below"));
        put("a", bytes("above"));
        put("a/b/c", bytes("deepest"));
        assertThat(contentOf("a")).isEqualTo(bytes("above"));
        assertThat(contentOf("a/b")).isEqualTo(bytes("below"));
        assertThat(contentOf("a/b/c")).isEqualTo(bytes("deepest"));

        delete("a/b");
        assertNotFound(() -> head("a/b"));
        assertThat(contentOf("a")).isEqualTo(bytes("above"));
        assertThat(contentOf("a/b/c")).isEqualTo(bytes("deepest"));
        delete("a/b/c");
        assertThat(contentOf("a")).isEqualTo(bytes("above"));
    }

    @Test
    void theOuterOneFirstIsKeptToo() throws Exception {
        var outer = put("a", bytes("above"), headers("text/plain", Map.of("k", "v")), ANY);
        put("a/b", bytes("below"));
        assertSameVersion(head("a"), outer);
        assertThat(contentOf("a")).isEqualTo(bytes("above"));
        delete("a/b");
        assertSameVersion(head("a"), outer);
        put("a", bytes("again"), BlobHeaders.NONE, ifStill(outer));
        assertThat(contentOf("a")).isEqualTo(bytes("again"));
        delete("a");
        assertThat(listed("", null, 10)).isEmpty();
    }

    @Test
    void aPrefixAloneIsNoBlob() throws Exception {
        put("dir/file", bytes("x"));
        assertNotFound(() -> head("dir"));
        assertNotFound(() -> delete("dir"));
        assertNotFound(() -> head("dir/file/below"));
        assertNotFound(() -> copy("dir", ANY, "elsewhere", ANY));
    }

    @Test
    void emptySegmentsAreKept() throws Exception {
        assumeCapability(Capability.EMPTY_SEGMENTS);
        List<String> names = List.of("a/", "a//", "a//b", "a/b", "a/b/", "a/b//c");
        for (String name : names) {
            put(name, bytes(name));
        }
        assertThat(blobNames(listed("", null, 4))).containsExactlyElementsOf(names);
        for (String name : names) {
            assertThat(contentOf(name)).isEqualTo(bytes(name));
        }
        List<ListEntry> below = listed("a/", "/", 10);
        assertThat(blobNames(below)).containsExactly("a/", "a/b");
        assertThat(prefixNames(below)).containsExactly("a//", "a/b/");
        for (String name : names) {
            delete(name);
        }
        assertThat(listed("", null, 10)).isEmpty();
    }

    @Test
    void aBackslashIsKeptOrRefused() throws Exception {
        if (capabilities().contains(Capability.BACKSLASHES)) {
            anAwkwardNameIsKeptByEveryCall("back\\slash");
            return;
        }
        put("back/slash", bytes("another"));
        assertInvalid(() -> put("back\\slash", bytes("x")));
        assertInvalid(() -> stage("back\\slash", block(0), bytes("x")));
        assertInvalid(() -> copy("back/slash", ANY, "back\\slash", ANY));
        assertNotFound(() -> head("back\\slash"));
        assertNotFound(() -> delete("back\\slash"));
        assertThat(listed("back\\", null, 10)).isEmpty();
        assertThat(contentOf("back/slash")).isEqualTo(bytes("another"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tab\there", "new\nline", "bell\u0007", "c1\u0081"})
    void aControlCharacterIsKeptOrRefused(String name) throws Exception {
        if (capabilities().contains(Capability.CONTROL_CHARACTERS)) {
            anAwkwardNameIsKeptByEveryCall(name);
            return;
        }
        assertInvalid(() -> put(name, bytes("x")));
        assertInvalid(() -> stage(name, block(0), bytes("x")));
        assertNotFound(() -> head(name));
        assertNotFound(() -> delete(name));
        assertThat(listed("", null, 10)).isEmpty();
    }

    @Test
    void aNameIsPossibleIfAndOnlyIfItCanBePut() throws Exception {
        List<String> names = new ArrayList<>(awkwardNames());
        names.addAll(List.of("back\\slash", "bell\u0007", "", "/a", "s/".repeat(MAX_NAME_CHARS / 2) + "x"));
        for (String name : names) {
            assertThat(isRefused(() -> store().requirePossible(name)))
                    .as("%s", name)
                    .isEqualTo(isRefused(() -> put(name, bytes("x"))));
        }
    }

    private static boolean isRefused(ThrowingCallable call) throws ForebayException {
        Throwable refusal = catchThrowable(call);
        if (refusal instanceof ForebayException.InvalidArgument || refusal instanceof ForebayException.NameTooLong) {
            return true;
        }
        assertThat(refusal).isNull();
        return false;
    }

    @Test
    void dotSegmentsAreOrdinary() throws Exception {
        assumeCapability(Capability.DOT_SEGMENTS);
        List<String> names = List.of(".", "..", "../x", "./x", "a/../b", "a/./b", "a/.");
        for (String name : names) {
            put(name, bytes(name));
        }
        assertThat(blobNames(listed("", null, 3)))
                .containsExactlyElementsOf(names.stream().sorted().toList());
        for (String name : names) {
            assertThat(contentOf(name)).isEqualTo(bytes(name));
            delete(name);
        }
        assertThat(listed("", null, 10)).isEmpty();
    }
}
