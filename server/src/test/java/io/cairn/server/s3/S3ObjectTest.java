package io.cairn.server.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.Checksum;
import io.cairn.object.ChecksumAlgorithm;
import io.cairn.server.iam.Principal;
import io.cairn.server.s3.FakeExchange.Reply;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Objects through the S3 face.
class S3ObjectTest {
    private static final String HELLO_ETAG = "\"5d41402abc4b2a76b9719d911017c592\"";
    private static final String REDIRECT = "x-amz-website-redirect-location";
    private final S3TestClient s3 = new S3TestClient();

    @BeforeEach
    void makeBucket() {
        assertEquals(200, s3.put("/bucket", "").status());
    }

    private static void assertRefused(int status, String code, Reply reply) {
        assertEquals(code, reply.element("Code"), reply.text());
        assertEquals(status, reply.status());
        assertEquals("application/xml", reply.header("Content-Type"));
        assertEquals("REQUEST1", reply.element("RequestId"));
    }

    @Test
    void whatWasPutIsGot() {
        var put = s3.put("/bucket/key", "hello");
        assertEquals(200, put.status());
        assertEquals(HELLO_ETAG, put.header("ETag"));
        assertEquals("M3eFcAZSQlc=", put.header("x-amz-checksum-crc64nvme"));
        assertEquals("FULL_OBJECT", put.header("x-amz-checksum-type"));
        var got = s3.get("/bucket/key");
        assertEquals(200, got.status());
        assertEquals("hello", got.text());
        assertEquals(HELLO_ETAG, got.header("ETag"));
        assertEquals("Tue, 03 Feb 2026 12:00:00 GMT", got.header("Last-Modified"));
        assertEquals("binary/octet-stream", got.header("Content-Type"));
        assertEquals("bytes", got.header("Accept-Ranges"));
        assertEquals("", got.header("x-amz-checksum-crc64nvme"));
    }

    @Test
    void headTellsTheSameWithoutTheBytes() {
        s3.put("/bucket/key", "hello");
        var head = s3.call("HEAD", "/bucket/key").header("x-amz-checksum-mode", "ENABLED").send();
        assertEquals(200, head.status());
        assertEquals(5, head.announced());
        assertEquals(0, head.body().length);
        assertEquals(HELLO_ETAG, head.header("ETag"));
        assertEquals("M3eFcAZSQlc=", head.header("x-amz-checksum-crc64nvme"));
    }

    @Test
    void whatIsNotThereIsNoSuchKeyAndHeadSaysSoWithoutABody() {
        var got = s3.get("/bucket/none");
        assertRefused(404, "NoSuchKey", got);
        assertEquals("none", got.element("Key"));
        assertEquals("/bucket/none", got.element("Resource"));
        var head = s3.call("HEAD", "/bucket/none").send();
        assertEquals(404, head.status());
        assertEquals("", head.text());
        assertRefused(404, "NoSuchBucket", s3.get("/nobucket/none"));
        assertRefused(404, "NoSuchBucket", s3.put("/nobucket/none", "x"));
    }

    @Test
    void deletingIsDoneTwiceWithoutComplaint() {
        s3.put("/bucket/key", "hello");
        assertEquals(204, s3.delete("/bucket/key").status());
        assertEquals(204, s3.delete("/bucket/key").status());
        assertEquals(404, s3.get("/bucket/key").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "a//b", ".", "..", "a/../b", "/lead", "trail/", "%2e%2e%2f", "a%20b", "a+b",
            "%E2%82%AC", "%F0%9F%98%80", "a%00b", "a%3Fb", "//"})
    void everyKeyIsPlainText(String raw) {
        assertEquals(200, s3.put("/bucket/" + raw, raw).status());
        assertEquals(raw, s3.get("/bucket/" + raw).text());
        var listed = s3.get("/bucket?encoding-type=url").element("Key");
        var decoded = PercentCoding.decode(raw, 0, raw.length(), false);
        assertEquals(decoded, PercentCoding.decode(listed, 0, listed.length(), false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%4", "%zz", "%ff", "a%C3", "%+1"})
    void whatIsNoUtf8IsNoKey(String raw) {
        assertRefused(400, "InvalidURI", s3.put("/bucket/" + raw, "x"));
    }

    @Test
    void keysHaveAtMost1024Bytes() {
        assertEquals(200, s3.put("/bucket/" + "k".repeat(1024), "x").status());
        assertRefused(400, "KeyTooLongError", s3.put("/bucket/" + "k".repeat(1025), "x"));
        assertRefused(400, "KeyTooLongError", s3.put("/bucket/" + "%C3%A4".repeat(513), "x"));
    }

    @Test
    void metadataComesBack() {
        s3.call("PUT", "/bucket/key").header("Content-Type", "text/plain").header("Cache-Control", "no-cache")
                .header("Content-Encoding", "aws-chunked,gzip").header("Expires", "0").header("Content-Language", "de")
                .header("Content-Disposition", "attachment; filename=\"x\"").header("X-Amz-Meta-Colour", "Red")
                .header("x-amz-website-redirect-location", "/elsewhere").body("x").send();
        var got = s3.get("/bucket/key");
        assertEquals("text/plain", got.header("content-type"));
        assertEquals("no-cache", got.header("cache-control"));
        assertEquals("gzip", got.header("content-encoding"));
        assertEquals("de", got.header("content-language"));
        assertEquals("0", got.header("expires"));
        assertEquals("attachment; filename=\"x\"", got.header("content-disposition"));
        assertEquals("Red", got.header("x-amz-meta-colour"));
    }

    @Test
    void framingIsNoContentEncoding() {
        s3.call("PUT", "/bucket/key").header("Content-Encoding", "aws-chunked").body("x").send();
        assertEquals("", s3.get("/bucket/key").header("content-encoding"));
    }

    @Test
    void metadataBeyondAsciiComesBackAsEncodedWord() {
        var raw = new String("Größe".getBytes(UTF_8), ISO_8859_1); // as a front door reads it: a character for each byte
        s3.call("PUT", "/bucket/a").header("x-amz-meta-m", raw).body("x").send();
        assertEquals("=?UTF-8?B?R3LDtsOfZQ==?=", s3.get("/bucket/a").header("x-amz-meta-m"));
        s3.call("PUT", "/bucket/b").header("x-amz-meta-m", "=?UTF-8?B?R3LDtsOfZQ==?=").body("x").send();
        assertEquals("=?UTF-8?B?R3LDtsOfZQ==?=", s3.get("/bucket/b").header("x-amz-meta-m"));
        s3.call("PUT", "/bucket/c").header("x-amz-meta-m", "=?UTF-8?Q?a=0D=0Ab?=").body("x").send();
        assertEquals("=?UTF-8?B?YQ0KYg==?=", s3.get("/bucket/c").header("x-amz-meta-m"), "no line break may get out");
    }

    @Test
    void metadataHasAtMost2048Bytes() {
        assertEquals(200, s3.call("PUT", "/bucket/k").header("x-amz-meta-m", "v".repeat(2047)).body("x").send().status());
        assertRefused(400, "MetadataTooLarge", s3.call("PUT", "/bucket/k").header("x-amz-meta-m", "v".repeat(2048)).send());
    }

    @ParameterizedTest
    @EnumSource(ChecksumAlgorithm.class)
    void aChecksumInTheHeadIsCheckedAndKept(ChecksumAlgorithm algorithm) {
        var name = ChecksumNames.header(algorithm).toString();
        var put = s3.call("PUT", "/bucket/k").body("hello").withChecksum(algorithm).send();
        assertEquals(200, put.status(), put.text());
        var got = s3.call("GET", "/bucket/k").header("x-amz-checksum-mode", "ENABLED").send();
        assertEquals(put.header(name), got.header(name));
        assertFalse(got.header(name).isEmpty());
        assertRefused(400, "BadDigest", s3.call("PUT", "/bucket/k").body("hallo").header(name, put.header(name)).send());
        assertEquals("hello", s3.get("/bucket/k").text());
    }

    @ParameterizedTest
    @EnumSource(ChecksumAlgorithm.class)
    void aChecksumInATrailerIsCheckedAndKept(ChecksumAlgorithm algorithm) {
        var name = ChecksumNames.header(algorithm).toString();
        var value = Checksum.of(algorithm, "hello".getBytes(UTF_8)).text();
        var put = s3.call("PUT", "/bucket/k").body("hello").header("x-amz-trailer", name)
                .header("x-amz-sdk-checksum-algorithm", algorithm).trailer(name, value).send();
        assertEquals(value, put.header(name), put.text());
        assertRefused(400, "BadDigest",
                s3.call("PUT", "/bucket/k").body("hallo").header("x-amz-trailer", name).trailer(name, value).send());
        assertRefused(400, "MalformedTrailerError",
                s3.call("PUT", "/bucket/k").body("hello").header("x-amz-trailer", name).send());
        assertEquals("hello", s3.get("/bucket/k").text());
    }

    @Test
    void checksumHeadersThatMakeNoSenseAreRefused() {
        assertRefused(400, "InvalidRequest", s3.call("PUT", "/bucket/k").header("x-amz-checksum-crc32", "AAAA").send());
        assertRefused(400, "InvalidRequest", s3.call("PUT", "/bucket/k").header("x-amz-checksum-crc32", "?").send());
        assertRefused(400, "InvalidRequest", s3.call("PUT", "/bucket/k").header("x-amz-checksum-md6", "AAAAAA==").send());
        assertRefused(400, "InvalidRequest", s3.call("PUT", "/bucket/k").header("x-amz-trailer", "x-amz-meta-a").send());
        assertRefused(400, "InvalidRequest", s3.call("PUT", "/bucket/k").header("x-amz-sdk-checksum-algorithm", "CRC32").send());
        assertRefused(400, "InvalidRequest", s3.call("PUT", "/bucket/k").body("hello").withChecksum(ChecksumAlgorithm.CRC32)
                .withChecksum(ChecksumAlgorithm.SHA1).send());
        assertEquals(404, s3.get("/bucket/k").status());
    }

    @Test
    void theMd5IsChecked() {
        assertEquals(200, s3.call("PUT", "/bucket/k").body("hello").withMd5().send().status());
        assertRefused(400, "BadDigest", s3.call("PUT", "/bucket/k").withMd5().body("hallo").send());
        assertRefused(400, "InvalidDigest", s3.call("PUT", "/bucket/k").header("Content-MD5", "AAAA").send());
        assertEquals("hello", s3.get("/bucket/k").text());
    }

    @Test
    void aBodyThatBreaksOffLeavesNothing() {
        s3.call("PUT", "/bucket/k").body("x".repeat(5000)).cutShort().send();
        assertEquals(404, s3.get("/bucket/k").status());
    }

    @Test
    void aBodySaysHowLongItIsOrComesInChunks() {
        assertRefused(411, "MissingContentLength", s3.call("PUT", "/bucket/k").body("x").lengthUnknown().send());
        assertEquals(200,
                s3.call("PUT", "/bucket/k").header("transfer-encoding", "chunked").body("x").lengthUnknown().send().status());
    }

    @ParameterizedTest
    @CsvSource({"x-amz-server-side-encryption, AES256, 501, NotImplemented",
            "x-amz-object-lock-mode, GOVERNANCE, 501, NotImplemented", "x-amz-storage-class, GLACIER, 400, InvalidStorageClass",
            "x-amz-acl, public-read, 400, AccessControlListNotSupported",
            "x-amz-grant-read, id=1, 400, AccessControlListNotSupported",
            "x-amz-server-side-encryption-customer-key, a, 501, NotImplemented"})
    void whatCannotBeHadIsRefused(String header, String value, int status, String code) {
        assertRefused(status, code, s3.call("PUT", "/bucket/k").header(header, value).body("x").send());
        assertEquals(404, s3.get("/bucket/k").status());
    }

    @ParameterizedTest
    @CsvSource({"x-amz-storage-class, STANDARD", "x-amz-acl, private", "x-amz-acl, bucket-owner-full-control",
            "x-amz-request-payer, requester"})
    void whatIsSoAnywayMayBeSaid(String header, String value) {
        assertEquals(200, s3.call("PUT", "/bucket/k").header(header, value).body("x").send().status());
    }

    @Test
    void aWriteMayDependOnWhatIsThere() {
        assertRefused(404, "NoSuchKey", s3.call("PUT", "/bucket/k").header("If-Match", HELLO_ETAG).body("1").send());
        assertEquals(200, s3.call("PUT", "/bucket/k").header("If-None-Match", "*").body("hello").send().status());
        assertRefused(412, "PreconditionFailed", s3.call("PUT", "/bucket/k").header("If-None-Match", "*").body("2").send());
        assertRefused(412, "PreconditionFailed", s3.call("PUT", "/bucket/k").header("If-Match", "\"0\"").body("2").send());
        assertRefused(501, "NotImplemented", s3.call("PUT", "/bucket/k").header("If-None-Match", "\"0\"").body("2").send());
        assertEquals("hello", s3.get("/bucket/k").text());
        assertEquals(200, s3.call("PUT", "/bucket/k").header("If-Match", HELLO_ETAG).body("3").send().status());
        assertEquals("3", s3.get("/bucket/k").text());
    }

    @Test
    void aReadMayDependOnWhatIsThere() {
        s3.put("/bucket/k", "hello");
        var notModified = s3.call("GET", "/bucket/k").header("If-None-Match", HELLO_ETAG).send();
        assertEquals(304, notModified.status());
        assertEquals("", notModified.text());
        assertEquals(HELLO_ETAG, notModified.header("ETag"));
        assertRefused(412, "PreconditionFailed", s3.call("GET", "/bucket/k").header("If-Match", "\"0\"").send());
        assertEquals(412, s3.call("HEAD", "/bucket/k").header("If-Match", "\"0\"").send().status());
        assertEquals("hello", s3.call("GET", "/bucket/k").header("If-Match", HELLO_ETAG).send().text());
    }

    @ParameterizedTest
    @CsvSource({"bytes=0-0, h, bytes 0-0/5", "bytes=1-3, ell, bytes 1-3/5", "bytes=3-, lo, bytes 3-4/5",
            "bytes=-2, lo, bytes 3-4/5",
            "bytes=-9, hello, bytes 0-4/5", "bytes=0-99, hello, bytes 0-4/5"})
    void rangesAreSent(String range, String expected, String contentRange) {
        s3.put("/bucket/k", "hello");
        var got = s3.call("GET", "/bucket/k").header("Range", range).send();
        assertEquals(206, got.status());
        assertEquals(expected, got.text());
        assertEquals(contentRange, got.header("Content-Range"));
        var head = s3.call("HEAD", "/bucket/k").header("Range", range).send();
        assertEquals(206, head.status());
        assertEquals(expected.length(), head.announced());
    }

    /// What S3 answers (observed by others: github.com/apache/arrow-rs-object-store issue 846).
    @Test
    void theLastBytesOfAnEmptyObjectAreAllOfIt() {
        s3.put("/bucket/empty", "");
        for (var method : List.of("GET", "HEAD")) {
            var tail = s3.call(method, "/bucket/empty").header("Range", "bytes=-512").send();
            assertEquals(200, tail.status());
            assertEquals(0, tail.announced());
            assertEquals("", tail.header("Content-Range"));
        }
    }

    @Test
    void aRangeBehindTheEndIsRefused() {
        s3.put("/bucket/k", "hello");
        s3.put("/bucket/empty", "");
        var refused = s3.call("GET", "/bucket/k").header("Range", "bytes=5-").send();
        assertRefused(416, "InvalidRange", refused);
        assertEquals("5", refused.element("ActualObjectSize"));
        assertEquals("bytes=5-", refused.element("RangeRequested"));
        assertRefused(416, "InvalidRange", s3.call("GET", "/bucket/empty").header("Range", "bytes=0-").send());
        assertRefused(416, "InvalidRange", s3.call("GET", "/bucket/empty").header("Range", "bytes=-0").send());
        assertRefused(416, "InvalidRange", s3.call("GET", "/bucket/k").header("Range", "bytes=-0").send());
        assertEquals("hello", s3.call("GET", "/bucket/k").header("Range", "bytes=0-0").header("If-Range", "\"0\"").send().text());
    }

    @Test
    void anAnswerMayBeDressedUpByWhoSigned() {
        s3.put("/bucket/k", "hello");
        var got = s3.get("/bucket/k?response-content-type=text%2Fx&response-cache-control=none");
        assertEquals("text/x", got.header("content-type"));
        assertEquals("none", got.header("cache-control"));
        assertRefused(400, "InvalidArgument", s3.get("/bucket/k?response-content-type=a%0D%0Ab"));
    }

    @Test
    void partNumberOneIsTheWholeOfAnObjectWrittenAtOnce() {
        s3.put("/bucket/k", "hello");
        var got = s3.get("/bucket/k?partNumber=1");
        assertEquals(206, got.status());
        assertEquals("hello", got.text());
        assertRefused(416, "InvalidPartNumber", s3.get("/bucket/k?partNumber=2"));
        assertRefused(400, "InvalidRequest", s3.call("GET", "/bucket/k?partNumber=1").header("Range", "bytes=0-").send());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD"})
    void partNumberOneOfAnEmptyObjectIsNoPartialContent(String method) {
        s3.put("/bucket/k", "");
        var got = s3.call(method, "/bucket/k?partNumber=1").send();
        assertEquals(200, got.status());
        assertEquals(0, got.announced());
        assertEquals("", got.header("Content-Range"));
    }

    @Test
    void theOnlyVersionIsNull() {
        s3.put("/bucket/k", "hello");
        assertEquals("hello", s3.get("/bucket/k?versionId=null").text());
        assertRefused(400, "InvalidArgument", s3.get("/bucket/k?versionId=abc"));
        assertRefused(400, "InvalidArgument", s3.delete("/bucket/k?versionId=abc"));
    }

    @Test
    void othersAndStrangersAreDeniedAndRootIsNot() {
        s3.put("/bucket/k", "hello");
        for (var other : new Principal[]{S3TestClient.BOB, Principal.ANONYMOUS}) {
            assertRefused(403, "AccessDenied", s3.as(other).get("/bucket/k"));
            assertRefused(403, "AccessDenied", s3.as(other).put("/bucket/k", "other"));
            assertRefused(403, "AccessDenied", s3.as(other).delete("/bucket/k"));
            assertRefused(403, "AccessDenied", s3.as(other).get("/bucket"));
        }
        assertEquals("hello", s3.as(S3TestClient.ROOT).get("/bucket/k").text());
        assertRefused(403, "AccessDenied",
                s3.call("GET", "/bucket/k").header("x-amz-expected-bucket-owner", "123456789012").send());
    }

    @Test
    void aConditionalDeleteIsNotDoneWithoutItsCondition() {
        s3.put("/bucket/k", "hello");
        assertRefused(412, "PreconditionFailed", s3.call("DELETE", "/bucket/k").header("If-Match", "\"0\"").send());
        assertRefused(501, "NotImplemented", s3.call("DELETE", "/bucket/k").header("x-amz-if-match-size", "5").send());
        assertEquals("hello", s3.get("/bucket/k").text());
    }

    @Test
    void copiesTakeTheBytesAndWhatIsKnownOfThem() {
        s3.call("PUT", "/bucket/a b").header("x-amz-meta-m", "1").header("Content-Type", "text/x").body("hello").send();
        var copied = s3.call("PUT", "/bucket/c").header("x-amz-copy-source", "/bucket/a%20b").send();
        assertEquals(200, copied.status(), copied.text());
        assertEquals("&quot;5d41402abc4b2a76b9719d911017c592&quot;", copied.element("ETag"));
        var got = s3.get("/bucket/c");
        assertEquals("hello", got.text());
        assertEquals("1", got.header("x-amz-meta-m"));
        assertEquals("text/x", got.header("content-type"));
        s3.call("PUT", "/bucket/d").header("x-amz-copy-source", "bucket/c").header("x-amz-metadata-directive", "REPLACE")
                .header("x-amz-meta-m", "2").send();
        assertEquals("2", s3.get("/bucket/d").header("x-amz-meta-m"));
        assertEquals("binary/octet-stream", s3.get("/bucket/d").header("content-type"));
    }

    @Test
    void aCopyOntoItselfChangesSomethingOrIsRefused() {
        s3.put("/bucket/a", "hello");
        assertRefused(400, "InvalidRequest", s3.call("PUT", "/bucket/a").header("x-amz-copy-source", "/bucket/a").send());
        assertEquals(200, s3.call("PUT", "/bucket/a").header("x-amz-copy-source", "/bucket/a")
                .header("x-amz-metadata-directive", "REPLACE").header("x-amz-meta-m", "2").send().status());
        assertEquals("hello", s3.get("/bucket/a").text());
    }

    @Test
    void aCopyNeedsASourceThatIsThereAndFits() {
        s3.put("/bucket/a", "hello");
        assertRefused(400, "InvalidArgument", s3.call("PUT", "/bucket/c").header("x-amz-copy-source", "a").send());
        assertRefused(404, "NoSuchKey", s3.call("PUT", "/bucket/c").header("x-amz-copy-source", "bucket/none").send());
        assertRefused(403, "AccessDenied",
                s3.as(S3TestClient.BOB).call("PUT", "/bucket/c").header("x-amz-copy-source", "bucket/a").send());
        assertRefused(412, "PreconditionFailed", s3.call("PUT", "/bucket/c").header("x-amz-copy-source", "bucket/a")
                .header("x-amz-copy-source-if-none-match", HELLO_ETAG).send());
        assertEquals(404, s3.get("/bucket/c").status());
    }

    @Test
    void aCopyIsNotMadeFromAnotherOwner() {
        s3.put("/bucket/a", "hello");
        assertRefused(403, "AccessDenied", s3.call("PUT", "/bucket/c").header("x-amz-copy-source", "bucket/a")
                .header("x-amz-source-expected-bucket-owner", "123456789012").send());
        assertEquals(404, s3.get("/bucket/c").status());
        assertEquals(200, s3.call("PUT", "/bucket/c").header("x-amz-copy-source", "bucket/a")
                .header("x-amz-source-expected-bucket-owner", "000000000000").send().status());
    }

    @Test
    void aSourceThatIsMissingIsTheOneNamed() {
        var noKey = s3.call("PUT", "/bucket/target").header("x-amz-copy-source", "bucket/source%20key").send();
        assertRefused(404, "NoSuchKey", noKey);
        assertEquals("source key", noKey.element("Key"));
        var noBucket = s3.call("PUT", "/bucket/target").header("x-amz-copy-source", "elsewhere/source").send();
        assertRefused(404, "NoSuchBucket", noBucket);
        assertEquals("elsewhere", noBucket.element("BucketName"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/other", "http://example.com/", "https://example.com/x?y"})
    void aRedirectOfAWebsiteIsKept(String location) {
        s3.call("PUT", "/bucket/a").header(REDIRECT, location).body("hello").send();
        assertEquals(location, s3.get("/bucket/a").header(REDIRECT));
        assertEquals(location, s3.call("HEAD", "/bucket/a").send().header(REDIRECT));
        var id = s3.call("POST", "/bucket/parts?uploads").header(REDIRECT, location).send().element("UploadId");
        var etag = s3.put("/bucket/parts?partNumber=1&uploadId=" + id, "part").header("ETag");
        s3.call("POST", "/bucket/parts?uploadId=" + id).body("<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"
                + etag + "</ETag></Part></CompleteMultipartUpload>").send();
        assertEquals(location, s3.get("/bucket/parts").header(REDIRECT));
    }

    /// Amazon S3 API reference, CopyObject: the redirect is each object's own and not copied with the metadata.
    @Test
    void aRedirectIsNotCopied() {
        s3.call("PUT", "/bucket/a").header(REDIRECT, "/old").header("x-amz-meta-m", "1").body("hello").send();
        s3.call("PUT", "/bucket/b").header("x-amz-copy-source", "bucket/a").send();
        assertEquals("", s3.get("/bucket/b").header(REDIRECT));
        s3.call("PUT", "/bucket/b").header("x-amz-copy-source", "bucket/a").header(REDIRECT, "/new").send();
        assertEquals("/new", s3.get("/bucket/b").header(REDIRECT));
        assertEquals("1", s3.get("/bucket/b").header("x-amz-meta-m"));
        var onItself = s3.call("PUT", "/bucket/a").header("x-amz-copy-source", "bucket/a").header(REDIRECT, "/new").send();
        assertEquals(200, onItself.status(), "it changes something: " + onItself.text());
        assertEquals("/new", s3.get("/bucket/a").header(REDIRECT));
    }

    @Test
    void aRedirectLeadsSomewhere() {
        for (var bad : List.of("", "other", "ftp://example.com/", "javascript:x", "/" + "x".repeat(2048)))
            assertRefused(400, "InvalidRedirectLocation",
                    s3.call("PUT", "/bucket/a").header(REDIRECT, bad).body("hello").send());
        assertEquals(404, s3.get("/bucket/a").status());
    }

    @Test
    void aChecksumOfAnEmptyObject() {
        var put = s3.put("/bucket/empty", "");
        assertEquals(Base64.getEncoder().encodeToString(new byte[8]), put.header("x-amz-checksum-crc64nvme"));
        assertEquals("", s3.get("/bucket/empty").text());
    }
}
