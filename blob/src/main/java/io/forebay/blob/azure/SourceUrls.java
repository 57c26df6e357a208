package io.forebay.blob.azure;

import io.forebay.blob.azure.plane.Request;
import io.forebay.blob.azure.plane.Signing;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * The addresses under which the store itself may read a blob that it is to copy.
 *
 * @param address the container
 * @param credential who is asking
 */
record SourceUrls(AzureAddress address, AzureCredential credential) {
    /**
     * How long a signature for one block is good: the 15 minutes that a clock may be slow before the account's key is not
     * accepted from here any more, and as long again for the request.
     */
    private static final Duration VALIDITY = Duration.ofMinutes(30);

    /** For Copy Blob, which takes whoever has the account's key for one who may read all that is in it. */
    String ofCopy(String name) {
        String url = address.containerUrl() + "/" + Request.encode(name);
        return credential instanceof AzureCredential.Sas sas ? url + "?" + sas.query() : url;
    }

    /** For Put Block From URL, which reads as a stranger does: what is not public needs a signature in the URL. */
    String ofBlock(String name, Instant now) {
        return switch (credential) {
            case AzureCredential.Sas _ -> ofCopy(name);
            case AzureCredential.SharedKey(String account, String key) ->
                ofCopy(name) + "?" + toRead(name, now, Signing.SharedKey.of(account, key));
        };
    }

    /** A signature that lets anybody read that blob for a while. Source: Azure Storage REST, "Create a service SAS". */
    private String toRead(String name, Instant now, Signing.SharedKey key) {
        String expiry = now.plus(VALIDITY).truncatedTo(ChronoUnit.SECONDS).toString();
        String blob = "/blob/" + key.accountName() + "/" + address.containerName() + "/" + name;
        List<String> signed = List.of(
                "r", // may read
                "", // since ever
                expiry,
                blob,
                "", // no policy that is kept there
                "", // from any address
                "", // http or https
                ThinCalls.SERVICE_VERSION,
                "b", // a blob
                "", // not a snapshot
                "", // no encryption scope
                "", // as it is: cache control, disposition, encoding, language, type
                "",
                "",
                "",
                "");
        return "sv=" + ThinCalls.SERVICE_VERSION + "&sr=b&sp=r&se=" + Request.encode(expiry) + "&sig="
                + Request.encode(key.signature(String.join("\n", signed)));
    }
}
