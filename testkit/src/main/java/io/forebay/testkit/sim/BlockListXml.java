package io.forebay.testkit.sim;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** The documents of Put Block List and Get Block List. */
final class BlockListXml {
    /** What a blob may have of them. */
    private static final int MOST_BLOCKS = 50_000;

    private enum Source {
        COMMITTED,
        UNCOMMITTED,
        LATEST
    }

    private record Wanted(Source source, String id) {}

    private BlockListXml() {}

    /**
     * The blocks that a Put Block List names, found among those that are there.
     *
     * @param committed those of the blob as it is
     * @param staged by id
     */
    static List<BlobBlock> chosen(byte[] document, List<BlobBlock> committed, Map<String, BlobBlock> staged)
            throws Refusal {
        Map<String, BlobBlock> committedById = new java.util.HashMap<>();
        committed.forEach(block -> committedById.put(block.id(), block));
        List<BlobBlock> chosen = new ArrayList<>();
        for (Wanted wanted : parse(document)) {
            BlobBlock found = find(wanted, committedById, staged);
            if (found == null) {
                throw Refusal.badRequest("InvalidBlockList", "The specified block list is invalid.");
            }
            chosen.add(found);
        }
        if (chosen.size() > MOST_BLOCKS) {
            throw Refusal.badRequest("BlockListTooLong", "The block list may not contain more than 50,000 blocks.");
        }
        return chosen;
    }

    private static @Nullable BlobBlock find(
            Wanted wanted, Map<String, BlobBlock> committed, Map<String, BlobBlock> staged) {
        BlobBlock ofStaged = staged.get(wanted.id());
        BlobBlock ofCommitted = committed.get(wanted.id());
        return switch (wanted.source()) {
            case COMMITTED -> ofCommitted;
            case UNCOMMITTED -> ofStaged;
            case LATEST -> ofStaged == null ? ofCommitted : ofStaged;
        };
    }

    private static List<Wanted> parse(byte[] document) throws Refusal {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        List<Wanted> wanted = new ArrayList<>();
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new ByteArrayInputStream(document));
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT
                        && !reader.getLocalName().equals("BlockList")) {
                    Source source = source(reader.getLocalName());
                    wanted.add(new Wanted(source, reader.getElementText().strip()));
                }
            }
        } catch (XMLStreamException notXml) {
            throw invalidDocument();
        }
        return wanted;
    }

    private static Source source(String element) throws Refusal {
        return switch (element) {
            case "Committed" -> Source.COMMITTED;
            case "Uncommitted" -> Source.UNCOMMITTED;
            case "Latest" -> Source.LATEST;
            default -> throw invalidDocument();
        };
    }

    private static Refusal invalidDocument() {
        return Refusal.badRequest("InvalidXmlDocument", "The specified XML is not syntactically valid.");
    }

    /** @param type which of the two, as the request names them: the one, the other, or {@code all} */
    static String written(String type, List<BlobBlock> committed, List<BlobBlock> staged) {
        StringBuilder document = new StringBuilder(Xml.DECLARATION).append("<BlockList>");
        if (!type.equals("uncommitted")) {
            append(document, "CommittedBlocks", committed);
        }
        if (!type.equals("committed")) {
            append(document, "UncommittedBlocks", staged);
        }
        return document.append("</BlockList>").toString();
    }

    private static void append(StringBuilder document, String element, List<BlobBlock> blocks) {
        document.append('<').append(element).append('>');
        for (BlobBlock block : blocks) {
            document.append("<Block>")
                    .append(Xml.element("Name", block.id()))
                    .append(Xml.element("Size", Long.toString(block.content().lengthBytes())))
                    .append("</Block>");
        }
        document.append("</").append(element).append('>');
    }
}
