package io.cairn.server.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.*;

import io.cairn.server.iam.Principal;
import io.cairn.server.s3.FakeExchange.Reply;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Browser forms with a signed policy. It is noon of 2026-02-03.
class PostedFormTest {
    private static final String EXPIRES = "2026-02-03T13:00:00.000Z";
    private static final String CREDENTIAL = "AKALICE/20260203/us-east-1/s3/aws4_request";
    private static final String CONDITIONS = "{\"bucket\":\"bucket\"},[\"starts-with\",\"$key\",\"up/\"],"
            + "{\"x-amz-algorithm\":\"AWS4-HMAC-SHA256\"},[\"eq\",\"$x-amz-credential\",\"" + CREDENTIAL
            + "\"],{\"x-amz-date\":\"20260203T120000Z\"}";
    private final S3TestClient s3 = new S3TestClient();

    @BeforeEach
    void makeBucket() {
        s3.put("/bucket", "");
    }

    private static String policy(String expiration, String conditions) {
        return Base64.getEncoder().encodeToString(
                "{\"expiration\":\"%s\",\"conditions\":[%s]}".formatted(expiration, conditions).getBytes(UTF_8));
    }

    private static Map<String, String> form(String policy) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("key", "up/${filename}");
        fields.put("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
        fields.put("X-Amz-Credential", CREDENTIAL);
        fields.put("X-Amz-Date", "20260203T120000Z");
        fields.put("Policy", policy);
        fields.put("X-Amz-Signature", signature(policy));
        return fields;
    }

    private static Map<String, String> form() {
        return form(policy(EXPIRES, CONDITIONS));
    }

    /// By the specification, not by the code under test.
    private static String signature(String policy) {
        byte[] key = ("AWS4" + S3TestClient.SECRET).getBytes(UTF_8);
        for (var step : new String[]{"20260203", "us-east-1", "s3", "aws4_request"})
            key = hmac(key, step);
        return HexFormat.of().formatHex(hmac(key, policy));
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private Reply post(Map<String, String> fields, String filename, String content) {
        return post(body(fields, filename, content));
    }

    private Reply post(String body) {
        return s3.as(Principal.ANONYMOUS).call("POST", "/bucket")
                .header("Content-Type", "multipart/form-data; boundary=\"b0-_b\"")
                .body(body).send();
    }

    private static String body(Map<String, String> fields, String filename, String content) {
        var body = new StringBuilder("a preamble that is ignored\r\n");
        fields.forEach((name, value) -> body.append("--b0-_b\r\nContent-Disposition: form-data; name=\"").append(name)
                .append("\"\r\n\r\n").append(value).append("\r\n"));
        return body.append("--b0-_b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"").append(filename)
                .append("\"\r\nContent-Type: text/x\r\n\r\n").append(content)
                .append("\r\n--b0-_b\r\nContent-Disposition: form-data; name=\"after\"\r\n\r\nignored\r\n--b0-_b--\r\n")
                .toString();
    }

    private static void refused(int status, String code, Reply reply) {
        assertEquals(code, reply.element("Code"), reply.text());
        assertEquals(status, reply.status());
    }

    @Test
    void aFileIsStoredUnderItsName() {
        for (var content : new String[]{"", "x", "\r\n--b0-_", "\r\n\r\n--b0-_\r\n", "0123456789".repeat(1000)}) {
            var posted = post(form(), "C:\\dir\\photo.jpg", content);
            assertEquals(204, posted.status(), posted.text());
            assertEquals(content, s3.get("/bucket/up/photo.jpg").text());
            assertFalse(posted.header("ETag").isEmpty());
        }
    }

    @Test
    void fieldsBecomeWhatHeadersAre() {
        var fields = form(policy(EXPIRES, CONDITIONS + ",[\"starts-with\",\"$Content-Type\",\"image/\"],"
                + "{\"x-amz-meta-colour\":\"red\"},[\"starts-with\",\"$tagging\",\"\"],{\"success_action_status\":\"201\"}"));
        fields.put("Content-Type", "image/png");
        fields.put("x-amz-meta-colour", "red");
        fields.put("success_action_status", "201");
        fields.put("tagging", "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>");
        fields.put("x-ignore-me", "x");
        var posted = post(fields, "a", "hello");
        assertEquals(201, posted.status(), posted.text());
        assertEquals("up/a", posted.element("Key"));
        assertEquals("http://127.0.0.1:4566/bucket/up/a", posted.element("Location"));
        var stored = s3.get("/bucket/up/a");
        assertEquals("image/png", stored.header("Content-Type"));
        assertEquals("red", stored.header("x-amz-meta-colour"));
        assertEquals("1", stored.header("x-amz-tagging-count"));
    }

    @Test
    void aBucketInTheHostsNameIsNotToldInThePath() {
        var fields = form(policy(EXPIRES, CONDITIONS + ",{\"success_action_status\":\"201\"}"));
        fields.put("success_action_status", "201");
        var posted = s3.as(Principal.ANONYMOUS).call("POST", "/").header("Host", "bucket.localhost:4566")
                .header("Content-Type", "multipart/form-data; boundary=b0-_b").body(body(fields, "a", "x")).send();
        assertEquals("http://bucket.localhost:4566/up/a", posted.element("Location"), posted.text());
    }

    @Test
    void aFormThatIsCutLeavesNothing() {
        var cut = s3.as(Principal.ANONYMOUS).call("POST", "/bucket").header("Content-Type", "multipart/form-data; boundary=b0-_b")
                .body(body(form(), "a", "x".repeat(100_000))).cutShort().send();
        assertEquals(400, cut.status());
        assertEquals(404, s3.get("/bucket/up/a").status());
    }

    @Test
    void onlyASignatureForS3Counts() {
        var fields = form(policy(EXPIRES, CONDITIONS));
        fields.put("X-Amz-Credential", CREDENTIAL.replace("/s3/", "/iam/"));
        refused(400, "AuthorizationQueryParametersError", post(fields, "a", "x"));
    }

    @Test
    void aBrowserMayBeSentOn() {
        var fields = form(policy(EXPIRES, CONDITIONS + ",[\"starts-with\",\"$success_action_redirect\",\"https://\"]"));
        fields.put("success_action_redirect", "https://example.com/done?x=1");
        var posted = post(fields, "a", "hello");
        assertEquals(303, posted.status());
        assertEquals("https://example.com/done?x=1&bucket=bucket&key=up%2Fa&etag=%225d41402abc4b2a76b9719d911017c592%22",
                posted.header("Location"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://example.com/\r\nSet-Cookie: a=b", "https://example.com/\u0000", "https://example.com/a b",
            "javascript:alert(1)", "https:opaque", "https://", "//example.com/", "/done"})
    void aBrowserIsNotSentWhereNoAddressIs(String redirect) {
        for (var field : new String[]{"success_action_redirect", "redirect"}) {
            var fields = form(policy(EXPIRES, CONDITIONS + ",[\"starts-with\",\"$" + field + "\",\"\"]"));
            fields.put(field, redirect);
            var posted = post(fields, "a", "hello");
            assertEquals(204, posted.status(), posted.text());
            assertEquals("http://127.0.0.1:4566/bucket/up/a", posted.header("Location"));
            assertEquals("hello", s3.get("/bucket/up/a").text());
        }
    }

    @Test
    void aBrowserIsSentOnInAscii() {
        var fields = form(policy(EXPIRES, CONDITIONS + ",[\"starts-with\",\"$success_action_redirect\",\"https://\"]"));
        fields.put("success_action_redirect", "https://example.com/gr\u00fc\u00df?x=\u20ac");
        var posted = post(fields, "a", "hello");
        assertEquals(303, posted.status());
        assertEquals("https://example.com/gr%C3%BC%C3%9F?x=%E2%82%AC&bucket=bucket&key=up%2Fa"
                + "&etag=%225d41402abc4b2a76b9719d911017c592%22", posted.header("Location"));
    }

    @Test
    void onlyWhatThePolicyAllowsIsStored() {
        refused(403, "AccessDenied", post(form(policy("2026-02-03T12:00:00.250Z", CONDITIONS)), "a", "x"));
        var elsewhere = form();
        elsewhere.put("key", "down/a");
        refused(403, "AccessDenied", post(elsewhere, "a", "x"));
        var more = form();
        more.put("x-amz-meta-a", "b");
        refused(403, "AccessDenied", post(more, "a", "x"));
        refused(403, "AccessDenied",
                post(form(policy(EXPIRES, CONDITIONS.replace("{\"bucket\":\"bucket\"}", "{\"bucket\":\"other\"}"))),
                        "a", "x"));
        var sized = form(policy(EXPIRES, CONDITIONS + ",[\"content-length-range\",3,5]"));
        refused(400, "EntityTooSmall", post(sized, "a", "12"));
        refused(400, "EntityTooLarge", post(sized, "a", "123456"));
        assertEquals(0, s3.get("/bucket?list-type=2").elements("Key").size());
        assertEquals(204, post(sized, "a", "12345").status());
    }

    @Test
    void onlyWhoSignedIsBelieved() {
        var forged = form();
        forged.put("Policy", policy(EXPIRES, "[\"starts-with\",\"$key\",\"\"]"));
        refused(403, "SignatureDoesNotMatch", post(forged, "a", "x"));
        var unknown = form();
        unknown.put("X-Amz-Credential", CREDENTIAL.replace("AKALICE", "AKNOBODY"));
        refused(403, "InvalidAccessKeyId", post(unknown, "a", "x"));
        var unsigned = form();
        unsigned.remove("X-Amz-Signature");
        refused(400, "InvalidArgument", post(unsigned, "a", "x"));
        var free = form();
        free.remove("Policy");
        refused(403, "AccessDenied", post(free, "a", "x"));
        s3.as(S3TestClient.BOB).put("/bobs", "");
        refused(403, "AccessDenied", s3.as(Principal.ANONYMOUS).call("POST", "/bobs").header("Content-Type",
                "multipart/form-data; boundary=b0-_b")
                .body(body(form(policy(EXPIRES, CONDITIONS.replace("\"bucket\":\"bucket\"", "\"bucket\":\"bobs\""))), "a", "x"))
                .send());
        assertEquals(0, s3.get("/bucket?list-type=2").elements("Key").size());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{|InvalidPolicyDocument", "[]|InvalidPolicyDocument",
            "{\"conditions\":[]}|InvalidPolicyDocument", "{\"expiration\":\"tomorrow\",\"conditions\":[]}|InvalidPolicyDocument",
            "{\"expiration\":\"2026-02-03T13:00:00Z\"}|InvalidPolicyDocument",
            "{\"expiration\":\"2026-02-03T13:00:00Z\",\"conditions\":[[\"like\",\"$key\",\"x\"]]}|InvalidPolicyDocument",
            "{\"expiration\":\"2026-02-03T13:00:00Z\",\"conditions\":[[\"content-length-range\",-1,2]]}|InvalidPolicyDocument",
            "{\"expiration\":\"2026-02-03T13:00:00Z\",\"conditions\":[[\"eq\",\"key\",\"x\"]]}|InvalidPolicyDocument"})
    void aPolicyThatIsNoneIsRefused(String document, String code) {
        refused(400, code, post(form(Base64.getEncoder().encodeToString(document.getBytes(UTF_8))), "a", "x"));
    }

    @Test
    void aBodyThatIsNoFormIsRefused() {
        refused(412, "PreconditionFailed", s3.call("POST", "/bucket").header("Content-Type", "text/plain").body("x").send());
        refused(412, "PreconditionFailed",
                s3.call("POST", "/bucket").header("Content-Type", "multipart/form-data").body("x").send());
        refused(400, "InvalidArgument", post("--b0-_b--\r\n"));
        refused(400, "InvalidArgument", post(""));
        var whole = body(form(), "a", "x");
        refused(400, "MalformedPOSTRequest", post(whole.substring(0, whole.indexOf("text/x") + 11)));
        refused(400, "MaxPostPreDataLengthExceededError", post(body(Map.of("a", "x".repeat(30_000)), "a", "x")));
        refused(400, "InvalidArgument", post(body(Map.of("a", "b"), "a", "x")));
        refused(400, "MalformedPOSTRequest", post(whole + "x".repeat(30_000)));
        refused(400, "MalformedPOSTRequest",
                s3.call("POST", "/bucket").header("Content-Type", "multipart/form-data; boundary=b0-_b")
                        .body(body(Map.of("key", "\u00e9"), "a", "x").getBytes(ISO_8859_1)).send());
        refused(411, "MissingContentLength", s3.call("POST", "/bucket").header("Content-Type", "multipart/form-data; boundary=b")
                .lengthUnknown().send());
        refused(501, "NotImplemented", s3.call("POST", "/bucket").header("Content-Type", "multipart/form-data; boundary=b")
                .header("If-None-Match", "*").send());
        refused(404, "NoSuchBucket", s3.call("POST", "/none").header("Content-Type", "multipart/form-data; boundary=b").send());
    }
}
