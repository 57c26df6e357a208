package io.forebay.blob;

/**
 * What a blob tells of its bytes to whoever reads it over HTTP; each is the text of a header, and empty where there is none.
 * Source: Azure Storage REST, "Set Blob Properties". Its {@code Content-MD5} is left out: it is true of one version only.
 *
 * @param type {@code Content-Type}; Azure's own default is {@link BlobHeaders#OCTET_STREAM}
 * @param encoding {@code Content-Encoding}: {@code gzip}
 * @param language {@code Content-Language}
 * @param disposition {@code Content-Disposition}
 * @param cacheControl {@code Cache-Control}
 */
public record ContentHeaders(String type, String encoding, String language, String disposition, String cacheControl) {
    /** What a blob has that was written without any. */
    public static final ContentHeaders NONE = ofType(BlobHeaders.OCTET_STREAM);

    /** A type and nothing else. */
    public static ContentHeaders ofType(String type) {
        return new ContentHeaders(type, "", "", "", "");
    }

    /** Whether there is nothing but a type. */
    public boolean isTypeAlone() {
        return equals(ofType(type));
    }
}
