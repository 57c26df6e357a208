package io.forebay.testkit.model;

import java.util.List;

/** Runs operations on a fresh subject and a fresh reference, and fails where the two disagree. */
@FunctionalInterface
public interface Trial<O> {
    /** @throws Exception or an error, whatever shows that the subject is wrong */
    @SuppressWarnings("ThrowSpecificException") // a trial may fail in every way there is
    void run(List<O> operations) throws Exception;
}
