package io.forebay.blob.azure;

/** What proves to an account who is asking. Never printed. */
public sealed interface AzureCredential {
    /**
     * An account's key: it may do everything.
     *
     * @param accountName the account that the key belongs to
     * @param key in base64, as the portal shows it
     */
    record SharedKey(String accountName, String key) implements AzureCredential {
        @Override
        public String toString() {
            return "SharedKey[accountName=" + accountName + ", key=***]";
        }
    }

    /**
     * A shared access signature: it may do what it says, until it expires.
     *
     * @param token the query string, with or without the leading question mark
     */
    record Sas(String token) implements AzureCredential {
        @Override
        public String toString() {
            return "Sas[token=***]";
        }

        /** The token as it is appended to a URL. */
        String query() {
            String stripped = token.strip();
            return stripped.startsWith("?") ? stripped.substring(1) : stripped;
        }
    }
}
