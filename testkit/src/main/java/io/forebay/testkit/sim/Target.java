package io.forebay.testkit.sim;

/**
 * What a path names, as an account with its name in the path has it.
 *
 * @param account empty if the path is {@code /}
 * @param container empty if the account itself is meant
 * @param blob empty if the container itself is meant
 */
record Target(String account, String container, String blob) {
    static Target of(String rawPath) throws Refusal {
        String[] parts = rawPath.substring(rawPath.startsWith("/") ? 1 : 0).split("/", 3);
        try {
            return new Target(decoded(parts, 0), decoded(parts, 1), decoded(parts, 2));
        } catch (IllegalArgumentException badEscape) {
            throw Refusal.badRequest("InvalidUri", "The requested URI does not represent any resource on the server.");
        }
    }

    private static String decoded(String[] parts, int index) {
        return index < parts.length ? RequestHead.decodedPath(parts[index]) : "";
    }
}
