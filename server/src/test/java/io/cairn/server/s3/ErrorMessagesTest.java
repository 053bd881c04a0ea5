package io.cairn.server.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.Reason;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.RefusedException;
import io.cairn.server.s3.FakeExchange.Reply;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The well-known errors have S3's own words, to the letter: scripts look for them (Amazon S3 API reference, "List of error codes",
/// and what S3 answers where that differs). What else is known stands in elements of its own.
class ErrorMessagesTest {
    private static final String KEY = "/bucket/key";
    private final S3TestClient s3 = new S3TestClient();

    @BeforeEach
    void makeBucket() {
        s3.put("/bucket", "");
    }

    private static void assertSays(int status, String code, String message, Reply reply) {
        assertEquals(List.of(code, message), List.of(reply.element("Code"), reply.element("Message")), reply.text());
        assertEquals(status, reply.status());
    }

    private Reply complete(String id, String parts) {
        return s3.call("POST", KEY + "?uploadId=" + id)
                .body("<CompleteMultipartUpload>" + parts + "</CompleteMultipartUpload>").send();
    }

    private static String part(int number, String etag) {
        return "<Part><PartNumber>" + number + "</PartNumber><ETag>" + etag + "</ETag></Part>";
    }

    @Test
    void ofBuckets() {
        var missing = s3.get("/there-is-none");
        assertSays(404, "NoSuchBucket", "The specified bucket does not exist", missing);
        assertEquals("there-is-none", missing.element("BucketName"));
        assertSays(400, "InvalidBucketName", "The specified bucket is not valid.", s3.put("/Bucket", ""));
        assertSays(409, "BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is shared by all"
                + " users of the system. Please select a different name and try again.",
                s3.as(S3TestClient.BOB).put("/bucket", ""));
        var elsewhere = new S3TestClient(new S3Settings("eu-central-1", "000000000000", List.of()));
        elsewhere.put("/bucket", "");
        assertSays(409, "BucketAlreadyOwnedByYou",
                "Your previous request to create the named bucket succeeded and you already own it.",
                elsewhere.put("/bucket", ""));
        s3.put(KEY, "x");
        assertSays(409, "BucketNotEmpty", "The bucket you tried to delete is not empty", s3.delete("/bucket"));
        assertSays(400, "AccessControlListNotSupported", "The bucket does not allow ACLs",
                s3.call("PUT", KEY).header("x-amz-acl", "public-read").body("x").send());
        assertSays(403, "AccessDenied", "Access Denied", s3.as(S3TestClient.BOB).get(KEY));
    }

    @Test
    void ofConflicts() {
        var address = new Address("bucket", "key");
        var conflict = new ObjectRefusedException(Reason.CONFLICT, "two at once");
        assertEquals(new Refusal(409, "OperationAborted", "A conflicting conditional operation is currently in progress against"
                + " this resource. Please try again.", Map.of("Detail", "two at once")),
                ((RefusedException) Refusals.translated(conflict, address, false)).refusal());
        assertEquals("ConditionalRequestConflict",
                ((RefusedException) Refusals.translated(conflict, address, true)).refusal().code());
    }

    @Test
    void ofObjects() {
        var missing = s3.get("/bucket/none");
        assertSays(404, "NoSuchKey", "The specified key does not exist.", missing);
        assertEquals("none", missing.element("Key"));
        var tooLong = s3.put("/bucket/" + "k".repeat(1025), "x");
        assertSays(400, "KeyTooLongError", "Your key is too long", tooLong);
        assertEquals("1024", tooLong.element("MaxSizeAllowed"));
        assertEquals("1025", tooLong.element("Size"));
        s3.put(KEY, "x");
        assertSays(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold",
                s3.call("GET", KEY).header("If-Match", "\"0\"").send());
        assertSays(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold",
                s3.call("PUT", KEY).header("If-None-Match", "*").body("y").send());
        assertSays(416, "InvalidRange", "The requested range is not satisfiable",
                s3.call("GET", KEY).header("Range", "bytes=5-").send());
        var metadata = s3.call("PUT", KEY).header("x-amz-meta-m", "v".repeat(3000)).body("x").send();
        assertSays(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size", metadata);
        assertEquals("2048", metadata.element("MaxSizeAllowed"));
        var storageClass = s3.call("PUT", KEY).header("x-amz-storage-class", "COLD").body("x").send();
        assertSays(400, "InvalidStorageClass", "The storage class you specified is not valid", storageClass);
        assertEquals("COLD", storageClass.element("StorageClassRequested"));
    }

    @Test
    void ofBodies() {
        var md5 = s3.call("PUT", KEY).body("other").withMd5().body("hello").send();
        assertSays(400, "BadDigest", "The Content-MD5 you specified did not match what we received.", md5);
        assertFalse(md5.element("Detail").isEmpty(), md5.text());
        assertSays(400, "BadDigest", "The SHA256 you specified did not match the calculated checksum.",
                s3.call("PUT", KEY).body("other").withChecksum(ChecksumAlgorithm.SHA256).body("hello").send());
        var tooLarge = s3.call("PUT", KEY).announced((5L << 30) + 1).send();
        assertSays(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", tooLarge);
        assertEquals("5368709120", tooLarge.element("MaxSizeAllowed"));
        assertEquals("5368709121", tooLarge.element("ProposedSize"));
        assertSays(411, "MissingContentLength", "You must provide the Content-Length HTTP header.",
                s3.call("PUT", KEY).lengthUnknown().send());
        var xml = s3.call("POST", "/bucket?delete").body("<Delete><Object>").withMd5().send();
        assertSays(400, "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our published schema", xml);
        assertFalse(xml.element("Detail").isEmpty(), xml.text());
        var deleted = s3.call("POST", "/bucket?delete").body("<Delete><Object><Key>" + "k".repeat(1025)
                + "</Key></Object><Object><Key>a</Key><VersionId>1</VersionId></Object></Delete>").withMd5().send();
        assertEquals(List.of("Your key is too long", "The specified version does not exist."), deleted.elements("Message"));
    }

    @Test
    void ofMultipartUploads() {
        assertSays(404, "NoSuchUpload",
                "The specified upload does not exist. The upload ID may be invalid, or the upload may have"
                        + " been aborted or completed.",
                s3.put(KEY + "?partNumber=1&uploadId=none", "x"));
        var id = s3.call("POST", KEY + "?uploads").send().element("UploadId");
        var one = s3.put(KEY + "?partNumber=1&uploadId=" + id, "small").header("ETag");
        var two = s3.put(KEY + "?partNumber=2&uploadId=" + id, "end").header("ETag");
        assertSays(400, "InvalidPart", "One or more of the specified parts could not be found.  The part may not have been"
                + " uploaded, or the specified entity tag may not match the part's entity tag.", complete(id, part(3, one)));
        assertSays(400, "InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.",
                complete(id, part(2, two) + part(1, one)));
        var small = complete(id, part(1, one) + part(2, two));
        assertSays(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", small);
        assertTrue(small.element("Detail").contains("part 1"), small.text());
    }
}
