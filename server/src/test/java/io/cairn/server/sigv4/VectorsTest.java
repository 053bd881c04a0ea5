package io.cairn.server.sigv4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.cairn.server.iam.Credentials;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The public Signature V4 vectors, in header and query form. They stand outside this repository: in `-Dcairn.vectors=DIR`, else in
/// `shared/vectors` beside the repository or one of its parents.
class VectorsTest {
    private static final String FOLDER = "shared/vectors/sigv4/v4";

    @TestFactory
    List<DynamicTest> vectors() throws IOException {
        var folder = find();
        assumeTrue(folder != null,
                "not run: the Signature V4 vectors need " + FOLDER + " above the working directory or -Dcairn.vectors=DIR");
        var tests = new ArrayList<DynamicTest>();
        assertNotNull(folder);
        try (var cases = Files.list(folder)) {
            for (var dir : cases.filter(Files::isDirectory).sorted().toList()) {
                tests.add(dynamicTest(dir.getFileName() + " (header)", () -> check(dir, "header")));
                tests.add(dynamicTest(dir.getFileName() + " (query)", () -> check(dir, "query")));
            }
        }
        assertTrue(tests.size() >= 60, "the suite has more than 30 cases, found " + tests.size() / 2);
        return tests;
    }

    private static @Nullable Path find() {
        var given = System.getProperty("cairn.vectors");
        if (given != null)
            return Path.of(given);
        for (var dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent())
            if (Files.isDirectory(dir.resolve(FOLDER)))
                return dir.resolve(FOLDER);
        return null;
    }

    private record Raw(String method, String path, String query, HttpHeaders headers, String body) {}

    private static void check(Path dir, String form) throws IOException {
        var context = context(dir.resolve("context.json"));
        var raw = parse(read(dir, form + "-signed-request.txt"));
        if (context.containsKey("token") && "true".equals(context.get("omit_session_token")))
            raw.headers.remove("x-amz-security-token");
        var parsed = SigV4.claim(raw.query, raw.headers);
        assertNotNull(parsed);
        // S3 is what signs paths as they are; the suite says so with `normalize`, and calls its service `service`.
        boolean normalize = !"false".equals(context.get("normalize"));
        var claim = normalize ? parsed : asS3(parsed);
        var hash = "true".equals(context.get("sign_body"))
                ? SigV4.hashHex(raw.body.getBytes(StandardCharsets.ISO_8859_1))
                : Sha256.EMPTY_HEX;

        var canonical = new Scratch();
        CanonicalRequest.write(canonical, raw.method, raw.path, withoutToken(raw.query, context), raw.headers, claim, hash);
        assertEquals(read(dir, form + "-canonical-request.txt"), canonical.toString());
        var toSign = new Scratch();
        CanonicalRequest.writeStringToSign(toSign, claim, Sha256.hash(canonical));
        assertEquals(read(dir, form + "-string-to-sign.txt"), toSign.toString());
        var key = SigningKeys.derive(parsed, context.getOrDefault("secret_access_key", ""));
        assertEquals(read(dir, form + "-signature.txt").strip(), Sha256.hex(Sha256.hmac(key, toSign)));
        assertEquals(read(dir, form + "-signature.txt").strip(), claim.signature());

        if (normalize && !context.containsKey("token"))
            verifies(raw, parsed, context, hash);
    }

    /// The whole of the verifier, where the suite's request is one that it serves.
    private static void verifies(Raw raw, Claim claim, Map<String, String> context, String hash) {
        var credentials = Credentials.of(context.getOrDefault("access_key_id", ""), context.getOrDefault("secret_access_key", ""),
                List.of());
        var verifier = new SigV4(credentials, InstantSource.fixed(Instant.parse(context.get("timestamp"))));
        var verified = verifier.verify(claim, raw.method, raw.path, raw.query, raw.headers, hash);
        assertEquals("AKIDEXAMPLE", verified.principal().accessKey());
    }

    private static Claim asS3(Claim claim) {
        return new Claim(claim.credential(), claim.accessKey(), claim.scope(), claim.region(), "s3", claim.signedHeaders(),
                claim.signature(),
                claim.signed(), claim.expiresSeconds(), claim.securityToken());
    }

    /// A token that is added after signing is not part of what was signed.
    private static String withoutToken(String query, Map<String, String> context) {
        return "true".equals(context.get("omit_session_token")) ? query.replaceAll("&X-Amz-Security-Token=[^&]*", "") : query;
    }

    private static Raw parse(String text) {
        int blank = text.indexOf("\n\n");
        var head = blank < 0 ? text : text.substring(0, blank);
        var body = blank < 0 ? "" : text.substring(blank + 2);
        var lines = head.replace("\n ", " ").split("\n");
        int first = lines[0].indexOf(' ');
        int last = lines[0].lastIndexOf(' ');
        var target = lines[0].substring(first + 1, last);
        int question = target.indexOf('?');
        var headers = DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            headers.add(lines[i].substring(0, colon), lines[i].substring(colon + 1));
        }
        return new Raw(lines[0].substring(0, first), question < 0 ? target : target.substring(0, question),
                question < 0 ? "" : target.substring(question + 1), headers, body);
    }

    private static String read(Path dir, String file) throws IOException {
        return Files.readString(dir.resolve(file), StandardCharsets.ISO_8859_1);
    }

    private static Map<String, String> context(Path file) throws IOException {
        var values = new HashMap<String, String>();
        try (var json = new JsonFactory().createParser(file.toFile())) {
            for (var token = json.nextToken(); token != null; token = json.nextToken())
                if (token.isScalarValue() && token != JsonToken.VALUE_NULL)
                    values.put(json.currentName(), json.getText());
        }
        return values;
    }
}
