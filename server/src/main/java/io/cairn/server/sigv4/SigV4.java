package io.cairn.server.sigv4;

import io.cairn.server.iam.Credentials;
import io.cairn.server.iam.Principal;
import io.cairn.server.iam.User;
import io.netty.handler.codec.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/// Verifies AWS Signature Version 4, in the header and in the query. In two steps, because the protocol in which a refusal is worded
/// is known only from what is claimed: [#claim] reads, [#verify] believes. Any thread.
///
/// Each refusal is a [SignatureRefusedException] with S3's own code and text.
public final class SigV4 {
    public static final Duration MAX_SKEW = Duration.ofMinutes(15);
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);
    private static final ThreadLocal<Scratch> SCRATCH_TO_SIGN = ThreadLocal.withInitial(Scratch::new);

    private final Credentials credentials;
    private final InstantSource clock;
    private final SigningKeys keys = new SigningKeys();

    public SigV4(Credentials credentials, InstantSource clock) {
        this.credentials = credentials;
        this.clock = clock;
    }

    /// What the request says of its signature; null when it is not signed.
    public static @Nullable Claim claim(String rawQuery, HttpHeaders headers) {
        return ClaimParser.parse(rawQuery, headers);
    }

    /// Who signed, and what must hold of the body.
    public record Verified(Principal principal, Payload payload) {}

    /// Checks the claim against the request.
    ///
    /// @param rawPath as sent; bytes above 127 escaped or as ISO-8859-1 characters
    /// @param bodyHash hexadecimal SHA-256 of the body, for a service whose clients do not send it in a header; null for a body that
    ///        is not known yet, which is right wherever [#needsBodyHash] is false
    public Verified verify(Claim claim, String method, String rawPath, String rawQuery, HttpHeaders headers,
            @Nullable String bodyHash) {
        var user = user(claim);
        checkTime(claim);
        checkSignedHeaders(claim, headers);
        var hash = payloadHash(claim, rawQuery, headers, bodyHash);
        var key = keys.find(claim, user.secretKey());
        var canonical = SCRATCH.get().clear();
        CanonicalRequest.write(canonical, method, rawPath, rawQuery, headers, claim, hash);
        var toSign = SCRATCH_TO_SIGN.get().clear();
        CanonicalRequest.writeStringToSign(toSign, claim, Sha256.hash(canonical));
        if (!Sha256.equalsHex(Sha256.hmac(key, toSign), claim.signature()))
            throw mismatch(claim, canonical.toString(), toSign.toString());
        return new Verified(user.principal(), payload(hash, headers, claim, key));
    }

    /// Refuses what [#verify] refuses whatever the body is: so that nothing is kept for who has no key here.
    public void requireSigner(Claim claim, HttpHeaders headers) {
        var _ = user(claim);
        checkTime(claim);
        checkSignedHeaders(claim, headers);
    }

    /// Who signed the policy of a browser's form (Amazon S3 API reference, "Authenticating requests: browser-based uploads using POST"):
    /// the string to sign is the policy itself, in base64 as sent. When it was signed does not matter; it says itself how long it holds.
    ///
    /// @param date as `x-amz-date`
    public Principal signerOfPolicy(String credential, String date, String signature, @Nullable String token, String policy) {
        var claim = ClaimParser.ofPolicy(credential, date, signature, token);
        if (!claim.service().equals("s3"))
            throw SignatureRefusedException.malformedQuery(
                    "Error parsing the X-Amz-Credential parameter; incorrect service \"" + claim.service() + "\"");
        var user = user(claim);
        var toSign = SCRATCH_TO_SIGN.get().clear().put(policy);
        if (!Sha256.equalsHex(Sha256.hmac(keys.find(claim, user.secretKey()), toSign), signature))
            throw mismatch(claim, "", toSign.toString());
        return user.principal();
    }

    private User user(Claim claim) {
        var user = credentials.find(claim.accessKey());
        if (user == null)
            throw new SignatureRefusedException(403, "InvalidAccessKeyId",
                    "The AWS Access Key Id you provided does not exist in our records.",
                    Map.of("AWSAccessKeyId", claim.accessKey()));
        if (claim.securityToken() != null)
            throw new SignatureRefusedException(400, "InvalidToken",
                    "The provided token is malformed or otherwise invalid: " + claim.accessKey()
                            + " is a permanent key and has none");
        return user;
    }

    /// Whether the signature covers a hash that stands in no header, so that the body must be read (bounded) before [#verify].
    public static boolean needsBodyHash(Claim claim, HttpHeaders headers) {
        return !claim.service().equals("s3") && !headers.contains("x-amz-content-sha256");
    }

    /// The hash of a body, as [#verify] wants it.
    public static String hashHex(byte[] body) {
        return Sha256.hex(Sha256.newDigest().digest(body));
    }

    /// What must hold of the body of a request that is not signed.
    public static Payload unsigned(HttpHeaders headers) {
        var hash = headers.get("x-amz-content-sha256");
        if (hash == null)
            return Payload.plain();
        if (Payload.signsChunks(hash))
            throw new SignatureRefusedException(403, "AccessDenied", "Signed chunks need a signed request");
        return payload(hash, headers, null, null);
    }

    private void checkTime(Claim claim) {
        var now = clock.instant();
        var signed = claim.signed();
        long aheadSeconds = signed.epochSecond() - now.getEpochSecond();
        if (!claim.presigned() && Math.abs(aheadSeconds) > MAX_SKEW.toSeconds())
            throw new SignatureRefusedException(403, "RequestTimeTooSkewed",
                    "The difference between the request time and the current time is too large.",
                    details("RequestTime", signed.text(), "ServerTime", now.toString(), "MaxAllowedSkewMilliseconds",
                            Long.toString(MAX_SKEW.toMillis())));
        if (claim.presigned() && aheadSeconds > MAX_SKEW.toSeconds())
            throw new SignatureRefusedException(403, "AccessDenied", "Request is not yet valid",
                    details("X-Amz-Date", signed.text(), "ServerTime", now.toString()));
        if (claim.presigned() && -aheadSeconds > claim.expiresSeconds())
            throw new SignatureRefusedException(403, "AccessDenied", "Request has expired",
                    details("X-Amz-Expires", Long.toString(claim.expiresSeconds()), "Expires",
                            Instant.ofEpochSecond(signed.epochSecond() + claim.expiresSeconds()).toString(), "ServerTime",
                            now.toString()));
    }

    /// Host and every `x-amz-` header must be covered: whoever stands between could otherwise add one.
    private static void checkSignedHeaders(Claim claim, HttpHeaders headers) {
        if (!claim.signs("host"))
            throw notSigned("host");
        for (var entries = headers.iteratorCharSequence(); entries.hasNext();) {
            var name = entries.next().getKey();
            if (isAmz(name) && !claim.signs(name))
                throw notSigned(name.toString());
        }
    }

    private static boolean isAmz(CharSequence name) {
        return name.length() > 6 && name.charAt(5) == '-' && name.charAt(1) == '-' && (name.charAt(0) | 32) == 'x'
                && (name.charAt(2) | 32) == 'a' && (name.charAt(3) | 32) == 'm' && (name.charAt(4) | 32) == 'z';
    }

    private static SignatureRefusedException notSigned(String header) {
        return new SignatureRefusedException(403, "AccessDenied",
                "There were headers present in the request which were not signed",
                Map.of("HeadersNotSigned", header));
    }

    private static String payloadHash(Claim claim, String rawQuery, HttpHeaders headers, @Nullable String bodyHash) {
        var hash = headers.get("x-amz-content-sha256");
        if (hash == null && claim.presigned() && rawQuery.contains("X-Amz-Content-Sha256"))
            hash = Query.parse(rawQuery).only("X-Amz-Content-Sha256");
        if (hash != null) {
            Payload.checkName(hash);
            if (claim.presigned() && Payload.signsChunks(hash))
                throw SignatureRefusedException.malformedQuery("a presigned request cannot carry signed chunks: " + hash);
            return hash;
        }
        if (!claim.service().equals("s3"))
            return bodyHash == null ? Sha256.EMPTY_HEX : bodyHash;
        if (claim.presigned())
            return Payload.UNSIGNED;
        throw new SignatureRefusedException(400, "MissingSecurityHeader",
                "Your request is missing a required header: x-amz-content-sha256",
                Map.of("MissingHeaderName", "x-amz-content-sha256"));
    }

    private static Payload payload(String hash, HttpHeaders headers, @Nullable Claim claim, @Nullable SecretKey key) {
        Payload.checkName(hash);
        if (hash.equals(Payload.UNSIGNED))
            return Payload.plain();
        if (!hash.startsWith(Payload.STREAMING))
            return new HashedPayload(hash);
        long decodedBytes = decodedLength(headers);
        var chain = claim != null && key != null && Payload.signsChunks(hash) ? new ChunkSignatures(key, claim) : null;
        return new AwsChunked(decodedBytes, chain, hash.endsWith("-TRAILER") ? headers.get("x-amz-trailer", "") : null);
    }

    private static long decodedLength(HttpHeaders headers) {
        long bytes = decodedLengthOf(headers);
        if (bytes < 0)
            throw new SignatureRefusedException(411, "MissingContentLength",
                    "You must provide the x-amz-decoded-content-length HTTP header, in bytes, for an aws-chunked body.");
        return bytes;
    }

    /// `x-amz-decoded-content-length`, or -1 when it is absent or not a number.
    public static long decodedLengthOf(HttpHeaders headers) {
        var text = headers.get("x-amz-decoded-content-length");
        if (text == null || text.isEmpty() || text.length() > 18)
            return -1;
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9)
                return -1;
            bytes = bytes * 10 + digit;
        }
        return bytes;
    }

    private static SignatureRefusedException mismatch(Claim claim, String canonical, String toSign) {
        return new SignatureRefusedException(403, "SignatureDoesNotMatch",
                "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
                details("AWSAccessKeyId", claim.accessKey(), "StringToSign", toSign, "SignatureProvided", claim.signature(),
                        "CanonicalRequest", canonical));
    }

    private static Map<String, String> details(String... namesAndValues) {
        var details = new LinkedHashMap<String, String>();
        for (int i = 0; i < namesAndValues.length; i += 2)
            details.put(namesAndValues[i], namesAndValues[i + 1]);
        return details;
    }
}
