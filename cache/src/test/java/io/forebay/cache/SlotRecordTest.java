package io.forebay.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobVersion;
import io.forebay.blob.Etag;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class SlotRecordTest {
    private static final BlobVersion VERSION = new BlobVersion("store", "a/b", new Etag("x"), 123);

    private static SlotRecord record(String name) {
        return new SlotRecord(
                VersionKey.of(VERSION), 123, 77, 4, 9, 1_700_000_000, 55, false, SlotRecord.Name.of(name));
    }

    private static int[] sums() {
        int[] sums = new int[SlotRecord.SUMS];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = -i;
        }
        return sums;
    }

    @Test
    void comesBackAsItWasWritten() throws Exception {
        ByteBuffer slot = record("a/ü").encoded(sums());

        assertThat(slot.remaining()).isEqualTo(SlotRecord.BYTES);
        assertThat(SlotRecord.decoded(slot)).isEqualTo(record("a/ü"));
        assertThat(SlotRecord.sumsOf(slot)).isEqualTo(sums());
        ByteBuffer index = slot.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        assertThat(SlotRecord.prefixAt(index, 0))
                .isEqualTo(VersionKey.of(VERSION).first());
        assertThat(SlotRecord.pagesAt(index, 0)).isEqualTo(9);
        assertThat(SlotRecord.lastUseAt(index, 0)).isEqualTo(1_700_000_000);
    }

    @Test
    void isLaidOutAsTheDocumentSays() {
        ByteBuffer slot = record("a/b").encoded(sums()).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(slot.get(4)).isEqualTo((byte) 1);
        assertThat(slot.getShort(6)).isEqualTo((short) 3);
        assertThat(slot.getInt(8)).isEqualTo(4);
        assertThat(slot.getInt(12)).isEqualTo(9);
        assertThat(slot.getLong(16)).isEqualTo(123);
        assertThat(slot.getLong(24)).isEqualTo(77);
        assertThat(slot.getLong(32)).isEqualTo(1_700_000_000);
        assertThat(slot.getLong(40)).isEqualTo(55);
        assertThat(slot.getInt(84)).isEqualTo(-1);
        assertThat(slot.get(144)).isEqualTo((byte) 'a');
    }

    @Test
    void aFlagThatIsNotKnownIsPassedOver() throws Exception {
        byte[] slot = record("x".repeat(500)).encoded(sums()).array();
        slot[5] |= (byte) 0xfc;
        CRC32C sum = new CRC32C();
        sum.update(slot, 4, SlotRecord.BYTES - 4);
        ByteBuffer later = ByteBuffer.wrap(slot).order(ByteOrder.LITTLE_ENDIAN).putInt(0, (int) sum.getValue());

        assertThat(SlotRecord.decoded(later)).isEqualTo(record("x".repeat(500)));
        assertThat(SlotRecord.decoded(later).name().isCut()).isTrue();
    }

    @Test
    void aPinIsTheSecondFlag() throws Exception {
        SlotRecord pinned = new SlotRecord(
                VersionKey.of(VERSION), 123, 77, 4, 9, 1_700_000_000, 55, true, SlotRecord.Name.of("a/b"));
        ByteBuffer slot = pinned.encoded(sums()).order(ByteOrder.LITTLE_ENDIAN);

        assertThat(slot.get(5)).isEqualTo((byte) 2);
        assertThat(SlotRecord.isPinnedAt(slot, 0)).isTrue();
        assertThat(SlotRecord.decoded(slot)).isEqualTo(pinned);
        assertThat(pinned.unpinned()).isEqualTo(record("a/b"));
    }

    @Test
    void everyBitCounts() {
        byte[] whole = record("a/b").encoded(sums()).array();
        CRC32C sum = new CRC32C();
        for (int bit = 0; bit < SlotRecord.BYTES * 8; bit++) {
            byte[] torn = whole.clone();
            torn[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(SlotRecord.kindAt(ByteBuffer.wrap(torn).order(ByteOrder.LITTLE_ENDIAN), 0, sum))
                    .as("bit %d", bit)
                    .isEqualTo(SlotRecord.Kind.DAMAGED);
            assertThatThrownBy(() -> SlotRecord.decoded(ByteBuffer.wrap(torn)))
                    .isInstanceOf(ForebayException.Corrupt.class);
        }
    }

    @Test
    void zerosAreAFreeSlot() {
        assertThat(SlotRecord.kindAt(ByteBuffer.allocate(SlotRecord.BYTES), 0, new CRC32C()))
                .isEqualTo(SlotRecord.Kind.FREE);
    }

    @Test
    void aNameThatIsTooLongIsCutBetweenCharacters() {
        SlotRecord.Name cut = SlotRecord.Name.of("x" + "ä".repeat(500));
        assertThat(cut.isCut()).isTrue();
        assertThat(cut.text()).isEqualTo("x" + "ä".repeat(183));
        assertThat(SlotRecord.Name.of("x".repeat(368)).isCut()).isFalse();
    }

    @Test
    void whateverDiffersInAVersionDiffersInItsKey() {
        VersionKey key = VersionKey.of(VERSION);
        assertThat(VersionKey.of(new BlobVersion("stor", "ea/b", new Etag("x"), 123)))
                .isNotEqualTo(key);
        assertThat(VersionKey.of(new BlobVersion("store", "a/b", new Etag("y"), 123)))
                .isNotEqualTo(key);
        assertThat(VersionKey.of(new BlobVersion("store", "a/b", new Etag("x"), 124)))
                .isNotEqualTo(key);
        assertThat(VersionKey.of(new BlobVersion("store", "a/b", new Etag("x"), 123)))
                .isEqualTo(key);
    }
}
