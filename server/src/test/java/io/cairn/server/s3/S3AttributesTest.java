package io.cairn.server.s3;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.ChecksumAlgorithm;
import io.cairn.server.s3.FakeExchange.Reply;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// GetObjectAttributes, RenameObject, and every checksum there is.
class S3AttributesTest {
    private static final String ALL = "ETag,Checksum,ObjectParts,StorageClass,ObjectSize";
    private final S3TestClient s3 = new S3TestClient();

    @BeforeEach
    void makeBucket() {
        s3.put("/bucket", "");
    }

    private Reply attributes(String target, String wanted) {
        return s3.call("GET", target + "?attributes").header("x-amz-object-attributes", wanted).send();
    }

    private static void refused(int status, String code, Reply reply) {
        assertEquals(code, reply.element("Code"), reply.text());
        assertEquals(status, reply.status());
    }

    @Test
    void whatIsAskedForIsToldAndNothingElse() {
        s3.put("/bucket/key", "hello");
        var all = attributes("/bucket/key", ALL);
        assertEquals("5d41402abc4b2a76b9719d911017c592", all.element("ETag"));
        assertEquals("5", all.element("ObjectSize"));
        assertEquals("STANDARD", all.element("StorageClass"));
        assertEquals("FULL_OBJECT", all.element("ChecksumType"));
        assertFalse(all.element("ChecksumCRC64NVME").isEmpty());
        assertEquals("", all.element("ObjectParts"), "it has none");
        var one = attributes("/bucket/key", "ObjectSize");
        assertEquals("5", one.element("ObjectSize"));
        assertEquals("", one.element("ETag"));
        refused(400, "InvalidArgument", attributes("/bucket/key", "Colour"));
        refused(400, "InvalidRequest", s3.get("/bucket/key?attributes"));
        refused(404, "NoSuchKey", attributes("/bucket/none", ALL));
    }

    @Test
    void partsComeInPages() {
        var begun = s3.call("POST", "/bucket/key?uploads").header("x-amz-checksum-algorithm", "SHA256").send();
        var id = begun.element("UploadId");
        var parts = new StringBuilder();
        for (int n = 1; n <= 3; n++) {
            var part = s3.call("PUT", "/bucket/key?partNumber=" + n + "&uploadId=" + id).body("x".repeat(100 + n))
                    .withChecksum(ChecksumAlgorithm.SHA256).send();
            parts.append("<Part><PartNumber>").append(n).append("</PartNumber><ETag>").append(part.header("ETag"))
                    .append("</ETag><ChecksumSHA256>").append(part.header("x-amz-checksum-sha256"))
                    .append("</ChecksumSHA256></Part>");
        }
        var done = s3.call("POST", "/bucket/key?uploadId=" + id)
                .body("<CompleteMultipartUpload>" + parts + "</CompleteMultipartUpload>").send();
        assertEquals(200, done.status(), done.text());
        var page = s3.call("GET", "/bucket/key?attributes").header("x-amz-object-attributes", "ObjectParts,Checksum")
                .header("x-amz-max-parts", 2).send();
        assertEquals("3", page.element("PartsCount"));
        assertEquals(List.of("1", "2"), page.elements("PartNumber"));
        assertEquals(List.of("101", "102"), page.elements("Size"));
        assertEquals("true", page.element("IsTruncated"));
        assertEquals("2", page.element("NextPartNumberMarker"));
        assertEquals("COMPOSITE", page.element("ChecksumType"));
        assertFalse(page.elements("ChecksumSHA256").getFirst().contains("-"));
        var rest = s3.call("GET", "/bucket/key?attributes").header("x-amz-object-attributes", "ObjectParts")
                .header("x-amz-part-number-marker", 2).send();
        assertEquals(List.of("3"), rest.elements("PartNumber"));
        assertEquals("false", rest.element("IsTruncated"));
    }

    @ParameterizedTest
    @EnumSource(ChecksumAlgorithm.class)
    void everyChecksumIsCheckedKeptAndTold(ChecksumAlgorithm algorithm) {
        var put = s3.call("PUT", "/bucket/key").body("hello").withChecksum(algorithm).send();
        assertEquals(200, put.status(), put.text());
        var header = ChecksumNames.header(algorithm).toString();
        var told = s3.call("HEAD", "/bucket/key").header("x-amz-checksum-mode", "ENABLED").send();
        assertEquals(put.header(header), told.header(header));
        assertFalse(told.header(header).isEmpty());
        assertEquals(put.header(header), attributes("/bucket/key", "Checksum").element(ChecksumNames.element(algorithm)));
        var wrong = s3.call("PUT", "/bucket/key").body("hello").withChecksum(algorithm).body("jello").send();
        refused(400, "BadDigest", wrong);
        // A part may come with another checksum than its upload keeps.
        var id = s3.call("POST", "/bucket/parts?uploads").send().element("UploadId");
        var part = s3.call("PUT", "/bucket/parts?partNumber=1&uploadId=" + id).body("hello").withChecksum(algorithm).send();
        assertEquals(200, part.status(), part.text());
        refused(400, "BadDigest", s3.call("PUT", "/bucket/parts?partNumber=1&uploadId=" + id).body("hello")
                .withChecksum(algorithm).body("jello").send());
    }

    @Test
    void anObjectIsRenamed() {
        var etag = s3.put("/bucket/old", "hello").header("ETag");
        refused(400, "InvalidArgument",
                s3.call("PUT", "/bucket/new?renameObject").header("x-amz-rename-source", "/other/old").send());
        refused(400, "InvalidArgument", s3.call("PUT", "/bucket/new?renameObject").send());
        refused(400, "InvalidRequest",
                s3.call("PUT", "/bucket/old?renameObject").header("x-amz-rename-source", "/bucket/old").send());
        refused(412, "PreconditionFailed", s3.call("PUT", "/bucket/new?renameObject").header("x-amz-rename-source", "/bucket/old")
                .header("x-amz-rename-source-if-match", "\"0\"").send());
        assertEquals(200, s3.call("PUT", "/bucket/new?renameObject").header("x-amz-rename-source", "/bucket/old")
                .header("x-amz-rename-source-if-match", etag).header("If-None-Match", "*").send().status());
        assertEquals("hello", s3.get("/bucket/new").text());
        refused(404, "NoSuchKey", s3.get("/bucket/old"));
        refused(404, "NoSuchKey", s3.call("PUT", "/bucket/new?renameObject").header("x-amz-rename-source", "old").send());
    }
}
