package io.cairn.server.cli;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Signs requests with AWS Signature Version 4 in the Authorization header (Amazon S3 API reference, "Signature Calculations for
/// the Authorization Header: Transferring Payload in a Single Chunk"). Stateless; any thread.
///
/// @param service as in the signature's scope: `s3`
record RequestSigner(Credentials credentials, String region, String service) {
    static final String EMPTY_SHA256 = sha256(new byte[0]);
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    /// Of S3.
    RequestSigner(Credentials credentials, String region) {
        this(credentials, region, "s3");
    }

    /// The headers to send, among them those added here: `x-amz-date`, `x-amz-content-sha256`, `authorization`. `host` is signed too;
    /// the HTTP client sends it by itself.
    ///
    /// @param rawPath percent-encoded once, as it will be sent
    /// @param query names and values, not encoded
    /// @param headers to send and sign, names in lower case, without `host`
    SortedMap<String, String> sign(String method, String host, String rawPath, SortedMap<String, String> query,
            Map<String, String> headers, String payloadSha256, Instant now) {
        var time = TIME.format(now);
        var signed = new TreeMap<>(headers);
        signed.put("host", host);
        signed.put("x-amz-date", time);
        signed.put("x-amz-content-sha256", payloadSha256);
        if (!credentials.sessionToken().isEmpty())
            signed.put("x-amz-security-token", credentials.sessionToken());

        var names = String.join(";", signed.keySet());
        var canonical = new StringBuilder(method + "\n" + rawPath + "\n" + UriEncoding.query(query) + "\n");
        signed.forEach(
                (name, value) -> canonical.append(name).append(':').append(value.strip().replaceAll(" +", " ")).append('\n'));
        canonical.append('\n').append(names).append('\n').append(payloadSha256);

        var scope = time.substring(0, 8) + "/" + region + "/" + service + "/aws4_request";
        var text = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n"
                + sha256(canonical.toString().getBytes(StandardCharsets.UTF_8));
        var key = hmac(hmac(hmac(hmac(("AWS4" + credentials.secretKey()).getBytes(StandardCharsets.UTF_8), time.substring(0, 8)),
                region), service), "aws4_request");
        signed.put("authorization",
                "AWS4-HMAC-SHA256 Credential=" + credentials.accessKey() + "/" + scope + ",SignedHeaders=" + names
                        + ",Signature=" + HexFormat.of().formatHex(hmac(key, text)));
        signed.remove("host");
        return signed;
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest("SHA-256").digest(bytes));
    }

    /// A digest that every Java platform has.
    static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
