package io.forebay.cli.doctor;

import io.forebay.base.error.ForebayException;
import io.forebay.fs.kernel.KernelOffer;

/** A way to find out what the kernel offers. */
@FunctionalInterface
public interface Trial {
    /** @throws ForebayException if nothing can be mounted; the sentence says why */
    KernelOffer run() throws ForebayException;
}
