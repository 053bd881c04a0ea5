package io.cairn.server.s3;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.server.iam.Principal;
import io.cairn.server.s3.FakeExchange.Reply;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Buckets, and requests that are refused before anything is looked up.
class S3BucketTest {
    private final S3TestClient s3 = new S3TestClient();

    private static void assertRefused(int status, String code, Reply reply) {
        assertEquals(code, reply.element("Code"), reply.text());
        assertEquals(status, reply.status());
    }

    @Test
    void bucketsAreMadeSeenAndGone() {
        var made = s3.put("/bucket", "");
        assertEquals(200, made.status());
        assertEquals("/bucket", made.header("Location"));
        var head = s3.call("HEAD", "/bucket").send();
        assertEquals(200, head.status());
        assertEquals("us-east-1", head.header("x-amz-bucket-region"));
        assertEquals("2026-02-03T12:00:00.250Z", s3.get("/").element("CreationDate"));
        assertEquals(204, s3.delete("/bucket").status());
        assertEquals(404, s3.call("HEAD", "/bucket").send().status());
        assertRefused(404, "NoSuchBucket", s3.delete("/bucket"));
    }

    @Test
    void everyoneSeesHisOwnAndRootSeesAll() {
        s3.put("/alice-1", "");
        s3.put("/alice-2", "");
        s3.as(S3TestClient.BOB).put("/bob-1", "");
        assertEquals(List.of("alice-1", "alice-2"), s3.get("/").elements("Name"));
        assertEquals("alice-id", s3.get("/").element("ID"));
        assertEquals(List.of("bob-1"), s3.as(S3TestClient.BOB).get("/").elements("Name"));
        assertEquals(List.of("alice-1", "alice-2", "bob-1"), s3.as(S3TestClient.ROOT).get("/").elements("Name"));
        assertRefused(403, "AccessDenied", s3.as(Principal.ANONYMOUS).get("/"));
        assertRefused(403, "AccessDenied", s3.as(Principal.ANONYMOUS).put("/anybody", ""));
        assertEquals(403, s3.as(S3TestClient.BOB).call("HEAD", "/alice-1").send().status());
        assertRefused(403, "AccessDenied", s3.as(S3TestClient.BOB).delete("/alice-1"));
    }

    @Test
    void bucketsComeInPages() {
        for (var name : List.of("aaa-1", "aaa-2", "aaa-3", "bbb-1"))
            s3.put("/" + name, "");
        var first = s3.get("/?prefix=aaa&max-buckets=2");
        assertEquals(List.of("aaa-1", "aaa-2"), first.elements("Name"));
        assertEquals("aaa", first.element("Prefix"));
        var second = s3.get("/?prefix=aaa&max-buckets=2&continuation-token=" + first.element("ContinuationToken"));
        assertEquals(List.of("aaa-3"), second.elements("Name"));
        assertEquals("", second.element("ContinuationToken"));
        assertRefused(400, "InvalidArgument", s3.get("/?max-buckets=0"));
        assertRefused(400, "InvalidArgument", s3.get("/?continuation-token=x"));
    }

    @Test
    void makingOnesOwnBucketAgainIsFineInTheUsualRegionOnly() {
        s3.put("/bucket", "");
        s3.put("/bucket/key", "x");
        assertEquals(200, s3.put("/bucket", "").status());
        assertEquals("x", s3.get("/bucket/key").text());
        assertRefused(409, "BucketAlreadyExists", s3.as(S3TestClient.BOB).put("/bucket", ""));
        var elsewhere = new S3TestClient(new S3Settings("eu-central-1", "000000000000", List.of()));
        elsewhere.put("/bucket", "");
        assertRefused(409, "BucketAlreadyOwnedByYou", elsewhere.put("/bucket", ""));
        assertEquals("eu-central-1", elsewhere.get("/bucket?location").text().replaceAll("<[^>]*>", "").strip());
    }

    @Test
    void aLocationConstraintIsToldFromThenOn() {
        assertEquals(200, s3.put("/bucket", "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                + "<LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>").status());
        assertEquals("eu-west-1", s3.get("/bucket?location").text().replaceAll("<[^>]*>", "").strip());
        assertRefused(400, "MalformedXML", s3.put("/bucket2", "<CreateBucketConfiguration><Location"));
        assertRefused(400, "MalformedXML", s3.put("/bucket2", "<Other/>"));
        assertRefused(404, "NoSuchBucket", s3.get("/bucket2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "Bucket", "a_b_c", "192.168.0.1", "a..b", "-abc"})
    void badNamesAreRefused(String name) {
        assertRefused(400, "InvalidBucketName", s3.put("/" + name, ""));
    }

    @Test
    void aBucketWithObjectsStays() {
        s3.put("/bucket", "");
        s3.put("/bucket/key", "x");
        assertRefused(409, "BucketNotEmpty", s3.delete("/bucket"));
        assertEquals("x", s3.get("/bucket/key").text());
    }

    @Test
    void whatCannotBeSetUpIsRefused() {
        assertRefused(501, "NotImplemented", s3.call("PUT", "/bucket").header("x-amz-bucket-object-lock-enabled", "true").send());
        assertRefused(400, "AccessControlListNotSupported", s3.call("PUT", "/bucket").header("x-amz-acl", "public-read").send());
        assertEquals(404, s3.call("HEAD", "/bucket").send().status());
    }

    @Test
    void whatHoldsForEveryBucketIsTold() {
        s3.put("/bucket", "");
        s3.put("/bucket/key", "x");
        assertTrue(s3.get("/bucket?versioning").text().contains("<VersioningConfiguration xmlns"));
        for (var target : List.of("/bucket?acl", "/bucket/key?acl")) {
            var acl = s3.get(target);
            assertEquals("FULL_CONTROL", acl.element("Permission"));
            assertEquals(List.of("alice-id", "alice-id"), acl.elements("ID"));
        }
        assertRefused(404, "NoSuchKey", s3.get("/bucket/none?acl"));
        assertTrue(s3.get("/bucket/key?tagging").text().contains("<TagSet></TagSet>"));
        assertRefused(404, "NoSuchKey", s3.get("/bucket/none?tagging"));
    }

    @ParameterizedTest
    @CsvSource({"GET, /bucket?lifecycle", "PUT, /bucket?policy",
            "DELETE, /bucket?analytics&id=1",
            "DELETE, /bucket?analytics",
            "POST, /bucket/key?restore", "POST, /bucket/key?select&select-type=2",
            "PUT, /bucket/key?retention", "PUT, /bucket/key?annotation", "PUT, /bucket/key?acl",
            "GET, /bucket?object-lock"})
    void whatS3HasAndThisHasNotIsNotImplemented(String method, String target) {
        s3.put("/bucket", "");
        s3.put("/bucket/key", "x");
        assertRefused(501, "NotImplemented", s3.call(method, target).send());
        assertEquals("x", s3.get("/bucket/key").text());
    }

    @ParameterizedTest
    @CsvSource({"PATCH, /bucket/key", "DELETE, /", "POST, /", "PUT, /", "POST, /bucket/key"})
    void whatS3HasNotIsNotAllowed(String method, String target) {
        assertRefused(405, "MethodNotAllowed", s3.call(method, target).send());
    }

    @Test
    void aPreflightIsForbiddenWithoutConfiguration() {
        assertRefused(403, "AccessForbidden", s3.as(Principal.ANONYMOUS).call("OPTIONS", "/bucket/key")
                .header("Origin", "http://example.com").header("Access-Control-Request-Method", "GET").send());
        assertRefused(400, "BadRequest", s3.call("OPTIONS", "/bucket/key").send());
    }

    @Test
    void aBucketMayStandInTheHostName() {
        s3.put("/bucket", "");
        assertEquals(200, s3.call("PUT", "/a/b").header("Host", "bucket.s3.localhost:4566").body("x").send().status());
        assertEquals("x", s3.get("/bucket/a/b").text());
        assertEquals(List.of("a/b"), s3.call("GET", "/").header("Host", "bucket.localhost:4566").send().elements("Key"));
    }
}
