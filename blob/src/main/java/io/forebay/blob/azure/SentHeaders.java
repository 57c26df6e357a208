package io.forebay.blob.azure;

import io.forebay.blob.BlobHeaders;
import java.util.SortedMap;

/**
 * What a request gives to a blob beside its bytes.
 *
 * @param headers as the caller has them
 * @param tags what the tags say that they speak of
 */
record SentHeaders(BlobHeaders headers, SortedMap<String, String> tags) {}
