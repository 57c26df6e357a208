package io.forebay.blob.azure;

/** Which client asks the store. */
public enum AzureDataPlane {
    /** The client of {@link io.forebay.blob.azure.plane}: a fraction of the SDK's CPU time, no body in memory. */
    THIN,
    /** The Azure SDK: the reference, to compare with and to fall back on. */
    SDK
}
