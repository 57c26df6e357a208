package io.forebay.testkit.sim;

import java.util.Locale;

/** What a request asks for, as counters and fault rules name it. */
public enum Operation {
    LIST_CONTAINERS,
    ACCOUNT_INFORMATION,
    CREATE_CONTAINER,
    CONTAINER_PROPERTIES,
    DELETE_CONTAINER,
    LIST_BLOBS,
    GET_BLOB,
    BLOB_PROPERTIES,
    PUT_BLOB,
    PUT_BLOCK,
    PUT_BLOCK_FROM_URL,
    PUT_BLOCK_LIST,
    GET_BLOCK_LIST,
    COPY_BLOB,
    ABORT_COPY,
    SET_METADATA,
    SET_PROPERTIES,
    DELETE_BLOB,
    GET_TAGS,
    SET_TAGS,
    SET_TIER,
    /** What the simulator does not know. */
    OTHER;

    /** In lower case, with hyphens. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The one with that label. */
    static Operation of(String label) {
        for (Operation operation : values()) {
            if (operation.label().equals(label)) {
                return operation;
            }
        }
        throw new IllegalArgumentException("there is no operation '" + label + "'");
    }

    static Operation of(RequestHead head, Target target) {
        String comp = head.queryOr("comp", "");
        if (target.blob().isEmpty()) {
            return target.container().isEmpty() ? ofAccount(head, comp) : ofContainer(head, comp);
        }
        return switch (head.method()) {
            case "GET" -> ofBlobGet(head, comp);
            case "HEAD" -> comp.isEmpty() ? BLOB_PROPERTIES : OTHER;
            case "PUT" -> ofBlobPut(head, comp);
            case "DELETE" -> comp.isEmpty() ? DELETE_BLOB : OTHER;
            default -> OTHER;
        };
    }

    private static Operation ofAccount(RequestHead head, String comp) {
        if (comp.equals("list")) {
            return LIST_CONTAINERS;
        }
        return isAccountQuestion(head, comp) ? ACCOUNT_INFORMATION : OTHER;
    }

    private static boolean isAccountQuestion(RequestHead head, String comp) {
        return head.queryOr("restype", "").equals("account") && comp.equals("properties");
    }

    private static Operation ofContainer(RequestHead head, String comp) {
        if (isAccountQuestion(head, comp)) {
            return ACCOUNT_INFORMATION;
        }
        if (!head.queryOr("restype", "").equals("container")) {
            return OTHER;
        }
        return switch (head.method() + " " + comp) {
            case "PUT " -> CREATE_CONTAINER;
            case "GET ", "HEAD ", "GET metadata", "HEAD metadata", "GET acl", "HEAD acl" -> CONTAINER_PROPERTIES;
            case "DELETE " -> DELETE_CONTAINER;
            case "GET list" -> LIST_BLOBS;
            default -> OTHER;
        };
    }

    private static Operation ofBlobGet(RequestHead head, String comp) {
        if (isAccountQuestion(head, comp)) {
            return ACCOUNT_INFORMATION;
        }
        return switch (comp) {
            case "" -> GET_BLOB;
            case "metadata" -> BLOB_PROPERTIES;
            case "blocklist" -> GET_BLOCK_LIST;
            case "tags" -> GET_TAGS;
            default -> OTHER;
        };
    }

    private static Operation ofBlobPut(RequestHead head, String comp) {
        boolean hasSource = head.header("x-ms-copy-source") != null;
        return switch (comp) {
            case "" -> hasSource ? COPY_BLOB : PUT_BLOB;
            case "block" -> hasSource ? PUT_BLOCK_FROM_URL : PUT_BLOCK;
            case "blocklist" -> PUT_BLOCK_LIST;
            case "metadata" -> SET_METADATA;
            case "properties" -> SET_PROPERTIES;
            case "tags" -> SET_TAGS;
            case "tier" -> SET_TIER;
            case "copy" -> ABORT_COPY;
            default -> OTHER;
        };
    }
}
