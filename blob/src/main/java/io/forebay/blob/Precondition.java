package io.forebay.blob;

/** What must be true of a blob for a call to go through; else it fails with {@code Changed} and changes nothing. */
public sealed interface Precondition {
    /** Whatever is there, if anything. */
    record None() implements Precondition {}

    /** Exactly this version is there (If-Match). */
    record IfMatch(Etag etag) implements Precondition {}

    /** No blob of that name is there (If-None-Match: *). */
    record IfAbsent() implements Precondition {}

    static Precondition none() {
        return new None();
    }

    static Precondition ifMatch(Etag etag) {
        return new IfMatch(etag);
    }

    static Precondition ifAbsent() {
        return new IfAbsent();
    }
}
