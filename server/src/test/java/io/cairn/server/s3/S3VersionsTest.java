package io.cairn.server.s3;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.server.s3.FakeExchange.Reply;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Versions, delete markers, conditional and batch deletes, copies of a version, and tags, as S3's protocol has them.
class S3VersionsTest {
    private final S3TestClient s3 = new S3TestClient();

    @BeforeEach
    void makeBucket() {
        s3.put("/bucket", "");
    }

    private void set(String status) {
        assertEquals(200, s3.put("/bucket?versioning",
                "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Status>" + status
                        + "</Status></VersioningConfiguration>")
                .status());
        assertEquals(status, s3.get("/bucket?versioning").element("Status"));
    }

    private String put(String key, String body) {
        return String.valueOf(s3.put("/bucket/" + key, body).header("x-amz-version-id"));
    }

    private Reply deleteAll(String objects) {
        return s3.call("POST", "/bucket?delete").body("<Delete>" + objects + "</Delete>").withMd5().send();
    }

    private static void refused(int status, String code, Reply reply) {
        assertEquals(code, reply.element("Code"), reply.text());
        assertEquals(status, reply.status());
    }

    @Test
    void aBucketThatNeverWasVersionedTellsOfNoVersions() {
        assertEquals("", s3.put("/bucket/key", "x").header("x-amz-version-id"));
        assertEquals("", s3.get("/bucket/key").header("x-amz-version-id"));
        assertEquals("", s3.get("/bucket?versioning").element("Status"));
        assertEquals("", s3.delete("/bucket/key").header("x-amz-delete-marker"));
        s3.put("/bucket/key", "x");
        assertEquals(List.of("null"), s3.get("/bucket?versions").elements("VersionId"));
    }

    @Test
    void everyVersionIsReadUntilItIsDeletedForEver() {
        put("key", "before");
        set("Enabled");
        var one = put("key", "one");
        var two = put("key", "two");
        assertNotEquals(one, two);
        assertEquals("two", s3.get("/bucket/key").text());
        assertEquals(two, s3.get("/bucket/key").header("x-amz-version-id"));
        assertEquals("one", s3.get("/bucket/key?versionId=" + one).text());
        assertEquals("before", s3.get("/bucket/key?versionId=null").text());
        assertEquals(one, s3.call("HEAD", "/bucket/key?versionId=" + one).send().header("x-amz-version-id"));
        var gone = s3.delete("/bucket/key?versionId=" + two);
        assertEquals(204, gone.status());
        assertEquals(two, gone.header("x-amz-version-id"));
        assertEquals("", gone.header("x-amz-delete-marker"));
        assertEquals("one", s3.get("/bucket/key").text());
        refused(404, "NoSuchVersion", s3.get("/bucket/key?versionId=" + two));
        refused(400, "InvalidArgument", s3.get("/bucket/key?versionId=abc"));
        refused(400, "InvalidArgument", s3.get("/bucket/key?versionId="));
        refused(409, "BucketNotEmpty", s3.delete("/bucket"));
    }

    @Test
    void aDeletionLeavesAMarkerThatCanBeTakenAway() {
        set("Enabled");
        var one = put("key", "one");
        var deleted = s3.delete("/bucket/key");
        assertEquals("true", deleted.header("x-amz-delete-marker"));
        var marker = deleted.header("x-amz-version-id");
        var missing = s3.get("/bucket/key");
        refused(404, "NoSuchKey", missing);
        assertEquals("true", missing.header("x-amz-delete-marker"));
        assertEquals(marker, missing.header("x-amz-version-id"));
        refused(405, "MethodNotAllowed", s3.get("/bucket/key?versionId=" + marker));
        var listed = s3.get("/bucket?versions");
        assertEquals(List.of(marker, one), listed.elements("VersionId"), listed.text());
        assertEquals(List.of("true", "false"), listed.elements("IsLatest"));
        assertEquals(List.of(), s3.get("/bucket?list-type=2").elements("Key"));
        var undone = s3.delete("/bucket/key?versionId=" + marker);
        assertEquals("true", undone.header("x-amz-delete-marker"));
        assertEquals("one", s3.get("/bucket/key").text());
    }

    @Test
    void suspendedVersioningReplacesTheNullVersion() {
        set("Enabled");
        var kept = put("key", "kept");
        set("Suspended");
        assertEquals("null", put("key", "a"));
        assertEquals("null", put("key", "b"));
        assertEquals(List.of("null", kept), s3.get("/bucket?versions").elements("VersionId"));
        assertEquals("null", s3.delete("/bucket/key").header("x-amz-version-id"));
        assertEquals(1, s3.get("/bucket?versions").elements("DeleteMarker").size());
        assertEquals("kept", s3.get("/bucket/key?versionId=" + kept).text());
        refused(400, "IllegalVersioningConfigurationException",
                s3.put("/bucket?versioning", "<VersioningConfiguration></VersioningConfiguration>"));
        refused(400, "MalformedXML",
                s3.put("/bucket?versioning", "<VersioningConfiguration><Status>Off</Status></VersioningConfiguration>"));
    }

    @Test
    void versionsComeInPages() {
        set("Enabled");
        var newest = put("a", "2");
        put("b/1", "x");
        put("b/2", "x");
        var last = put("c", "x");
        var older = newest;
        newest = put("a", "3");
        var page = s3.get("/bucket?versions&delimiter=%2F&max-keys=1");
        assertEquals(List.of(newest), page.elements("VersionId"));
        page = next(page);
        assertEquals(List.of(older), page.elements("VersionId"));
        page = next(page);
        assertEquals(List.of(), page.elements("VersionId"));
        assertTrue(page.text().contains("<CommonPrefixes><Prefix>b/</Prefix></CommonPrefixes>"), page.text());
        page = next(page);
        assertEquals(List.of(last), page.elements("VersionId"));
        assertEquals("false", page.element("IsTruncated"));
        refused(400, "InvalidArgument", s3.get("/bucket?versions&version-id-marker=" + last));
    }

    private Reply next(Reply page) {
        var version = page.element("NextVersionIdMarker");
        return s3.get("/bucket?versions&delimiter=%2F&max-keys=1&key-marker=" + page.element("NextKeyMarker").replace("/", "%2F")
                + (version.isEmpty() ? "" : "&version-id-marker=" + version));
    }

    @Test
    void aDeletionMayAskForTheObjectItMeans() {
        var etag = s3.put("/bucket/key", "x").header("ETag");
        refused(412, "PreconditionFailed", s3.call("DELETE", "/bucket/key").header("If-Match", "\"0\"").send());
        assertEquals(204, s3.call("DELETE", "/bucket/key").header("If-Match", String.valueOf(etag)).send().status());
        refused(404, "NoSuchKey", s3.call("DELETE", "/bucket/key").header("If-Match", "*").send());
        s3.put("/bucket/one", "1");
        s3.put("/bucket/two", "2");
        var reply = deleteAll("<Object><Key>one</Key><ETag>\"0\"</ETag></Object><Object><Key>two</Key></Object>");
        assertEquals(List.of("PreconditionFailed"), reply.elements("Code"), reply.text());
        assertEquals(List.of("one"), s3.get("/bucket?list-type=2").elements("Key"));
    }

    @Test
    void aBatchDeletesVersionsAndWritesMarkers() {
        set("Enabled");
        var one = put("key", "one");
        var two = put("key", "two");
        var reply = deleteAll("<Object><Key>key</Key><VersionId>" + two + "</VersionId></Object><Object><Key>other</Key></Object>"
                + "<Object><Key>key</Key><VersionId>abc</VersionId></Object>");
        assertEquals(200, reply.status());
        assertEquals(List.of(two, "abc"), reply.elements("VersionId"), reply.text());
        assertEquals(1, reply.elements("DeleteMarkerVersionId").size());
        assertEquals(List.of("NoSuchVersion"), reply.elements("Code"));
        assertEquals("one", s3.get("/bucket/key").text());
        assertEquals(one, s3.get("/bucket/key").header("x-amz-version-id"));
    }

    @Test
    void anOlderVersionIsBroughtBackByACopy() {
        set("Enabled");
        var one = put("key", "one");
        var two = put("key", "two");
        var copied = s3.call("PUT", "/bucket/key").header("x-amz-copy-source", "/bucket/key?versionId=" + one).send();
        assertEquals(200, copied.status(), copied.text());
        assertEquals(one, copied.header("x-amz-copy-source-version-id"));
        assertNotEquals(one, copied.header("x-amz-version-id"));
        assertNotEquals("", copied.header("x-amz-version-id"));
        assertEquals("one", s3.get("/bucket/key").text());
        s3.delete("/bucket/key?versionId=" + two);
        refused(404, "NoSuchVersion",
                s3.call("PUT", "/bucket/key").header("x-amz-copy-source", "/bucket/key?versionId=" + two).send());
    }

    @Test
    void aDeleteMarkerIsNotCopied() {
        set("Enabled");
        put("key", "one");
        var marker = s3.delete("/bucket/key").header("x-amz-version-id");
        var id = s3.call("POST", "/bucket/copy?uploads").send().element("UploadId");
        for (var target : List.of("/bucket/copy", "/bucket/copy?partNumber=1&uploadId=" + id)) {
            var named = s3.call("PUT", target).header("x-amz-copy-source", "/bucket/key?versionId=" + marker).send();
            refused(400, "InvalidRequest", named);
            assertEquals("The source of a copy request may not specifically refer to a delete marker by version id.",
                    named.element("Message"));
            var newest = s3.call("PUT", target).header("x-amz-copy-source", "/bucket/key").send();
            refused(404, "NoSuchKey", newest);
            assertEquals("key", newest.element("Key"));
            for (var reply : List.of(named, newest)) {
                assertEquals("", reply.header("x-amz-version-id"));
                assertEquals("", reply.header("x-amz-delete-marker"));
            }
        }
    }

    @Test
    void tagsAreKeptReplacedCountedAndCopied() {
        set("Enabled");
        var first = s3.call("PUT", "/bucket/key").header("x-amz-tagging", "team=a%20b&empty=").body("x").send();
        assertEquals("2", s3.get("/bucket/key").header("x-amz-tagging-count"));
        var tags = s3.get("/bucket/key?tagging");
        assertEquals(List.of("empty", "team"), tags.elements("Key"), tags.text());
        assertEquals(List.of("", "a b"), tags.elements("Value"));
        s3.call("PUT", "/bucket/copy").header("x-amz-copy-source", "/bucket/key").send();
        assertEquals(List.of("empty", "team"), s3.get("/bucket/copy?tagging").elements("Key"));
        s3.call("PUT", "/bucket/copy").header("x-amz-copy-source", "/bucket/key").header("x-amz-tagging-directive", "REPLACE")
                .header("x-amz-tagging", "new=1").send();
        assertEquals(List.of("new"), s3.get("/bucket/copy?tagging").elements("Key"));
        put("key", "y");
        assertEquals(200, s3.put("/bucket/key?tagging",
                "<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>").status());
        assertEquals(List.of("k"), s3.get("/bucket/key?tagging").elements("Key"));
        assertEquals(List.of("empty", "team"),
                s3.get("/bucket/key?tagging&versionId=" + first.header("x-amz-version-id")).elements("Key"));
        assertEquals(204, s3.delete("/bucket/key?tagging").status());
        assertEquals(List.of(), s3.get("/bucket/key?tagging").elements("Key"));
        var eleven = "<Tag><Key>%s</Key><Value>v</Value></Tag>";
        var many = new StringBuilder();
        for (int i = 0; i < 11; i++)
            many.append(eleven.formatted(i));
        refused(400, "InvalidTag", s3.put("/bucket/key?tagging", "<Tagging><TagSet>" + many + "</TagSet></Tagging>"));
        refused(400, "InvalidTag", s3.put("/bucket/key?tagging",
                "<Tagging><TagSet>" + eleven.formatted("a").repeat(2) + "</TagSet></Tagging>"));
        refused(404, "NoSuchKey", s3.get("/bucket/none?tagging"));
    }

    @Test
    void tagsAreOfAllowedCharactersAndNotTheSystems() {
        var system = "System tags cannot be added/updated by requester";
        refusedTag(system, "aws:x", "v");
        refusedTag("The TagKey you have provided is invalid", "a*b", "v");
        refusedTag("The TagValue you have provided is invalid", "k", "a;b");
        assertEquals(200, s3.call("PUT", "/bucket/key").header("x-amz-tagging", "%C3%BC%20+-=._:/@=%E4%B8%AD&x-aws:=1").body("x")
                .send().status());
        assertEquals(List.of("x-aws:", "\u00fc  -"), s3.get("/bucket/key?tagging").elements("Key"));
    }

    private void refusedTag(String message, String name, String value) {
        var xml = "<Tagging><TagSet><Tag><Key>" + name + "</Key><Value>" + value + "</Value></Tag></TagSet></Tagging>";
        s3.put("/bucket/there", "x");
        for (var reply : List.of(s3.call("PUT", "/bucket/refused").header("x-amz-tagging", name + "=" + value).body("x").send(),
                s3.call("POST", "/bucket/refused?uploads").header("x-amz-tagging", name + "=" + value).send(),
                s3.put("/bucket/there?tagging", xml), s3.put("/bucket?tagging", xml))) {
            refused(400, "InvalidTag", reply);
            assertEquals(message, reply.element("Message"));
        }
        refused(404, "NoSuchKey", s3.get("/bucket/refused"));
    }
}
