package io.cairn.server.s3;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.object.ChecksumAlgorithm;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Listings and batch deletes through the S3 face.
class S3ListingTest {
    private final S3TestClient s3 = new S3TestClient();

    @BeforeEach
    void fill() {
        s3.put("/bucket", "");
        for (var key : List.of("a", "a/1", "a/2", "b%20c", "b%26d", "c/1", "d"))
            s3.put("/bucket/" + key, key);
    }

    @Test
    void versionTwoTellsAllOfAKey() {
        var page = s3.get("/bucket?list-type=2&max-keys=1&fetch-owner=true&start-after=a/2");
        assertEquals(List.of("b c"), page.elements("Key"));
        assertEquals("2026-02-03T12:00:00.250Z", page.element("LastModified"));
        assertTrue(page.element("ETag").matches("&quot;[0-9a-f]{32}&quot;"), page.element("ETag"));
        assertEquals("5", page.element("Size"));
        assertEquals("STANDARD", page.element("StorageClass"));
        assertEquals("CRC64NVME", page.element("ChecksumAlgorithm"));
        assertEquals("FULL_OBJECT", page.element("ChecksumType"));
        assertEquals("alice-id", page.element("ID"));
        assertEquals("bucket", page.element("Name"));
        assertEquals("1", page.element("KeyCount"));
        assertEquals("1", page.element("MaxKeys"));
        assertEquals("true", page.element("IsTruncated"));
        assertEquals("a/2", page.element("StartAfter"));
        assertEquals("", s3.get("/bucket?list-type=2").element("ID"), "no owner unless asked for");
    }

    @Test
    void versionTwoGoesOnWithItsToken() {
        var keys = new ArrayList<String>();
        var prefixes = new ArrayList<String>();
        var token = "";
        do {
            var page = s3.get("/bucket?list-type=2&max-keys=2&delimiter=%2F" + token);
            keys.addAll(page.elements("Key"));
            prefixes.addAll(page.text().contains("<CommonPrefixes>")
                    ? page.elements("Prefix").stream().filter(prefix -> !prefix.isEmpty()).toList()
                    : List.of());
            token = "&continuation-token=" + page.element("NextContinuationToken");
        } while (token.length() > "&continuation-token=".length());
        assertEquals(List.of("a", "b c", "b&amp;d", "d"), keys);
        assertEquals(List.of("a/", "c/"), prefixes);
    }

    @Test
    void versionOneGoesOnWithItsMarker() {
        var first = s3.get("/bucket?delimiter=/&max-keys=2");
        assertEquals(List.of("a"), first.elements("Key"));
        assertEquals("a/", first.element("NextMarker"));
        assertEquals("alice-id", first.element("ID"));
        var second = s3.get("/bucket?delimiter=/&max-keys=2&marker=a/");
        assertEquals(List.of("b c", "b&amp;d"), second.elements("Key"));
        assertEquals("a/", second.element("Marker"));
        var rest = s3.get("/bucket?marker=b%20c");
        assertEquals(List.of("b&amp;d", "c/1", "d"), rest.elements("Key"));
        assertEquals("", rest.element("NextMarker"));
        assertEquals("false", rest.element("IsTruncated"));
    }

    @Test
    void keysComeEncodedWhenAskedFor() {
        var page = s3.get("/bucket?list-type=2&encoding-type=url&prefix=b");
        assertEquals(List.of("b%20c", "b%26d"), page.elements("Key"));
        assertEquals("url", page.element("EncodingType"));
        assertEquals("InvalidArgument", s3.get("/bucket?encoding-type=xml").element("Code"));
    }

    @Test
    void numbersAndTokensThatAreNoneAreRefused() {
        assertEquals("InvalidArgument", s3.get("/bucket?max-keys=-1").element("Code"));
        assertEquals("InvalidArgument", s3.get("/bucket?max-keys=many").element("Code"));
        assertEquals("InvalidArgument", s3.get("/bucket?list-type=2&continuation-token=%21").element("Code"));
        assertEquals("1000", s3.get("/bucket?max-keys=5000").element("MaxKeys"));
        var none = s3.get("/bucket?max-keys=0");
        assertEquals(List.of(), none.elements("Key"));
        assertEquals("false", none.element("IsTruncated"));
    }

    @Test
    void aBatchOfKeysIsDeleted() {
        var answer = s3.call("POST", "/bucket?delete")
                .body("<Delete><Object><Key>a</Key></Object><Object><Key>b&amp;d</Key></Object><Object><Key>none</Key></Object></Delete>")
                .withMd5().send();
        assertEquals(200, answer.status(), answer.text());
        assertEquals(List.of("a", "b&amp;d", "none"), answer.elements("Key"));
        assertEquals(List.of("a/1", "a/2", "b c", "c/1", "d"), s3.get("/bucket").elements("Key"));
    }

    @Test
    void aQuietBatchNamesOnlyWhatWasNotDone() {
        var answer = s3.call("POST", "/bucket?delete")
                .body("<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet><Object><Key>a</Key></Object>"
                        + "<Object><Key>d</Key><VersionId>xyz</VersionId></Object><Object><Key>a/1</Key><ETag>e</ETag></Object></Delete>")
                .withChecksum(ChecksumAlgorithm.CRC64NVME).send();
        assertEquals(List.of("d", "a/1"), answer.elements("Key"));
        assertEquals(List.of("NoSuchVersion", "PreconditionFailed"), answer.elements("Code"));
        assertEquals(List.of("a/1", "a/2", "b c", "b&amp;d", "c/1", "d"), s3.get("/bucket").elements("Key"));
    }

    @Test
    void aBatchMustBeWholeAndWellFormed() {
        var delete = "<Delete><Object><Key>a</Key></Object></Delete>";
        assertEquals("InvalidRequest", s3.call("POST", "/bucket?delete").body(delete).send().element("Code"));
        assertEquals("BadDigest", s3.call("POST", "/bucket?delete").body("x").withMd5().body(delete).send().element("Code"));
        assertEquals("BadDigest", s3.call("POST", "/bucket?delete").body("x")
                .withChecksum(ChecksumAlgorithm.CRC32).body(delete).send().element("Code"));
        for (var malformed : List.of("", "<Delete>", "<Delete></Delete>", "<Delete><Object/></Delete>", "<Other/>",
                "<!DOCTYPE x [<!ENTITY e \"a\">]><Delete><Object><Key>&e;</Key></Object></Delete>",
                "<Delete>" + "<Object><Key>a</Key></Object>".repeat(1001) + "</Delete>"))
            assertEquals("MalformedXML", s3.call("POST", "/bucket?delete").body(malformed).withMd5().send().element("Code"),
                    malformed);
        assertEquals("MaxMessageLengthExceeded",
                s3.call("POST", "/bucket?delete").body("<Delete>" + " ".repeat(XmlReader.MAX_BYTES)).withMd5().send()
                        .element("Code"));
        assertEquals(7, s3.get("/bucket").elements("Key").size());
    }

    @Test
    void aThousandKeysOfFullLengthFit() {
        var body = new StringBuilder("<Delete>");
        for (int i = 0; i < 1000; i++)
            body.append("<Object><Key>").append("%04d".formatted(i)).append("&lt;".repeat(900)).append("k".repeat(120))
                    .append("</Key></Object>");
        var answer = s3.call("POST", "/bucket?delete").body(body.append("</Delete>").toString()).withMd5().send();
        assertEquals(1000, answer.elements("Deleted").size(), () -> answer.text().substring(0, 200));
    }
}
