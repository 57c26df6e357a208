package io.forebay.blob.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.base.error.ForebayException;
import io.forebay.blob.BlobHeaders;
import io.forebay.blob.BlobProperties;
import io.forebay.blob.Block;
import io.forebay.blob.BlockId;
import io.forebay.blob.Etag;
import io.forebay.blob.ListEntry;
import io.forebay.blob.ListPage;
import io.forebay.blob.Metadata;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken from lists, and that nothing is taken from what is no list, or not a whole one. */
class ListingReaderTest {
    private static final AzureCall CALL = new AzureCall("list", "https://acct.blob.core.windows.net/train");
    private static final String PROPERTIES = "<Properties><Creation-Time>Thu, 01 Jan 2026 00:00:00 GMT</Creation-Time>"
            + "<Last-Modified>Fri, 02 Jan 2026 03:04:05 GMT</Last-Modified><Etag>0x8D</Etag>"
            + "<Content-Length>7</Content-Length><Content-Type>text/plain</Content-Type><Content-MD5 />"
            + "<BlobType>BlockBlob</BlobType></Properties>";

    private static String blob(String name) {
        return "<Blob><Name>" + name + "</Name>" + PROPERTIES + "<Metadata /><OrMetadata /></Blob>";
    }

    /** As the service writes it, its mark of the byte order included. */
    private static String listing(String entries, String marker) {
        return "\uFEFF<?xml version=\"1.0\" encoding=\"utf-8\"?><EnumerationResults"
                + " ServiceEndpoint=\"https://acct.blob.core.windows.net/\" ContainerName='a>b'><Prefix>p/</Prefix>"
                + "<Delimiter>/</Delimiter><Blobs>" + entries + "</Blobs>" + marker + "</EnumerationResults>";
    }

    private static ListPage read(String xml) throws ForebayException {
        ListingReader reader = new ListingReader(CALL);
        reader.accept(ByteBuffer.wrap(xml.getBytes(StandardCharsets.UTF_8)));
        reader.finish();
        return reader.page();
    }

    private static String nameIn(String entry) throws ForebayException {
        return read(listing(entry, "<NextMarker />")).entries().getFirst().name();
    }

    @Test
    void allThatIsKnownOfABlobIsTaken() throws Exception {
        String entry = "<Blob><Name>p/a</Name>" + PROPERTIES
                + "<Metadata><Mode>0644</Mode><empty /><note>a &lt; b</note></Metadata></Blob>"
                + "<BlobPrefix><Name>p/b/</Name><Properties><Etag>0x1</Etag></Properties></BlobPrefix>";
        ListPage page = read(listing(entry, "<NextMarker>2!92!x&amp;y</NextMarker>"));

        BlobProperties expected = new BlobProperties(
                "p/a",
                new Etag("0x8D"),
                7,
                Instant.parse("2026-01-02T03:04:05Z"),
                new BlobHeaders("text/plain", Metadata.of(Map.of("Mode", "0644", "empty", "", "note", "a < b"))));
        assertThat(page.entries()).containsExactly(new ListEntry.Blob(expected), new ListEntry.Prefix("p/b/"));
        assertThat(((ListEntry.Blob) page.entries().getFirst())
                        .properties()
                        .metadata()
                        .asMap())
                .containsKey("Mode");
        assertThat(page.continuation()).isEqualTo("2!92!x&y");
        assertThat(read(listing(entry, "<NextMarker/>")).continuation()).isNull();
        assertThat(read(listing(entry, "")).continuation()).isNull();
    }

    @Test
    void oneBlobHasNothingOfTheOneBefore() throws Exception {
        String without = "<Blob><Name>b</Name><Properties><Last-Modified>Fri, 02 Jan 2026 03:04:05 GMT</Last-Modified>"
                + "<Etag>0x9</Etag><Content-Length>0</Content-Length></Properties></Blob>";
        String with = "<Blob><Name>a</Name>" + PROPERTIES + "<Metadata><k>v</k></Metadata></Blob>";
        assertThat(read(listing(with + without, "")).entries().getLast())
                .isEqualTo(new ListEntry.Blob(new BlobProperties(
                        "b", new Etag("0x9"), 0, Instant.parse("2026-01-02T03:04:05Z"), BlobHeaders.NONE)));
    }

    @Test
    void namesAreKeptToTheCharacter() throws Exception {
        assertThat(nameIn(blob(" a&amp;b &lt;&gt;&quot;&apos;&#xe9;&#233;&#x1F680;日本 ")))
                .isEqualTo(" a&b <>\"'éé🚀日本 ");
        assertThat(nameIn(blob("a%41+&amp;amp;"))).isEqualTo("a%41+&amp;");
        assertThat(nameIn(blob("x").replace("<Name>x", "<Name Encoded=\"true\">%EF%BF%BE%2541+é")))
                .isEqualTo("\uFFFE%41+é");
        assertThat(nameIn(blob("x").replace("<Name>x", "<Name Encoded=\"false\">%41")))
                .isEqualTo("%41");
    }

    @Test
    void itMattersNotInWhatPiecesItArrives() throws Exception {
        String xml = listing(
                "<!-- it's > a comment -->" + blob("é&amp;🚀") + "<BlobPrefix><Name>b/</Name></BlobPrefix>", "");
        byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
        ListPage whole = read(xml);
        for (int piece = 1; piece < 50; piece++) {
            ListingReader reader = new ListingReader(CALL);
            for (int from = 0; from < bytes.length; from += piece) {
                reader.accept(ByteBuffer.wrap(bytes, from, Math.min(piece, bytes.length - from)));
            }
            reader.finish();
            assertThat(reader.page()).isEqualTo(whole);
        }
        assertThat(whole.entries()).hasSize(2);
    }

    @Test
    void aListingThatEndsTooEarlyIsDamaged() throws Exception {
        String xml = listing(blob("a") + blob("b"), "<NextMarker>m</NextMarker>");
        int root = xml.indexOf("ContainerName='a>b'>") + "ContainerName='a>b'>".length();
        for (int length = root; length < xml.length(); length++) {
            String cut = xml.substring(0, length);
            assertThatThrownBy(() -> read(cut)).as(cut).isInstanceOf(ForebayException.Corrupt.class);
        }
        assertThat(read(xml).entries()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Blob></Blob>",
                "<Blob><Name>a</Blob></Name>",
                "<Blob><Name>a&b</Name></Blob>",
                "<Blob><Name>a&nbsp;b</Name></Blob>",
                "<Blob><Name>a&#xD800;</Name></Blob>",
                "<Blob><Name>a&#99999999;</Name></Blob>",
                "<Blob><Name><![CDATA[a]]></Name></Blob>",
                "<!ENTITY a \"b\">",
                "< >",
                "</>",
                "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a>"
            })
    void whatIsNotWellFormedIsDamaged(String entry) {
        assertThatThrownBy(() -> read(listing(entry, ""))).isInstanceOf(ForebayException.Corrupt.class);
    }

    @Test
    void whatIsTooLargeIsDamaged() {
        assertThatThrownBy(() -> read(listing(blob("x".repeat(200_000)), "")))
                .isInstanceOf(ForebayException.Corrupt.class);
        assertThatThrownBy(() -> read(listing("<" + "x".repeat(20_000) + ">", "")))
                .isInstanceOf(ForebayException.Corrupt.class);
    }

    @Test
    void bytesThatAreNotUtf8AreDamaged() {
        ListingReader reader = new ListingReader(CALL);
        byte[] xml = listing(blob("a?"), "").getBytes(StandardCharsets.UTF_8);
        xml[new String(xml, StandardCharsets.ISO_8859_1).indexOf("a?") + 1] = (byte) 0xff;
        assertThatThrownBy(() -> reader.accept(ByteBuffer.wrap(xml))).isInstanceOf(ForebayException.Corrupt.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hello",
                "<html><body>It works!</body></html>",
                "<!DOCTYPE html><html></html>",
                "{\"error\": 1}",
                "x<EnumerationResults><Blobs/></EnumerationResults>",
                "<?xml version=\"1.0\"?><Error><Code>None</Code></Error>"
            })
    void whatIsNoListingComesFromNoBlobService(String body) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOf(ForebayException.Unexpected.class)
                .hasMessageContaining("check the endpoint");
    }

    @Test
    void aBlobWithoutAVersionComesFromNoBlobService() {
        assertThatThrownBy(() -> read(listing(blob("a").replace("<Etag>0x8D</Etag>", ""), "")))
                .isInstanceOf(ForebayException.Unexpected.class);
        assertThatThrownBy(() -> read(listing(blob("a").replace("Content-Length>7", "Content-Length>many"), "")))
                .isInstanceOf(ForebayException.Corrupt.class);
    }

    @Test
    void committedBlocksAreTakenAndNoOthers() throws Exception {
        BlockListReader reader = new BlockListReader(CALL);
        String block = "<Block><Name>%s</Name><Size>%d</Size></Block>";
        String xml = "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList><CommittedBlocks>"
                + block.formatted("QUE=", 5) + block.formatted("Qg==", 4_194_304_000L)
                + "</CommittedBlocks><UncommittedBlocks>" + block.formatted("Qw==", 1)
                + "</UncommittedBlocks></BlockList>";
        reader.accept(ByteBuffer.wrap(xml.getBytes(StandardCharsets.UTF_8)));
        reader.finish();
        assertThat(reader.blocks())
                .isEqualTo(List.of(new Block(new BlockId("QUE="), 5), new Block(new BlockId("Qg=="), 4_194_304_000L)));
    }
}
