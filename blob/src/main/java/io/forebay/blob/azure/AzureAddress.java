package io.forebay.blob.azure;

import io.forebay.base.error.ForebayException.InvalidArgument;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a container is.
 *
 * @param accountUrl without a slash at the end; what comes behind it is {@code /container/blob}
 * @param containerName the container
 */
record AzureAddress(String accountUrl, String containerName) {
    // Azure Storage REST, "Naming and referencing containers, blobs, and metadata".
    private static final Pattern ACCOUNT = Pattern.compile("[a-z0-9]{3,24}");
    private static final Pattern CONTAINER =
            Pattern.compile("(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*|\\$root|\\$web|\\$logs");
    private static final Set<String> SCHEMES = Set.of("http", "https");

    /**
     * Checks settings and finds the address in them.
     *
     * @throws InvalidArgument in one sentence that says what to write instead, and never repeats a secret
     */
    static AzureAddress of(AzureStoreSettings settings) throws InvalidArgument {
        checkCredential(settings.credential());
        if (!CONTAINER.matcher(settings.containerName()).matches()) {
            throw new InvalidArgument("'" + settings.containerName()
                    + "' is not a container name: write 3 to 63 lower-case letters, digits and single hyphens");
        }
        URI endpoint = settings.endpoint();
        String accountUrl =
                endpoint == null ? publicCloud(accountName(settings)) : withoutSlash(checkedEndpoint(endpoint));
        return new AzureAddress(accountUrl, settings.containerName());
    }

    String containerUrl() {
        return accountUrl + "/" + containerName;
    }

    boolean isEncrypted() {
        return accountUrl.startsWith("https:");
    }

    /** Whether the host is written as this machine, which needs no network. */
    boolean isOnThisMachine() {
        String host = String.valueOf(URI.create(accountUrl).getHost());
        return host.equals("localhost") || host.matches("127\\.\\d+\\.\\d+\\.\\d+") || host.equals("[::1]");
    }

    /** Whether this machine's settings put a proxy in between. */
    boolean isBehindProxy() {
        ProxySelector selector = ProxySelector.getDefault();
        return selector != null
                && selector.select(URI.create(accountUrl)).stream()
                        .anyMatch(proxy -> proxy.type() != Proxy.Type.DIRECT);
    }

    private static @Nullable String accountName(AzureStoreSettings settings) {
        if (settings.accountName() == null && settings.credential() instanceof AzureCredential.SharedKey shared) {
            return shared.accountName();
        }
        return settings.accountName();
    }

    private static String publicCloud(@Nullable String accountName) throws InvalidArgument {
        if (accountName == null) {
            throw new InvalidArgument("neither an endpoint nor an account name is given");
        }
        if (!ACCOUNT.matcher(accountName).matches()) {
            throw new InvalidArgument(
                    "'" + accountName + "' is not an account name: write 3 to 24 lower-case letters and digits");
        }
        return "https://" + accountName + ".blob.core.windows.net";
    }

    private static URI checkedEndpoint(URI endpoint) throws InvalidArgument {
        // A query may hold a SAS token, and user information a password: neither is repeated in a message.
        if (endpoint.getRawQuery() != null || endpoint.getRawFragment() != null || endpoint.getRawUserInfo() != null) {
            throw new InvalidArgument("the endpoint must be the account's address alone, without a query,"
                    + " a fragment or a user; a SAS token is given as the credential");
        }
        String scheme = endpoint.getScheme() == null ? "" : endpoint.getScheme().toLowerCase(Locale.ROOT);
        if (!SCHEMES.contains(scheme) || endpoint.getHost() == null) {
            throw new InvalidArgument("'" + endpoint + "' is not an endpoint: write for example"
                    + " https://ACCOUNT.blob.core.windows.net or http://127.0.0.1:10000/ACCOUNT");
        }
        return endpoint;
    }

    private static String withoutSlash(URI endpoint) {
        String path = endpoint.getRawPath() == null ? "" : endpoint.getRawPath();
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return endpoint.getScheme().toLowerCase(Locale.ROOT) + "://" + endpoint.getRawAuthority()
                + path.substring(0, end);
    }

    private static void checkCredential(AzureCredential credential) throws InvalidArgument {
        switch (credential) {
            case AzureCredential.SharedKey shared -> checkKey(shared);
            case AzureCredential.Sas sas -> checkToken(sas.query());
        }
    }

    private static void checkKey(AzureCredential.SharedKey shared) throws InvalidArgument {
        if (shared.accountName().isBlank()) {
            throw new InvalidArgument("an account key needs the name of its account");
        }
        try {
            if (Base64.getDecoder().decode(shared.key()).length > 0) {
                return;
            }
        } catch (IllegalArgumentException notBase64) {
            // Falls through; the exception's own message would repeat a part of the key.
        }
        throw new InvalidArgument(
                "the account key is not base64; copy the whole key of account " + shared.accountName() + " again");
    }

    private static void checkToken(String query) throws InvalidArgument {
        boolean printable = query.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (!printable || !("&" + query).contains("&sig=")) {
            throw new InvalidArgument("the SAS token has no signature (sig=) or holds spaces;"
                    + " copy the whole token again, and quote it where a shell reads it");
        }
    }
}
