package io.forebay.blob.azure.plane;

import java.net.URI;

/**
 * Where requests go.
 *
 * @param encrypted whether TLS is spoken
 * @param host a name or an address, without brackets
 * @param port the TCP port
 * @param authority host and port as the Host header has them
 * @param basePath what every path begins with: empty, or as in {@code /devstoreaccount1}
 */
public record Origin(boolean encrypted, String host, int port, String authority, String basePath) {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /** The origin of an account's address: {@code https://acct.blob.core.windows.net}, with a path or without. */
    public static Origin of(URI account) {
        boolean encrypted = "https".equalsIgnoreCase(account.getScheme());
        int usualPort = encrypted ? HTTPS_PORT : HTTP_PORT;
        String host = account.getHost();
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        String path = account.getRawPath() == null ? "" : account.getRawPath();
        return new Origin(
                encrypted,
                bare,
                account.getPort() < 0 ? usualPort : account.getPort(),
                account.getRawAuthority(),
                path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }
}
