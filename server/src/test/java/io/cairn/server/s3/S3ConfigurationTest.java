package io.cairn.server.s3;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.server.iam.Principal;
import io.cairn.server.s3.FakeExchange.Reply;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is configured of a bucket: tags, ownership, who pays, where it is, and CORS.
class S3ConfigurationTest {
    private static final String RULE = "<CORSRule><ID>one</ID><AllowedOrigin>https://*.example.com</AllowedOrigin>"
            + "<AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod><AllowedHeader>x-amz-*</AllowedHeader>"
            + "<ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>3000</MaxAgeSeconds></CORSRule>";
    private final S3TestClient s3 = new S3TestClient();

    @BeforeEach
    void makeBucket() {
        s3.put("/bucket", "");
    }

    private static void refused(int status, String code, Reply reply) {
        assertEquals(code, reply.element("Code"), reply.text());
        assertEquals(status, reply.status());
    }

    private static String tags(int count) {
        return "<Tagging><TagSet>" + IntStream.range(0, count).mapToObj(i -> "<Tag><Key>k" + i + "</Key><Value>v</Value></Tag>")
                .collect(Collectors.joining()) + "</TagSet></Tagging>";
    }

    @Test
    void tags() {
        refused(404, "NoSuchTagSet", s3.get("/bucket?tagging"));
        assertEquals(204, s3.put("/bucket?tagging", tags(50)).status());
        assertEquals(50, s3.get("/bucket?tagging").elements("Key").size());
        refused(400, "InvalidRequest", s3.put("/bucket?tagging", tags(51)));
        refused(400, "InvalidTag", s3.put("/bucket?tagging", tags(1).replace("k0", "aws:x")));
        refused(400, "InvalidTag", s3.put("/bucket?tagging", tags(1).replace("k0", "k".repeat(129))));
        refused(400, "InvalidTag", s3.put("/bucket?tagging", tags(1).replace("v<", "v".repeat(257) + "<")));
        refused(400, "InvalidTag", s3.put("/bucket?tagging", tags(2).replace("k1", "k0")));
        refused(400, "MalformedXML", s3.put("/bucket?tagging", "<Tagging><TagSet><Tag/></TagSet></Tagging>"));
        assertEquals(50, s3.get("/bucket?tagging").elements("Key").size(), "refused ones change nothing");
        assertEquals(204, s3.delete("/bucket?tagging").status());
        refused(404, "NoSuchTagSet", s3.get("/bucket?tagging"));
    }

    @Test
    void ownershipIsTheOwnersAlone() {
        assertEquals("BucketOwnerEnforced", s3.get("/bucket?ownershipControls").element("ObjectOwnership"));
        var controls = "<OwnershipControls><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>";
        assertEquals(204, s3.delete("/bucket?ownershipControls").status());
        refused(404, "OwnershipControlsNotFoundError", s3.get("/bucket?ownershipControls"));
        assertEquals(200, s3.put("/bucket?ownershipControls", controls).status());
        assertEquals("BucketOwnerEnforced", s3.get("/bucket?ownershipControls").element("ObjectOwnership"));
        refused(501, "NotImplemented",
                s3.put("/bucket?ownershipControls", controls.replace("BucketOwnerEnforced", "ObjectWriter")));
        refused(400, "MalformedXML", s3.put("/bucket?ownershipControls", controls.replace("BucketOwnerEnforced", "Nobody")));
        refused(400, "MalformedXML", s3.put("/bucket?ownershipControls", "<OwnershipControls/>"));
        refused(501, "NotImplemented", s3.call("PUT", "/other").header("x-amz-object-ownership", "ObjectWriter").send());
        assertEquals(404, s3.call("HEAD", "/other").send().status());
    }

    @Test
    void requestPayment() {
        assertEquals("BucketOwner", s3.get("/bucket?requestPayment").element("Payer"));
        var requester = "<RequestPaymentConfiguration><Payer>Requester</Payer></RequestPaymentConfiguration>";
        assertEquals(200, s3.put("/bucket?requestPayment", requester).status());
        assertEquals("Requester", s3.get("/bucket?requestPayment").element("Payer"));
        refused(400, "MalformedXML", s3.put("/bucket?requestPayment", requester.replace(">Requester", ">Me")));
    }

    @Test
    void aBucketRemembersWhereItWasMade() {
        var made = "<CreateBucketConfiguration><LocationConstraint>eu-central-1</LocationConstraint><Tags><Tag><Key>a</Key>"
                + "<Value>b</Value></Tag></Tags></CreateBucketConfiguration>";
        assertEquals(200, s3.put("/frankfurt", made).status());
        assertEquals("eu-central-1", s3.call("HEAD", "/frankfurt").send().header("x-amz-bucket-region"));
        assertTrue(s3.get("/frankfurt?location").text().contains(">eu-central-1</LocationConstraint>"));
        assertEquals(List.of("us-east-1", "eu-central-1"), s3.get("/").elements("BucketRegion"));
        assertEquals(List.of("frankfurt"), s3.get("/?bucket-region=eu-central-1").elements("Name"));
        s3.put("/ireland", made.replace("eu-central-1", "EU"));
        assertEquals("eu-west-1", s3.call("HEAD", "/ireland").send().header("x-amz-bucket-region"));
        assertTrue(s3.get("/ireland?location").text().contains(">EU</LocationConstraint>"));
        assertEquals(List.of("b"), s3.get("/frankfurt?tagging").elements("Value"));
        refused(400, "InvalidLocationConstraint", s3.put("/nowhere", made.replace("eu-central-1", "Eu Central")));
        assertEquals(404, s3.call("HEAD", "/nowhere").send().status());
    }

    // ---- CORS ----

    private void cors(String... rules) {
        assertEquals(200,
                s3.put("/bucket?cors", "<CORSConfiguration>" + String.join("", rules) + "</CORSConfiguration>").status());
    }

    private Reply preflight(String origin, String method, String headers) {
        var call = s3.as(Principal.ANONYMOUS).call("OPTIONS", "/bucket/key").header("Origin", origin)
                .header("Access-Control-Request-Method", method);
        return headers.isEmpty() ? call.send() : call.header("Access-Control-Request-Headers", headers).send();
    }

    @Test
    void aCorsConfigurationComesBackAsItWasGiven() {
        refused(404, "NoSuchCORSConfiguration", s3.get("/bucket?cors"));
        cors(RULE, "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>HEAD</AllowedMethod></CORSRule>");
        var kept = s3.get("/bucket?cors");
        assertEquals(List.of("https://*.example.com", "*"), kept.elements("AllowedOrigin"));
        assertEquals(List.of("GET", "PUT", "HEAD"), kept.elements("AllowedMethod"));
        assertEquals(List.of("one"), kept.elements("ID"));
        assertEquals(List.of("3000"), kept.elements("MaxAgeSeconds"));
        assertEquals(204, s3.delete("/bucket?cors").status());
        refused(404, "NoSuchCORSConfiguration", s3.get("/bucket?cors"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<CORSRule/>", "<CORSRule><AllowedOrigin>*</AllowedOrigin></CORSRule>",
            "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><MaxAgeSeconds>x</MaxAgeSeconds></CORSRule>",
            "<Other/>"})
    void aCorsConfigurationThatIsNoneIsRefused(String rules) {
        refused(400, "MalformedXML", s3.put("/bucket?cors", "<CORSConfiguration>" + rules + "</CORSConfiguration>"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>PATCH</AllowedMethod></CORSRule>",
            "<CORSRule><AllowedOrigin>*.*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>",
            "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod><ExposeHeader>*</ExposeHeader></CORSRule>",
            "<CORSRule><AllowedOrigin>a&#10;b</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule>"})
    void aCorsRuleThatCannotBeHeededIsRefused(String rule) {
        refused(400, "InvalidRequest", s3.put("/bucket?cors", "<CORSConfiguration>" + rule + "</CORSConfiguration>"));
    }

    @Test
    void aPreflightIsAnsweredByTheFirstRuleThatFits() {
        refused(403, "AccessForbidden", preflight("https://a.example.com", "GET", ""));
        cors(RULE, "<CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>HEAD</AllowedMethod></CORSRule>");
        var allowed = preflight("https://a.example.com", "PUT", "X-Amz-Date, x-amz-acl");
        assertEquals(200, allowed.status(), allowed.text());
        assertEquals("https://a.example.com", allowed.header("Access-Control-Allow-Origin"));
        assertEquals("GET, PUT", allowed.header("Access-Control-Allow-Methods"));
        assertEquals("x-amz-date, x-amz-acl", allowed.header("Access-Control-Allow-Headers"));
        assertEquals("3000", allowed.header("Access-Control-Max-Age"));
        assertEquals("true", allowed.header("Access-Control-Allow-Credentials"));
        assertEquals("*", preflight("http://elsewhere", "HEAD", "").header("Access-Control-Allow-Origin"));
        refused(403, "AccessForbidden", preflight("http://elsewhere", "GET", ""));
        refused(403, "AccessForbidden", preflight("https://a.example.com", "PUT", "content-type"));
        refused(400, "BadRequest", s3.call("OPTIONS", "/bucket/key").send());
        refused(400, "BadRequest", s3.call("OPTIONS", "/bucket/key").header("Origin", "http://x").send());
        refused(403, "AccessForbidden", s3.call("OPTIONS", "/none/key").header("Origin", "http://x")
                .header("Access-Control-Request-Method", "GET").send());
    }

    @Test
    void aChangedConfigurationHoldsAtOnce() {
        cors(RULE);
        assertEquals(200, preflight("https://a.example.com", "GET", "").status());
        cors(RULE.replace("example.com", "example.net"));
        refused(403, "AccessForbidden", preflight("https://a.example.com", "GET", ""));
        assertEquals(200, preflight("https://a.example.net", "GET", "").status());
        s3.delete("/bucket?cors");
        refused(403, "AccessForbidden", preflight("https://a.example.net", "GET", ""));
        cors(RULE);
        preflight("https://a.example.com", "GET", "");
        s3.delete("/bucket");
        s3.put("/bucket", "");
        refused(403, "AccessForbidden", preflight("https://a.example.com", "GET", ""));
    }

    @Test
    void answersAndRefusalsTellWhoMayReadThem() {
        cors(RULE);
        var put = s3.call("PUT", "/bucket/key").header("Origin", "https://a.example.com").body("x").send();
        assertEquals(200, put.status());
        assertEquals("ETag", put.header("Access-Control-Expose-Headers"));
        var missing = s3.call("GET", "/bucket/none").header("Origin", "https://a.example.com").send();
        refused(404, "NoSuchKey", missing);
        assertEquals("https://a.example.com", missing.header("Access-Control-Allow-Origin"));
        var stranger = s3.call("GET", "/bucket/key").header("Origin", "https://evil.example").send();
        assertEquals("x", stranger.text(), "the browser keeps it from the page, not the server");
        assertEquals("", stranger.header("Access-Control-Allow-Origin"));
    }
}
