package io.forebay.blob;

/**
 * What an account has put on a blob, and no part of its versions: to change it makes no new {@link Etag}. A store keeps it on
 * a blob that is replaced only if it is told to.
 *
 * @param accessTier the tier that was chosen for this blob, as Azure writes it ({@code Cool}); empty for the account's own
 * @param tagCount how many index tags it has; what they say stays with the store
 */
public record BlobLabels(String accessTier, int tagCount) {
    public static final BlobLabels NONE = new BlobLabels("", 0);
}
