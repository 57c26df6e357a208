package io.forebay.testkit.sim;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A blob's tier and tags.
 *
 * @param tier that was chosen for it, or empty
 * @param tags by their keys
 */
record Labels(String tier, Map<String, String> tags) {
    static final Labels NONE = new Labels("", Map.of());

    private static final String ACCOUNTS_TIER = "Hot";
    private static final Set<String> TIERS = Set.of("Hot", "Cool", "Cold", "Archive");
    private static final int MOST_TAGS = 10;
    private static final Pattern TAG =
            Pattern.compile("<Tag>\\s*<Key>([^<]*)</Key>\\s*<Value>([^<]*)</Value>\\s*</Tag>");

    /** Those that a request gives to the blob that it makes. */
    static Labels in(RequestHead head) throws Refusal {
        String tags = head.header("x-ms-tags");
        return new Labels(tierIn(head), tags == null ? Map.of() : fromQuery(tags));
    }

    private static String tierIn(RequestHead head) throws Refusal {
        String tier = head.header("x-ms-access-tier");
        if (tier != null && !TIERS.contains(tier)) {
            throw Refusal.badRequest("InvalidHeaderValue", "x-ms-access-tier is no tier.");
        }
        return tier == null ? "" : tier;
    }

    private static Map<String, String> fromQuery(String query) throws Refusal {
        Map<String, String> tags = new TreeMap<>();
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw Refusal.badRequest("InvalidTag", "x-ms-tags is no list of tags.");
            }
            tags.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
        }
        return limited(tags);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Map<String, String> limited(Map<String, String> tags) throws Refusal {
        if (tags.size() > MOST_TAGS) {
            throw Refusal.badRequest("TooManyTags", "A blob has at most 10 tags.");
        }
        return Map.copyOf(tags);
    }

    Labels withTier(RequestHead head) throws Refusal {
        return new Labels(tierIn(head), tags);
    }

    Labels withTags(String document) throws Refusal {
        Map<String, String> found = new TreeMap<>();
        Matcher each = TAG.matcher(document);
        while (each.find()) {
            found.put(each.group(1), each.group(2));
        }
        return new Labels(tier, limited(found));
    }

    String shownTier() {
        return tier.isEmpty() ? ACCOUNTS_TIER : tier;
    }

    Answer describe(Answer answer) {
        answer.with("x-ms-access-tier", shownTier());
        if (tier.isEmpty()) {
            answer.with("x-ms-access-tier-inferred", "true");
        }
        return tags.isEmpty() ? answer : answer.with("x-ms-tag-count", Integer.toString(tags.size()));
    }

    /** As elements of a listing. */
    String listed() {
        return Xml.element("AccessTier", shownTier())
                + (tier.isEmpty() ? Xml.element("AccessTierInferred", "true") : "")
                + (tags.isEmpty() ? "" : Xml.element("TagCount", Integer.toString(tags.size())));
    }

    /** The answer to Get Blob Tags. */
    String document() {
        StringBuilder set = new StringBuilder();
        new TreeMap<>(tags).forEach((key, value) -> set.append("<Tag>")
                .append(Xml.element("Key", key))
                .append(Xml.element("Value", value))
                .append("</Tag>"));
        return Xml.DECLARATION + "<Tags><TagSet>" + set + "</TagSet></Tags>";
    }
}
