package io.cairn.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The examples of the Amazon S3 API reference, "Examples: Signature Calculations".
class RequestSignerTest {
    private static final RequestSigner SIGNER = new RequestSigner(
            new Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""), "us-east-1");
    private static final String HOST = "examplebucket.s3.amazonaws.com";
    private static final Instant TIME = Instant.parse("2013-05-24T00:00:00Z");

    private static String signature(String method, String path, Map<String, String> query, Map<String, String> headers,
            String hash) {
        var authorization = SIGNER.sign(method, HOST, path, new TreeMap<>(query), headers, hash, TIME)
                .getOrDefault("authorization", "");
        return authorization.substring(authorization.indexOf("Signature=") + 10);
    }

    @Test
    void getObject() {
        assertEquals("f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
                signature("GET", "/test.txt", Map.of(), Map.of("range", "bytes=0-9"), RequestSigner.EMPTY_SHA256));
    }

    @Test
    void putObject() {
        var hash = RequestSigner.sha256("Welcome to Amazon S3.".getBytes(StandardCharsets.UTF_8));
        assertEquals("98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
                signature("PUT", "/" + UriEncoding.encode("test$file.text", "/"), Map.of(),
                        Map.of("date", "Fri, 24 May 2013 00:00:00 GMT", "x-amz-storage-class", "REDUCED_REDUNDANCY"), hash));
    }

    @Test
    void getBucketLifecycle() {
        assertEquals("fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
                signature("GET", "/", Map.of("lifecycle", ""), Map.of(), RequestSigner.EMPTY_SHA256));
    }

    @Test
    void listObjects() {
        assertEquals("34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
                signature("GET", "/", Map.of("max-keys", "2", "prefix", "J"), Map.of(), RequestSigner.EMPTY_SHA256));
    }

    @Test
    void signsTheTokenOfTemporaryKeysAndNeverShowsASecret() {
        var temporary = new Credentials("A", "the-secret", "the-token");
        var headers = new RequestSigner(temporary, "us-east-1").sign("GET", HOST, "/", new TreeMap<>(), Map.of(),
                RequestSigner.EMPTY_SHA256, TIME);
        assertEquals("the-token", headers.get("x-amz-security-token"));
        assertTrue(headers.getOrDefault("authorization", "").contains("x-amz-security-token"));
        assertFalse(headers.toString().contains("the-secret"));
        assertFalse(temporary.toString().contains("the-"), temporary.toString());
    }

    @Test
    void pathsAreEncodedOnceAndNotNormalised() {
        assertEquals("a/../b//c%20d%25%2B%C3%A9~", UriEncoding.encode("a/../b//c d%+\u00e9~", "/"));
    }
}
