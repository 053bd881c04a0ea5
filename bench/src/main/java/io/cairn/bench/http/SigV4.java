package io.cairn.bench.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// AWS Signature Version 4 in the Authorization header ("Authenticating Requests", Amazon S3 API reference), cut down to what a load
/// generator sends: the signed headers are `host`, `x-amz-date`, and
/// `x-amz-content-sha256` or `x-amz-target`. The time is that of construction, which servers
/// accept for 15 minutes; the signing key is derived once, so that a signature costs one SHA-256 and one HMAC. One thread.
public final class SigV4 {
    /// For bodies whose bytes are not signed.
    public static final String UNSIGNED = "UNSIGNED-PAYLOAD";
    /// For requests without a body.
    public static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    private static final String SIGNED = "host;x-amz-content-sha256;x-amz-date";
    private static final String SIGNED_CALL = "host;x-amz-date;x-amz-target";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final String host;
    private final String accessKey;
    private final String time;
    private final String scope;
    private final MessageDigest sha256;
    private final Mac mac;

    /// @param host as the Host header has it
    /// @param service `s3`, `dynamodb`
    public SigV4(String host, String accessKey, String secretKey, String region, String service, Instant now) {
        this.host = host;
        this.accessKey = accessKey;
        time = TIME.format(now);
        scope = time.substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
            mac = Mac.getInstance("HmacSHA256");
            var key = ("AWS4" + secretKey).getBytes(StandardCharsets.UTF_8);
            for (var part : scope.split("/")) {
                mac.init(new SecretKeySpec(key, "HmacSHA256"));
                key = mac.doFinal(part.getBytes(StandardCharsets.UTF_8));
            }
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// The header lines to add, each with its line end.
    ///
    /// @param path percent-encoded once
    /// @param query canonical: names in order, percent-encoded; empty for none
    public String headers(String method, String path, String query, String payload) {
        var canonical = method + "\n" + path + "\n" + query + "\nhost:" + host + "\nx-amz-content-sha256:" + payload
                + "\nx-amz-date:" + time + "\n\n" + SIGNED + "\n" + payload;
        return "x-amz-content-sha256: " + payload + "\r\nx-amz-date: " + time + "\r\n" + authorization(SIGNED, canonical);
    }

    /// The lines for a call of the JSON protocol (AWS JSON 1.0), POST to `/`, signed with its body as the SDKs do.
    ///
    /// @param target `DynamoDB_20120810.GetItem`
    /// @param body all that is to be signed
    public String headers(String target, ByteBuffer body) {
        sha256.update(body.duplicate());
        var payload = HexFormat.of().formatHex(sha256.digest());
        var canonical = "POST\n/\n\nhost:" + host + "\nx-amz-date:" + time + "\nx-amz-target:" + target + "\n\n" + SIGNED_CALL
                + "\n" + payload;
        return "x-amz-date: " + time + "\r\nX-Amz-Target: " + target + "\r\n" + authorization(SIGNED_CALL, canonical);
    }

    private String authorization(String signed, String canonical) {
        var text = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n"
                + HexFormat.of().formatHex(sha256.digest(canonical.getBytes(StandardCharsets.ISO_8859_1)));
        return "Authorization: AWS4-HMAC-SHA256 Credential=" + accessKey + "/" + scope + ",SignedHeaders=" + signed
                + ",Signature=" + HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.ISO_8859_1))) + "\r\n";
    }
}
