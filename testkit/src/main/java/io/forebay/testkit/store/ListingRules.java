package io.forebay.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.blob.BlobProperties;
import io.forebay.blob.ListEntry;
import io.forebay.blob.ListPage;
import io.forebay.blob.Metadata;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Prefix, delimiter, pages and order. */
abstract class ListingRules extends StoreRules {
    ListingRules(BlobStoreContract contract) {
        super(contract);
    }

    @Test
    void anEmptyContainerListsNothing() throws Exception {
        ListPage page = store().list("", null, null, 10, soon());
        assertThat(page.entries()).isEmpty();
        assertThat(page.continuation()).isNull();
        assertThat(listed("some/prefix", "/", 10)).isEmpty();
    }

    @Test
    void aListedBlobHasTheWholeOfItsProperties() throws Exception {
        BlobProperties put = put("dir/b", bytes("12345"), headers("text/plain", Map.of("Key", "value 1")), ANY);
        for (String delimiter : new String[] {null, "/"}) {
            List<ListEntry> entries = listed("dir/", delimiter, 10);
            assertThat(entries).hasSize(1);
            BlobProperties listed = ((ListEntry.Blob) entries.getFirst()).properties();
            assertSameVersion(listed, put);
        }
    }

    @Test
    void aListedVersionIsTheOneThatSetMetadataMade() throws Exception {
        put("b", bytes("12345"), headers("text/plain", Map.of("k", "1")), ANY);
        BlobProperties set = store().setMetadata("b", Metadata.of(Map.of("k", "2")), ANY, soon());
        assertSameVersion(((ListEntry.Blob) listed("", null, 10).getFirst()).properties(), set);
    }

    @Test
    void theDelimiterFoldsWhatLiesBelow() throws Exception {
        for (String name : List.of("a", "a/b", "a/c/d", "a0", "b/c", "c")) {
            put(name, bytes(name));
        }
        List<ListEntry> root = listed("", "/", 100);
        assertThat(blobNames(root)).containsExactly("a", "a0", "c");
        assertThat(prefixNames(root)).containsExactly("a/", "b/");

        List<ListEntry> below = listed("a/", "/", 100);
        assertThat(blobNames(below)).containsExactly("a/b");
        assertThat(prefixNames(below)).containsExactly("a/c/");
    }

    @Test
    void aPrefixMayEndAnywhere() throws Exception {
        for (String name : List.of("run-1/x", "run-10/x", "run-2", "run", "other")) {
            put(name, bytes(name));
        }
        assertThat(blobNames(listed("run-1", null, 10))).containsExactly("run-1/x", "run-10/x");
        List<ListEntry> folded = listed("run-", "/", 10);
        assertThat(blobNames(folded)).containsExactly("run-2");
        assertThat(prefixNames(folded)).containsExactly("run-1/", "run-10/");
        assertThat(blobNames(listed("run-1/x", "/", 10))).containsExactly("run-1/x");
        assertThat(listed("run-1/x/", "/", 10)).isEmpty();
        assertThat(listed("run-3", null, 10)).isEmpty();
    }

    @Test
    void namesComeInOrderOfTheirCharactersNotOfTheirSegments() throws Exception {
        // '-' and '.' sort before '/', digits behind it: a walk by folders gives another order.
        List<String> names = List.of("a", "a-b", "a-b/c", "a.b", "a/b", "a/b-c", "a/b/c", "a0", "b");
        for (String name : names.reversed()) {
            put(name, bytes(name));
        }
        for (int pageSize = 1; pageSize <= names.size(); pageSize++) {
            assertThat(blobNames(listed("", null, pageSize))).containsExactlyElementsOf(names);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 100})
    void pagesPutTogetherAreTheWholeListing(int pageSize) throws Exception {
        Random random = new Random(11);
        TreeSet<String> names = new TreeSet<>();
        while (names.size() < 40) {
            names.add(randomName(random));
        }
        for (String name : names) {
            put(name, bytes(name));
        }
        assertThat(blobNames(listed("", null, pageSize))).containsExactlyElementsOf(names);
        for (String prefix : List.of("", "a", "a/", "a/b", "b/", "b/a/", "-")) {
            List<ListEntry> folded = listed(prefix, "/", pageSize);
            assertThat(blobNames(folded)).containsExactlyElementsOf(expectedBlobs(names, prefix));
            assertThat(prefixNames(folded)).containsExactlyElementsOf(expectedPrefixes(names, prefix));
            assertThat(blobNames(listed(prefix, null, pageSize)))
                    .containsExactlyElementsOf(names.stream()
                            .filter(name -> name.startsWith(prefix))
                            .toList());
        }
    }

    /** Few characters, so that names collide, nest and sort around the slash. */
    private static String randomName(Random random) {
        StringBuilder name = new StringBuilder();
        int segments = 1 + random.nextInt(3);
        for (int segment = 0; segment < segments; segment++) {
            name.append(segment == 0 ? "" : "/").append("ab-0".charAt(random.nextInt(4)));
            if (random.nextBoolean()) {
                name.append("ab-0".charAt(random.nextInt(4)));
            }
        }
        return name.toString();
    }

    private static List<String> expectedBlobs(Set<String> names, String prefix) {
        return names.stream()
                .filter(name -> name.startsWith(prefix) && name.indexOf('/', prefix.length()) < 0)
                .toList();
    }

    private static List<String> expectedPrefixes(Set<String> names, String prefix) {
        return names.stream()
                .filter(name -> name.startsWith(prefix) && name.indexOf('/', prefix.length()) >= 0)
                .map(name -> name.substring(0, name.indexOf('/', prefix.length()) + 1))
                .distinct()
                .sorted()
                .toList();
    }

    @Test
    void whatIsDeletedBetweenPagesHidesNothingElse() throws Exception {
        for (int index = 0; index < 10; index++) {
            put("f" + index, bytes("x"));
        }
        Set<String> seen = new HashSet<>();
        @Nullable String continuation = null;
        do {
            ListPage page = store().list("", null, continuation, 3, soon());
            for (ListEntry entry : page.entries()) {
                seen.add(entry.name());
                delete(entry.name());
            }
            continuation = page.continuation();
        } while (continuation != null);
        assertThat(seen).hasSize(10);
        assertThat(listed("", null, 10)).isEmpty();
    }

    @Test
    void severalHundredBlobsComeOnceEach() throws Exception {
        List<String> names = new ArrayList<>();
        for (int index = 0; index < 300; index++) {
            names.add(String.format("step/%03d", index));
            put(names.getLast(), new byte[0]);
        }
        assertThat(blobNames(listed("step/", "/", 128))).containsExactlyElementsOf(names);
        assertThat(blobNames(listed("", null, 5_000))).containsExactlyElementsOf(names);
        assertThat(prefixNames(listed("", "/", 1))).containsExactly("step/");
    }
}
