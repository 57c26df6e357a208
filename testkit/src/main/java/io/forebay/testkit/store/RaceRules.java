package io.forebay.testkit.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.ByteRange;
import io.forebay.blob.Metadata;
import io.forebay.blob.Precondition;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Many callers at once: of several conditional changes exactly one succeeds, and nobody sees a mixture. */
abstract class RaceRules extends StoreRules {
    private static final int RACERS = 12;
    private static final int ROUNDS = 5;

    RaceRules(BlobStoreContract contract) {
        super(contract);
    }

    @Test
    void onePutIfAbsentWins() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String name = "dir" + round + "/b";
            int winner = Race.of(RACERS, racer -> put(name, bytes("racer " + racer), BlobHeaders.NONE, ABSENT))
                    .onlyWinner();
            assertThat(contentOf(name)).isEqualTo(bytes("racer " + winner));
        }
    }

    @Test
    void onePutIfMatchWins() throws Exception {
        BlobProperties current = put("b", bytes("start"));
        for (int round = 0; round < ROUNDS; round++) {
            Precondition precondition = ifStill(current);
            int winner = Race.of(RACERS, racer -> put("b", bytes("racer " + racer), BlobHeaders.NONE, precondition))
                    .onlyWinner();
            assertThat(contentOf("b")).isEqualTo(bytes("racer " + winner));
            current = head("b");
        }
    }

    @Test
    void oneCommitWins() throws Exception {
        for (int racer = 0; racer < RACERS; racer++) {
            stage("b", block(racer), bytes("racer " + racer));
        }
        int winner = Race.of(RACERS, racer -> commit("b", ABSENT, block(racer)))
                .onlyWinner(ForebayException.InvalidArgument.class);
        assertThat(contentOf("b")).isEqualTo(bytes("racer " + winner));
    }

    @Test
    void oneSetMetadataWins() throws Exception {
        BlobProperties start = put("b", bytes("content"));
        int winner = Race.of(RACERS, racer -> store().setMetadata(
                                "b", Metadata.of(Map.of("racer", "" + racer)), ifStill(start), soon()))
                .onlyWinner();
        assertThat(head("b").metadata().get("racer")).contains("" + winner);
    }

    @Test
    void oneDeleteWins() throws Exception {
        BlobProperties start = put("b", bytes("content"));
        Race.of(RACERS, _ -> {
                    store().delete("b", ifStill(start), soon());
                    return start;
                })
                .onlyWinner(ForebayException.NotFound.class);
        assertNotFound(() -> head("b"));
    }

    @Test
    void oneCopyWins() throws Exception {
        for (int racer = 0; racer < RACERS; racer++) {
            put("from" + racer, bytes("racer " + racer));
        }
        int winner = Race.of(RACERS, racer -> copy("from" + racer, ANY, "to", ABSENT))
                .onlyWinner();
        assertThat(contentOf("to")).isEqualTo(bytes("racer " + winner));
    }

    @Test
    void oneOfDifferentChangesWins() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            BlobProperties start = put("b", bytes("start"));
            stage("b", block(0), bytes("commit"));
            Race.of(RACERS, racer -> switch (racer % 4) {
                        case 0 -> put("b", bytes("put"), BlobHeaders.NONE, ifStill(start));
                        case 1 -> commit("b", ifStill(start), block(0));
                        case 2 -> store().setMetadata("b", Metadata.of(Map.of("k", "v")), ifStill(start), soon());
                        default -> {
                            store().delete("b", ifStill(start), soon());
                            yield start;
                        }
                    })
                    .onlyWinner(ForebayException.NotFound.class, ForebayException.InvalidArgument.class);
        }
    }

    @Test
    void siblingsComeAndGoWithoutDisturbingEachOther() throws Exception {
        // Each deletes the last blob of the folder that the next one needs.
        Race.of(RACERS, racer -> {
                    BlobProperties last = put("d/e/" + racer, bytes("0"));
                    for (int round = 0; round < 10; round++) {
                        store().delete("d/e/" + racer, ifStill(last), soon());
                        last = put("d/e/" + racer, bytes("" + round), BlobHeaders.NONE, ABSENT);
                    }
                    return last;
                })
                .allWin();
        assertThat(listed("d/e/", "/", 100)).hasSize(RACERS);
    }

    @Test
    void aReaderSeesOneVersionOrAnotherNeverAMixture() throws Exception {
        int length = 200_000;
        put("b", filled(0, length));
        AtomicInteger writersLeft = new AtomicInteger(RACERS / 2);
        Race.of(RACERS, racer -> {
                    if (racer < RACERS / 2) {
                        for (int round = 0; round < 10; round++) {
                            put("b", filled(racer, length));
                        }
                        writersLeft.decrementAndGet();
                    } else {
                        while (writersLeft.get() > 0) {
                            byte[] seen = contentOf("b", new ByteRange(0, length), ANY);
                            assertThat(seen).isEqualTo(filled(seen[0], length));
                        }
                    }
                    return head("b");
                })
                .allWin();
    }

    private static byte[] filled(int value, int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
