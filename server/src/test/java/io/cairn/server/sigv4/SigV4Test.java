package io.cairn.server.sigv4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.server.sigv4.SdkSigned.Form;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// S3's own codes and texts for what is wrong with a signature.
class SigV4Test {
    private final SigV4 verifier = new SigV4(SdkSigned.credentials(), InstantSource.fixed(SdkSigned.NOW));

    private static SdkSigned signed(Form form) {
        var uri = URI.create((form == Form.HASHED ? "http" : "https") + "://h/bucket/key?a=b");
        return SdkSigned.sign(form, "s3", "PUT", uri, Map.of(), new byte[20_000], SdkSigned.NOW);
    }

    private SignatureRefusedException refused(SdkSigned request) {
        return assertThrows(SignatureRefusedException.class, () -> {
            var claim = SigV4.claim(request.query(), request.headers());
            if (claim != null)
                verifier.verify(claim, request.method(), request.path(), request.query(), request.headers(), null);
        });
    }

    @Test
    void anUnsignedRequestClaimsNothing() {
        assertNull(SigV4.claim("a=b", new DefaultHttpHeaders()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            AWS AKID:xyz | 400 | InvalidRequest | Please use AWS4-HMAC-SHA256
            Basic abc | 400 | InvalidArgument | Unsupported Authorization Type
            AWS4-HMAC-SHA256 | 400 | InvalidArgument | Unsupported Authorization Type
            AWS4-HMAC-SHA256 nonsense | 400 | AuthorizationHeaderMalformed | component "nonsense" is malformed
            AWS4-HMAC-SHA256 SignedHeaders=host, Signature=a | 400 | AuthorizationHeaderMalformed | non-empty Credential
            AWS4-HMAC-SHA256 Credential=A/20260301/r/s3/aws4_request, Signature=a | 400 | AuthorizationHeaderMalformed | non-empty SignedHeaders
            AWS4-HMAC-SHA256 Credential=A/20260301/r/s3/aws4_request, SignedHeaders=host | 400 | AuthorizationHeaderMalformed | non-empty Signature
            AWS4-HMAC-SHA256 Credential=A/r/s3, SignedHeaders=host, Signature=a | 400 | AuthorizationHeaderMalformed | expecting "<YOUR-AKID>
            AWS4-HMAC-SHA256 Credential=A/20260301/r/s3/aws5, SignedHeaders=host, Signature=a | 400 | AuthorizationHeaderMalformed | incorrect terminal "aws5"
            AWS4-HMAC-SHA256 Credential=A/20260302/r/s3/aws4_request, SignedHeaders=host, Signature=a | 400 | AuthorizationHeaderMalformed | Invalid credential date "20260302"
            AWS4-HMAC-SHA256 Credential=A/20260301/r/s3/aws4_request, SignedHeaders=host, Signature=a | 403 | InvalidAccessKeyId | does not exist in our records
            """)
    void aWrongHeaderIsNamed(String authorization, int status, String code, String text) {
        var refused = refused(signed(Form.HASHED).withHeader("Authorization", authorization));
        assertEquals(code, refused.code());
        assertEquals(status, refused.status());
        assertTrue(refused.text().contains(text), refused.text());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            X-Amz-Expires=600 | X-Amz-Expires=604801 | AuthorizationQueryParametersError | less than a week
            X-Amz-Expires=600 | X-Amz-Expires=-1 | AuthorizationQueryParametersError | non-negative
            X-Amz-Expires=600 | X-Amz-Expires=ten | AuthorizationQueryParametersError | should be a number
            X-Amz-Expires=600 | X-Amz-Expires=600&X-Amz-Expires=601 | AuthorizationQueryParametersError | given twice
            X-Amz-Expires=600 | x=600 | AuthorizationQueryParametersError | requires the X-Amz-Algorithm
            X-Amz-Date=20260301T120000Z | X-Amz-Date=20260301T126000Z | AuthorizationQueryParametersError | ISO8601
            X-Amz-Algorithm=AWS4-HMAC-SHA256 | X-Amz-Algorithm=AWS4-HMAC-MD5 | AuthorizationQueryParametersError | only supports
            %2Faws4_request | %2Faws5 | AuthorizationQueryParametersError | incorrect terminal
            X-Amz-SignedHeaders=host | X-Amz-SignedHeaders=date | AccessDenied | headers present in the request which were not signed
            X-Amz-Expires=600 | X-Amz-Expires=601 | SignatureDoesNotMatch | does not match the signature you provided
            """)
    void aWrongQueryIsNamed(String from, String to, String code, String text) {
        var request = signed(Form.PRESIGNED);
        assertTrue(request.query().contains(from), request.query());
        var refused = refused(request.withQuery(request.query().replace(from, to)));
        assertEquals(code, refused.code());
        assertTrue(refused.text().contains(text), refused.text());
    }

    @Test
    void whatWasSignedIsSaid() {
        var refused = refused(signed(Form.HASHED).withMethod("GET"));
        assertEquals("SignatureDoesNotMatch", refused.code());
        assertEquals(403, refused.status());
        assertTrue(refused.details().getOrDefault("CanonicalRequest", "").startsWith("GET\n/bucket/key\na=b\n"));
        assertTrue(refused.details().getOrDefault("StringToSign", "").startsWith("AWS4-HMAC-SHA256\n20260301T120000Z\n"));
        assertEquals("AKIDEXAMPLE", refused.details().get("AWSAccessKeyId"));
        assertTrue(refused.details().values().stream().noneMatch(value -> value.contains(SdkSigned.SECRET_KEY)));
    }

    @Test
    void anAddedHeaderIsRefused() {
        var refused = refused(signed(Form.HASHED).withHeader("X-Amz-Acl", "public-read"));
        assertEquals("AccessDenied", refused.code());
        assertEquals("X-Amz-Acl", refused.details().get("HeadersNotSigned"));
    }

    /// `boto3` of Debian 12 presigns so unless told otherwise, and so does `s3cmd signurl`.
    @ParameterizedTest
    @ValueSource(strings = {"AWSAccessKeyId=AK&Signature=c2ln&Expires=1767225600",
            "Signature=c2ln&Expires=1767225600&AWSAccessKeyId=AK",
            "x=y&AWSAccessKeyId=AK&Expires=1&Signature=c2ln"})
    void aPresignedRequestOfVersionTwoIsToldWhatToUse(String query) {
        var refused = assertThrows(SignatureRefusedException.class, () -> SigV4.claim(query, new DefaultHttpHeaders()));
        assertEquals("InvalidRequest", refused.code());
        assertEquals(400, refused.status());
        assertEquals("The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
                refused.text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"prefix=AWSAccessKeyId=AK", "prefix=Signature&marker=Expires", "XAWSAccessKeyId=AK"})
    void aQueryThatOnlyLooksLikeVersionTwoIsUnsigned(String query) {
        assertNull(SigV4.claim(query, new DefaultHttpHeaders()));
    }

    @Test
    void bothFormsAtOnceAreRefused() {
        var presigned = signed(Form.PRESIGNED);
        var refused = refused(presigned.withHeader("Authorization", "AWS4-HMAC-SHA256 x"));
        assertEquals("InvalidArgument", refused.code());
        assertTrue(refused.text().startsWith("Only one auth mechanism allowed"));
    }

    @Test
    void missingHeadersAreNamed() {
        var request = signed(Form.HASHED);
        request.headers().remove("x-amz-content-sha256");
        var missing = refused(request);
        assertEquals("MissingSecurityHeader", missing.code());
        assertEquals("x-amz-content-sha256", missing.details().get("MissingHeaderName"));
        request.headers().remove("x-amz-date");
        assertEquals("AWS authentication requires a valid Date or x-amz-date header", refused(request).text());
        assertEquals("InvalidArgument", refused(signed(Form.HASHED).withHeader("x-amz-content-sha256", "e3b0")).code());
        assertEquals("InvalidToken", refused(signed(Form.HASHED).withHeader("x-amz-security-token", "t")).code());
    }

    @Test
    void aStreamNeedsItsLength() {
        var headers = new DefaultHttpHeaders().set("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER");
        var refused = assertThrows(SignatureRefusedException.class, () -> SigV4.unsigned(headers));
        assertEquals("MissingContentLength", refused.code());
        assertEquals(411, refused.status());
        headers.set("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD");
        assertEquals("AccessDenied", assertThrows(SignatureRefusedException.class, () -> SigV4.unsigned(headers)).code());
    }

    private static String decode(long announced, String trailers, String body) {
        HttpHeaders headers = new DefaultHttpHeaders().set("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
                .set("x-amz-decoded-content-length", announced).set("x-amz-trailer", trailers);
        var payload = SigV4.unsigned(headers);
        var out = new ByteArrayOutputStream();
        for (byte b : body.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1))
            payload.decode(Unpooled.wrappedBuffer(new byte[]{b}), piece -> out.write(piece.readByte()));
        return out.toString(StandardCharsets.ISO_8859_1) + payload.finish().entries();
    }

    @Test
    void unsignedChunksAreDecoded() {
        assertEquals("abcde[a=1, b=2]", decode(5, "b, A", "3|abc|2|de|0|A: 1|b:2||"));
        assertEquals("[]", decode(0, "", "0||"));
        assertEquals("abc[a=1]", decode(3, "a", "3|abc|0|a:1\n||"), "some clients end a trailer with LF CRLF");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            3; ; 3|abcd|0||; InvalidRequest
            3; ; 3|abc|0|; IncompleteBody
            3; ; 3|abc|; IncompleteBody
            3; ; 2|ab|0||; IncompleteBody
            3; ; 4|abcd|0||; IncompleteBody
            3; ; 2|ab|2|cd|0||; IncompleteBody
            3; ; ffffffffffffffff|abc|0||; InvalidRequest
            3; ; |abc|0||; InvalidRequest
            3; ; -3|abc|0||; InvalidRequest
            3; ; 3|abc|0||x; InvalidRequest
            3; ; 3|abc|0|a:1||; MalformedTrailerError
            3; a; 3|abc|0||; MalformedTrailerError
            3; a; 3|abc|0|a:1|a:2||; MalformedTrailerError
            3; a; 3|abc|0|a||; MalformedTrailerError
            3; a; 3|abc|0|a:1|x-amz-trailer-signature:00||; MalformedTrailerError
            """)
    void aBrokenStreamIsNamed(long announced, String trailers, String body, String code) {
        var refused = assertThrows(SignatureRefusedException.class,
                () -> decode(announced, trailers == null ? "" : trailers, body));
        assertEquals(code, refused.code(), refused.text());
    }

    @Test
    void linesOfAStreamAreBounded() {
        assertEquals("InvalidRequest",
                assertThrows(SignatureRefusedException.class, () -> decode(3, "", "3;" + "x".repeat(300))).code());
        var endless = "3|abc|0|" + "a:" + "x".repeat(9000);
        assertEquals("InvalidRequest", assertThrows(SignatureRefusedException.class, () -> decode(3, "a", endless)).code());
        var many = "3|abc|0|" + ("a:" + "x".repeat(5000) + "|").repeat(2);
        assertEquals("MalformedTrailerError", assertThrows(SignatureRefusedException.class, () -> decode(3, "a", many)).code());
    }

    @Test
    void smallSignedChunksAreRefused() {
        var request = signed(Form.SIGNED_CHUNKS);
        var claim = SigV4.claim(request.query(), request.headers());
        assertNotNull(claim);
        var payload = verifier.verify(claim, "PUT", request.path(), request.query(), request.headers(), null).payload();
        var small = ("100;chunk-signature=" + "0".repeat(64) + "\r\n").getBytes(StandardCharsets.US_ASCII);
        var refused = assertThrows(SignatureRefusedException.class, () -> payload.decode(Unpooled.wrappedBuffer(small), piece -> {
        }));
        assertEquals("InvalidChunkSizeError", refused.code());
        assertEquals(Map.of("Chunk", "1", "BadChunkSize", "256"), refused.details());
    }

    @Test
    void derivedKeysAreBounded() {
        var keys = new SigningKeys();
        for (int i = 0; i < 3000; i++) {
            var scope = "20260301/r" + i + "/s3/aws4_request";
            keys.find(
                    new Claim("A/" + scope, "A", scope, "r" + i, "s3", "host", "", Timestamp.parse("20260301T000000Z"), -1, null),
                    "s");
            assertTrue(keys.size() <= SigningKeys.CAPACITY);
        }
    }
}
