package io.cairn.server.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.Checksum;
import io.cairn.object.ChecksumAlgorithm;
import io.cairn.server.s3.FakeExchange.Reply;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Multipart uploads through the S3 face. Parts here have at least 100 bytes.
class S3MultipartTest {
    private static final String FIRST = "x".repeat(S3TestClient.MIN_PART_BYTES);
    private final S3TestClient s3 = new S3TestClient();

    @BeforeEach
    void makeBucket() {
        s3.put("/bucket", "");
    }

    private String begin(String key) {
        return s3.call("POST", "/bucket/" + key + "?uploads").send().element("UploadId");
    }

    private String part(String key, String id, int number, String body) {
        var reply = s3.put("/bucket/" + key + "?partNumber=" + number + "&uploadId=" + id, body);
        assertEquals(200, reply.status(), reply.text());
        return reply.header("ETag");
    }

    private static String document(String... numbersAndEtags) {
        var xml = new StringBuilder("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        for (int i = 0; i < numbersAndEtags.length; i += 2)
            xml.append("<Part><PartNumber>").append(numbersAndEtags[i]).append("</PartNumber><ETag>")
                    .append(numbersAndEtags[i + 1])
                    .append("</ETag></Part>");
        return xml.append("</CompleteMultipartUpload>").toString();
    }

    private Reply complete(String key, String id, String document) {
        return s3.call("POST", "/bucket/" + key + "?uploadId=" + id).body(document).send();
    }

    @Test
    void partsMakeAnObject() {
        var begun = s3.call("POST", "/bucket/key?uploads").header("x-amz-meta-m", "1").header("Content-Type", "text/x").send();
        assertEquals("bucket", begun.element("Bucket"));
        assertEquals("key", begun.element("Key"));
        var id = begun.element("UploadId");
        var two = part("key", id, 2, "end");
        var one = part("key", id, 1, FIRST);
        var done = complete("key", id, document("1", one, "2", two));
        assertEquals(200, done.status(), done.text());
        assertTrue(done.element("ETag").endsWith("-2&quot;"), done.element("ETag"));
        assertEquals("http://127.0.0.1:4566/bucket/key", done.element("Location"));
        assertEquals("FULL_OBJECT", done.element("ChecksumType"));
        assertEquals(Checksum.of(ChecksumAlgorithm.CRC64NVME, (FIRST + "end").getBytes(UTF_8)).text(),
                done.element("ChecksumCRC64NVME"));
        var got = s3.get("/bucket/key");
        assertEquals(FIRST + "end", got.text());
        assertEquals("1", got.header("x-amz-meta-m"));
        assertEquals("text/x", got.header("content-type"));
        var again = complete("key", id, document("1", one, "2", two));
        assertEquals(200, again.status(), "a completion may be repeated");
        assertEquals(done.element("ETag"), again.element("ETag"));
        assertEquals("NoSuchUpload", s3.put("/bucket/key?partNumber=3&uploadId=" + id, "x").element("Code"));
    }

    @ParameterizedTest
    @CsvSource({"CRC32, , COMPOSITE", "CRC32, FULL_OBJECT, FULL_OBJECT", "CRC32C, COMPOSITE, COMPOSITE",
            "CRC64NVME, , FULL_OBJECT",
            "SHA1, , COMPOSITE", "SHA256, , COMPOSITE"})
    void checksumsOfPartsAndWhole(ChecksumAlgorithm algorithm, String type, String expectedType) {
        var call = s3.call("POST", "/bucket/key?uploads").header("x-amz-checksum-algorithm", algorithm);
        var begun = (type == null ? call : call.header("x-amz-checksum-type", type)).send();
        assertEquals(algorithm.name(), begun.header("x-amz-checksum-algorithm"));
        assertEquals(expectedType, begun.header("x-amz-checksum-type"));
        var id = begun.element("UploadId");
        var name = ChecksumNames.header(algorithm).toString();
        var one = s3.call("PUT", "/bucket/key?partNumber=1&uploadId=" + id).body(FIRST).withChecksum(algorithm).send();
        var two = s3.call("PUT", "/bucket/key?partNumber=2&uploadId=" + id).body("end").withChecksum(algorithm).send();
        assertFalse(one.header(name).isEmpty(), one.text());
        var element = ChecksumNames.element(algorithm);
        var listed = s3.get("/bucket/key?uploadId=" + id);
        assertEquals(List.of(one.header(name), two.header(name)), listed.elements(element));
        assertEquals(expectedType, listed.element("ChecksumType"));
        var xml = new StringBuilder("<CompleteMultipartUpload>");
        int number = 1;
        for (var part : List.of(one, two))
            xml.append("<Part><ETag>").append(part.header("ETag")).append("</ETag><").append(element).append('>')
                    .append(part.header(name))
                    .append("</").append(element).append("><PartNumber>").append(number++).append("</PartNumber></Part>");
        var document = xml.append("</CompleteMultipartUpload>").toString();
        var wrong = s3.call("POST", "/bucket/key?uploadId=" + id).header(name, Checksum.of(algorithm, new byte[7]).text())
                .body(document).send();
        assertEquals("BadDigest", wrong.element("Code"), wrong.text());
        var done = complete("key", id, document);
        assertEquals(expectedType, done.element("ChecksumType"), done.text());
        if (expectedType.equals("COMPOSITE"))
            assertTrue(done.element(element).endsWith("-2"), done.element(element));
        else
            assertEquals(Checksum.of(algorithm, (FIRST + "end").getBytes(UTF_8)).text(), done.element(element));
        var got = s3.call("GET", "/bucket/key").header("x-amz-checksum-mode", "ENABLED").send();
        assertEquals(done.element(element), got.header(name));
        for (var method : List.of("GET", "HEAD"))
            for (int i = 1; i <= 2; i++) {
                var ofPart = s3.call(method, "/bucket/key?partNumber=" + i).header("x-amz-checksum-mode", "ENABLED").send();
                assertEquals((i == 1 ? one : two).header(name), ofPart.header(name));
                assertEquals("", ofPart.header("x-amz-checksum-type"));
                assertEquals("", s3.call(method, "/bucket/key?partNumber=" + i).send().header(name), "nobody asked");
            }
    }

    @ParameterizedTest
    @CsvSource({"CRC32, COMPOSITE", "CRC32, FULL_OBJECT"})
    void anOnlyPartTellsItsOwnChecksum(ChecksumAlgorithm algorithm, String type) {
        var id = s3.call("POST", "/bucket/key?uploads").header("x-amz-checksum-algorithm", algorithm)
                .header("x-amz-checksum-type", type).send().element("UploadId");
        var name = ChecksumNames.header(algorithm).toString();
        var one = s3.call("PUT", "/bucket/key?partNumber=1&uploadId=" + id).body(FIRST).withChecksum(algorithm).send();
        complete("key", id, document("1", one.header("ETag")).replace("</ETag>", "</ETag><ChecksumCRC32>" + one.header(name)
                + "</ChecksumCRC32>"));
        var got = s3.call("GET", "/bucket/key?partNumber=1").header("x-amz-checksum-mode", "ENABLED").send();
        assertEquals(FIRST, got.text());
        assertEquals(one.header(name), got.header(name));
        assertEquals("", got.header("x-amz-checksum-type"));
    }

    @Test
    void aPartMayComeWithAnotherChecksumThanTheUsualOne() {
        var id = begin("key");
        for (var algorithm : List.of(ChecksumAlgorithm.CRC32, ChecksumAlgorithm.CRC32C, ChecksumAlgorithm.SHA1,
                ChecksumAlgorithm.SHA256)) {
            var target = "/bucket/key?partNumber=1&uploadId=" + id;
            assertEquals(200, s3.call("PUT", target).body(FIRST).withChecksum(algorithm).send().status());
            assertEquals("BadDigest",
                    s3.call("PUT", target).body("other").withChecksum(algorithm).body(FIRST).send().element("Code"));
        }
        var sha = s3.call("POST", "/bucket/key?uploads").header("x-amz-checksum-algorithm", "SHA1").send().element("UploadId");
        assertEquals("InvalidRequest", s3.call("PUT", "/bucket/key?partNumber=1&uploadId=" + sha).body(FIRST)
                .withChecksum(ChecksumAlgorithm.CRC32).send().element("Code"));
    }

    @Test
    void algorithmsAndFormsThatDoNotGoTogetherAreRefused() {
        assertEquals("InvalidRequest", s3.call("POST", "/bucket/key?uploads").header("x-amz-checksum-algorithm", "SHA1")
                .header("x-amz-checksum-type", "FULL_OBJECT").send().element("Code"));
        assertEquals("InvalidRequest",
                s3.call("POST", "/bucket/key?uploads").header("x-amz-checksum-algorithm", "MD6").send().element("Code"));
        assertEquals("InvalidRequest",
                s3.call("POST", "/bucket/key?uploads").header("x-amz-checksum-type", "COMPOSITE").send().element("Code"));
    }

    @Test
    void completionsAreRefusedForWhatIsWrongWithThem() {
        var id = begin("key");
        var small = part("key", id, 1, "small");
        var last = part("key", id, 2, "end");
        assertEquals("EntityTooSmall", complete("key", id, document("1", small, "2", last)).element("Code"));
        assertEquals("InvalidPartOrder", complete("key", id, document("2", last, "1", small)).element("Code"));
        assertEquals("InvalidPart", complete("key", id, document("2", small)).element("Code"));
        assertEquals("InvalidPart", complete("key", id, document("3", small)).element("Code"));
        assertEquals("MalformedXML", complete("key", id, document()).element("Code"));
        assertEquals("MalformedXML", complete("key", id, "").element("Code"));
        assertEquals("MalformedXML", complete("key", id, document("one", small)).element("Code"));
        assertEquals("NoSuchUpload", complete("other", id, document("2", last)).element("Code"));
        assertEquals("InvalidRequest", s3.call("POST", "/bucket/key?uploadId=" + id).header("x-amz-mp-object-size", "4")
                .body(document("2", last)).send().element("Code"));
        assertEquals("InvalidRequest", s3.call("POST", "/bucket/key?uploadId=" + id).header("x-amz-checksum-type", "COMPOSITE")
                .body(document("2", last)).send().element("Code"));
        s3.put("/bucket/key", "there");
        assertEquals("PreconditionFailed", s3.call("POST", "/bucket/key?uploadId=" + id).header("If-None-Match", "*")
                .body(document("2", last)).send().element("Code"));
        assertEquals("there", s3.get("/bucket/key").text());
        assertEquals(200, s3.call("POST", "/bucket/key?uploadId=" + id).header("x-amz-mp-object-size", "3")
                .body(document("2", last)).send().status());
        assertEquals("end", s3.get("/bucket/key").text());
    }

    @ParameterizedTest
    @CsvSource({"0", "10001", "one", "-1"})
    void partsAreNumberedOneToTenThousand(String number) {
        var id = begin("key");
        assertEquals("InvalidArgument", s3.put("/bucket/key?partNumber=" + number + "&uploadId=" + id, "x").element("Code"));
        assertEquals("InvalidArgument", s3.put("/bucket/key?uploadId=" + id, "x").element("Code"));
        assertEquals(404, s3.get("/bucket/key").status());
    }

    @Test
    void partsAreListedInPages() {
        var id = begin("key");
        for (int number : new int[]{1, 3, 7})
            part("key", id, number, "part " + number);
        var first = s3.get("/bucket/key?max-parts=2&uploadId=" + id);
        assertEquals(List.of("1", "3"), first.elements("PartNumber"));
        assertEquals("true", first.element("IsTruncated"));
        assertEquals("3", first.element("NextPartNumberMarker"));
        var second = s3.get("/bucket/key?part-number-marker=3&uploadId=" + id);
        assertEquals(List.of("7"), second.elements("PartNumber"));
        assertEquals("false", second.element("IsTruncated"));
        assertEquals("6", second.element("Size"));
    }

    @Test
    void abortedIsGone() {
        var id = begin("key");
        part("key", id, 1, "x");
        assertEquals(204, s3.delete("/bucket/key?uploadId=" + id).status());
        assertEquals("NoSuchUpload", s3.delete("/bucket/key?uploadId=" + id).element("Code"));
        assertEquals("NoSuchUpload", s3.get("/bucket/key?uploadId=" + id).element("Code"));
        assertEquals(204, s3.delete("/bucket").status());
    }

    @Test
    void unfinishedUploadsAreListed() {
        var b = begin("b");
        var a1 = begin("a/1");
        begin("a/2");
        var b2 = begin("b");
        var all = s3.get("/bucket?uploads");
        assertEquals(List.of("a/1", "a/2", "b", "b"), all.elements("Key"));
        assertEquals(a1, all.element("UploadId"));
        var rolled = s3.get("/bucket?uploads&delimiter=/&max-uploads=2");
        assertEquals(List.of("b"), rolled.elements("Key"));
        assertTrue(rolled.text().contains("<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>"), rolled.text());
        assertEquals("true", rolled.element("IsTruncated"));
        var rest = s3.get("/bucket?uploads&key-marker=" + rolled.element("NextKeyMarker") + "&upload-id-marker="
                + rolled.element("NextUploadIdMarker"));
        assertEquals(List.of(b2), rest.elements("UploadId"));
        assertNotEquals(b, b2);
    }

    @Test
    void aPartMayBeCopied() {
        s3.put("/bucket/source", FIRST + "tail");
        var id = begin("key");
        var one = s3.call("PUT", "/bucket/key?partNumber=1&uploadId=" + id).header("x-amz-copy-source", "bucket/source")
                .header("x-amz-copy-source-range", "bytes=0-99").send();
        var two = s3.call("PUT", "/bucket/key?partNumber=2&uploadId=" + id).header("x-amz-copy-source", "bucket/source").send();
        assertEquals(200, complete("key", id, document("1", one.element("ETag"), "2", two.element("ETag"))).status());
        assertEquals(FIRST + FIRST + "tail", s3.get("/bucket/key").text());
        assertEquals("InvalidArgument", s3.call("PUT", "/bucket/key?partNumber=1&uploadId=" + begin("key"))
                .header("x-amz-copy-source", "bucket/source").header("x-amz-copy-source-range", "0-99").send().element("Code"));
    }

    /// A part is copied as asked or not at all: a run that is cut short would be an object with bytes missing.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"bytes=5-|The x-amz-copy-source-range value must be of the form bytes=first-last",
            "bytes=-5|The x-amz-copy-source-range value must be of the form bytes=first-last",
            "bytes=5-2|The x-amz-copy-source-range value must be of the form bytes=first-last",
            "bytes=0-1,3-4|The x-amz-copy-source-range value must be of the form bytes=first-last",
            "bytes=+0-9|The x-amz-copy-source-range value must be of the form bytes=first-last",
            "0-9|The x-amz-copy-source-range value must be of the form bytes=first-last",
            "bytes=0-10|Range specified is not valid for source object of size: 10",
            "bytes=0-99999999999999999999|Range specified is not valid for source object of size: 10",
            "bytes=10-10|Range specified is not valid for source object of size: 10"})
    void aCopiedRangeLiesWithinTheSource(String range, String message) {
        s3.put("/bucket/source", "0123456789");
        var target = "/bucket/key?partNumber=1&uploadId=" + begin("key");
        var refused = s3.call("PUT", target).header("x-amz-copy-source", "/bucket/source")
                .header("x-amz-copy-source-range", range).send();
        assertEquals("InvalidArgument", refused.element("Code"), refused.text());
        assertEquals(400, refused.status());
        assertTrue(refused.element("Message").startsWith(message), refused.text());
        assertEquals(range, refused.element("ArgumentValue"));
        var whole = s3.call("PUT", target).header("x-amz-copy-source", "/bucket/source")
                .header("x-amz-copy-source-range", "bytes=0-9").send();
        assertEquals(200, whole.status(), whole.text());
    }

    @Test
    void aPartIsNotCopiedFromAnotherOwner() {
        s3.put("/bucket/source", "0123456789");
        var target = "/bucket/key?partNumber=1&uploadId=" + begin("key");
        var refused = s3.call("PUT", target).header("x-amz-copy-source", "/bucket/source")
                .header("x-amz-source-expected-bucket-owner", "123456789012").send();
        assertEquals("AccessDenied", refused.element("Code"), refused.text());
        assertEquals(403, refused.status());
        assertEquals(200, s3.call("PUT", target).header("x-amz-copy-source", "/bucket/source")
                .header("x-amz-source-expected-bucket-owner", "000000000000").send().status());
    }

    @Test
    void aPartOfTheObjectMayBeAskedFor() {
        var id = begin("key");
        var one = part("key", id, 2, FIRST);
        var two = part("key", id, 5, "end");
        complete("key", id, document("2", one, "5", two));
        var empty = begin("empty");
        complete("empty", empty, document("1", part("empty", empty, 1, FIRST), "2", part("empty", empty, 2, "")));
        var nothing = s3.get("/bucket/empty?partNumber=2");
        assertEquals(200, nothing.status(), "a 206 would have to name a run of bytes");
        assertEquals("", nothing.text());
        var got = s3.get("/bucket/key?partNumber=2");
        assertEquals(206, got.status());
        assertEquals("end", got.text());
        assertEquals("bytes 100-102/103", got.header("Content-Range"));
        assertEquals("2", got.header("x-amz-mp-parts-count"));
        var head = s3.call("HEAD", "/bucket/key?partNumber=1").send();
        assertEquals(206, head.status());
        assertEquals(100, head.announced());
        assertEquals("InvalidPartNumber", s3.get("/bucket/key?partNumber=3").element("Code"));
        assertEquals("InvalidArgument", s3.get("/bucket/key?partNumber=0").element("Code"));
    }

    @Test
    void tenThousandPartsWithChecksumsCanBeNamed() {
        var id = begin("key");
        var xml = new StringBuilder("<CompleteMultipartUpload>\n");
        for (int number = 1; number <= 10_000; number++)
            xml.append("    <Part>\n        <ETag>&quot;").append("0".repeat(32)).append("&quot;</ETag>\n        <PartNumber>")
                    .append(number)
                    .append("</PartNumber>\n        <ChecksumSHA256>").append("A".repeat(43))
                    .append("=</ChecksumSHA256>\n    </Part>\n");
        assertEquals("InvalidPart", complete("key", id, xml.append("</CompleteMultipartUpload>").toString()).element("Code"),
                "read to its end, and only then refused: there are no such parts");
    }

    @Test
    void othersHaveNoPartInIt() {
        var id = begin("key");
        var bob = s3.as(S3TestClient.BOB);
        assertEquals("AccessDenied", bob.put("/bucket/key?partNumber=1&uploadId=" + id, "x").element("Code"));
        assertEquals("AccessDenied", bob.get("/bucket/key?uploadId=" + id).element("Code"));
        assertEquals("AccessDenied", bob.delete("/bucket/key?uploadId=" + id).element("Code"));
        assertEquals("AccessDenied",
                bob.call("POST", "/bucket/key?uploadId=" + id).body(document("1", "e")).send().element("Code"));
        assertEquals("AccessDenied", bob.call("POST", "/bucket/key?uploads").send().element("Code"));
    }
}
