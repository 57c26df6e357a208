package io.forebay.blob.azure;

import java.net.ProtocolException;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Reads the answer to Get Blob Tags as it arrives. Source: Azure Storage REST, "Get Blob Tags".
 *
 * <pre>
 *   Tags / TagSet / Tag / Key, Value
 * </pre>
 */
final class TagsReader extends XmlAnswer {
    private final SortedMap<String, String> tags = new TreeMap<>();
    private String key = "";
    private String value = "";

    TagsReader(AzureCall call) {
        super(call, "Tags");
    }

    SortedMap<String, String> tags() {
        return tags;
    }

    @Override
    void begun(String element, String attributes) {
        if (depth() == 3) {
            key = "";
            value = "";
        }
    }

    @Override
    void ended(String element) throws ProtocolException {
        if (!at(2, "TagSet") || !at(3, "Tag")) {
            return;
        }
        switch (element) {
            case "Key" -> key = text();
            case "Value" -> value = text();
            case "Tag" -> tags.put(key, value);
            default -> {}
        }
    }
}
