package io.forebay.fs.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.forebay.base.error.ForebayException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class KernelOfferTest {
    @TempDir
    Path scratch;

    @Test
    void a_trial_mount_tells_what_there_is_and_leaves_nothing() throws Exception {
        assumeThat(MountCalls.effectiveUser())
                .as("only root may mount and register backing files")
                .isZero();
        Path point = Files.createDirectory(scratch.resolve("trial"));
        Path file = Files.createFile(scratch.resolve("file"));

        for (int round = 0; round < 20; round++) {
            KernelOffer offer = KernelOffer.probe(point, file);

            assertThat(offer.minor()).isGreaterThanOrEqualTo(Negotiation.MIN_MINOR);
            assertThat(offer.protocol()).isEqualTo("7." + offer.minor());
            assertThat(offer.ownQueues()).isTrue();
            assertThat(MountTable.deviceAt(point.toString())).isEmpty();
        }
        Files.delete(point);
    }

    @Test
    void a_file_that_no_kernel_takes_is_no_passthrough() throws Exception {
        assumeThat(MountCalls.effectiveUser())
                .as("only root may mount and register backing files")
                .isZero();
        Path point = Files.createDirectory(scratch.resolve("trial"));

        KernelOffer offer = KernelOffer.probe(point, scratch.resolve("missing"));

        assertThat(offer.passthrough()).isIn(KernelOffer.Passthrough.REFUSED, KernelOffer.Passthrough.NOT_OFFERED);
    }

    @Test
    void where_nothing_can_be_mounted_it_says_why() {
        assertThatThrownBy(() -> KernelOffer.probe(scratch.resolve("missing"), scratch))
                .isInstanceOf(ForebayException.class)
                .hasMessageContaining("missing");
    }

    @Test
    void a_guess_never_promises_more_than_the_release_has() {
        assertThat(KernelOffer.usualProtocol(4, 18)).isEqualTo("older than 7.31");
        assertThat(KernelOffer.usualProtocol(5, 4)).isEqualTo("7.31");
        assertThat(KernelOffer.usualProtocol(6, 1)).isEqualTo("7.32");
        assertThat(KernelOffer.usualProtocol(6, 8)).isEqualTo("7.32");
        assertThat(KernelOffer.usualProtocol(6, 12)).isEqualTo("7.40");
        assertThat(KernelOffer.usualProtocol(7, 0)).isEqualTo("7.42");
    }
}
