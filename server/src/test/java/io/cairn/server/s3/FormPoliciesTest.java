package io.cairn.server.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

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

/// What a form's signer did not allow, and forms that S3 takes or words otherwise. It is noon of 2026-02-03.
class FormPoliciesTest {
    private static final String CREDENTIAL = "AKALICE/20260203/us-east-1/s3/aws4_request";
    private static final String SIGNED = ",{\"x-amz-algorithm\":\"AWS4-HMAC-SHA256\"},{\"x-amz-credential\":\"" + CREDENTIAL
            + "\"},{\"x-amz-date\":\"20260203T120000Z\"}";
    private final S3TestClient s3 = new S3TestClient();

    @BeforeEach
    void makeBucket() {
        s3.put("/bucket", "");
    }

    private static String document(String conditions) {
        return "{\"expiration\":\"2026-02-03T13:00:00Z\",\"conditions\":[" + conditions + SIGNED + "]}";
    }

    private static String base64(String document) {
        return Base64.getEncoder().encodeToString(document.getBytes(UTF_8));
    }

    private static Map<String, String> form(String key, String policy, String signedPolicy) {
        var fields = new LinkedHashMap<String, String>();
        fields.put("key", key);
        fields.put("x-amz-algorithm", "AWS4-HMAC-SHA256");
        fields.put("x-amz-credential", CREDENTIAL);
        fields.put("x-amz-date", "20260203T120000Z");
        fields.put("policy", policy);
        fields.put("x-amz-signature", signature(signedPolicy));
        return fields;
    }

    private static Map<String, String> form(String key, String conditions) {
        var policy = base64(document(conditions));
        return form(key, policy, policy);
    }

    private static String signature(String policy) {
        try {
            byte[] key = ("AWS4" + S3TestClient.SECRET).getBytes(UTF_8);
            for (var text : new String[]{"20260203", "us-east-1", "s3", "aws4_request", policy}) {
                var mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key, "HmacSHA256"));
                key = mac.doFinal(text.getBytes(UTF_8));
            }
            return HexFormat.of().formatHex(key);
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private Reply post(Map<String, String> fields) {
        var body = new StringBuilder();
        fields.forEach((name, value) -> body.append("--B\r\nContent-Disposition: form-data; name=\"").append(name)
                .append("\"\r\n\r\n").append(value).append("\r\n"));
        body.append("--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nhello\r\n--B--\r\n");
        return s3.as(Principal.ANONYMOUS).call("POST", "/bucket").header("Content-Type", "multipart/form-data; boundary=B")
                .body(body.toString()).send();
    }

    private static void refused(int status, String code, Reply reply) {
        assertEquals(status, reply.status(), reply.text());
        assertEquals(code, reply.element("Code"));
    }

    /// Characters above 255 whose lower byte is the one that was signed, and which the decoder of the base64 passes over.
    @Test
    void nothingCanBeTakenOutOfASignedPolicy() {
        var document = document("{\"bucket\":\"bucket\"},[\"starts-with\",\"$key\",\"users/alice/files/\"]");
        int prefix = document.indexOf("users/alice");
        int from = (prefix + 2) / 3 * 3;
        int to = (prefix + "users/alice/files/".length()) / 3 * 3;
        var weaker = document.substring(0, from) + document.substring(to);
        var left = weaker.substring(prefix, weaker.indexOf('"', prefix));
        var signed = base64(document);
        var sent = new StringBuilder(signed);
        for (int i = from / 3 * 4; i < to / 3 * 4; i++)
            sent.setCharAt(i, (char) (0x100 + signed.charAt(i)));
        refused(403, "SignatureDoesNotMatch", post(form(left + "anywhere", sent.toString(), signed)));
    }

    @Test
    void aPolicyThatNamesNoBucketAllowsNone() {
        refused(403, "AccessDenied", post(form("k", "{\"key\":\"k\"}")));
    }

    @Test
    void everyRangeOfAPolicyHolds() {
        refused(400, "EntityTooLarge", post(form("k", "{\"bucket\":\"bucket\"},{\"key\":\"k\"},"
                + "[\"content-length-range\",0,3],[\"content-length-range\",0,300]")));
    }

    @Test
    void aPrefixOfAContentTypeHoldsForEachOfAList() {
        var form = form("k", "{\"bucket\":\"bucket\"},{\"key\":\"k\"},[\"starts-with\",\"$Content-Type\",\"image/\"]");
        form.put("Content-Type", "image/png,text/html");
        refused(403, "AccessDenied", post(form));
    }

    @Test
    void metadataThatCannotBeAHeaderIsRefusedAndNoFailure() {
        for (var name : new String[]{"x-amz-meta-a b", "x-amz-meta-\u00e9"}) {
            var form = form("k", "{\"bucket\":\"bucket\"},{\"key\":\"k\"},{\"" + name + "\":\"v\"}");
            form.put(name, "v");
            assertEquals(400, post(form).status(), name);
        }
    }

    @Test
    void aValueMayBeginWithABlank() {
        var form = form("k", "{\"bucket\":\"bucket\"},{\"key\":\"k\"},{\"cache-control\":\" no-cache\"}");
        form.put("Cache-Control", " no-cache");
        assertEquals(204, post(form).status());
    }

    @Test
    void aPolicyMayEscapeADollar() {
        assertEquals(204, post(form("k", "{\"bucket\":\"bucket\"},[\"eq\",\"\\$key\",\"k\"]")).status());
    }

    @Test
    void theFilenameStandsInEveryField() {
        var form = form("k", "{\"bucket\":\"bucket\"},{\"key\":\"k\"},[\"starts-with\",\"$x-amz-meta-name\",\"\"]");
        form.put("x-amz-meta-name", "${filename}");
        assertEquals(204, post(form).status());
        assertEquals("f", s3.get("/bucket/k").header("x-amz-meta-name"));
    }
}
