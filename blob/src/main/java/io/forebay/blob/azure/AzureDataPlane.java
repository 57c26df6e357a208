package io.forebay.blob.azure;

/** Which client moves the bytes of blobs. Everything else goes through the Azure SDK in any case. */
public enum AzureDataPlane {
    /** The client of {@link io.forebay.blob.azure.plane}: a fraction of the SDK's CPU time, no body in memory. */
    THIN,
    /** The Azure SDK: the reference, to compare with and to fall back on. */
    SDK
}
