package io.forebay.nativetests.ground;

/** The stores that every test of a mount runs on. */
public enum StoreKind {
    DIRECTORY,
    AZURITE
}
