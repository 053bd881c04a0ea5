package io.cairn.server.sigv4;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.server.sigv4.SdkSigned.Form;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/// What the SDK signs, Cairn accepts, whatever the form; what differs from it by one bit, Cairn refuses.
class SigV4Properties {
    private static final SigV4 VERIFIER = new SigV4(SdkSigned.credentials(), InstantSource.fixed(SdkSigned.NOW));

    record Sent(byte[] body, HttpHeaders trailers) {}

    /// What the front door does with a request: claim, verify, decode in pieces, finish.
    private static Sent receive(SdkSigned request, Random splits) {
        var claim = SigV4.claim(request.query(), request.headers());
        if (claim == null)
            throw new SignatureRefusedException(403, "AccessDenied", "anonymous");
        var bodyHash = SigV4.needsBodyHash(claim, request.headers()) ? SigV4.hashHex(request.body()) : null;
        var payload = VERIFIER.verify(claim, request.method(), request.path(), request.query(), request.headers(), bodyHash)
                .payload();
        var received = new ByteArrayOutputStream();
        for (int from = 0; from < request.body().length;) {
            int length = Math.min(1 + splits.nextInt(splits.nextBoolean() ? 8 : 90_000), request.body().length - from);
            payload.decode(Unpooled.wrappedBuffer(request.body(), from, length), piece -> {
                var bytes = new byte[piece.readableBytes()];
                piece.readBytes(bytes);
                received.writeBytes(bytes);
            });
            from += length;
        }
        return new Sent(received.toByteArray(), payload.finish());
    }

    private static SdkSigned signed(Form form, String service, String key, String prefix, byte[] body) {
        var path = "/bucket/" + encode(key).replace("%2F", "/");
        var uri = URI.create(scheme(form) + path + "?prefix=" + encode(prefix) + "&tagging&a-b=2&a=1");
        return SdkSigned.sign(form, service, "PUT", uri, Map.of("x-amz-meta-note", "two  words ", "Content-Type", "text/plain"),
                body,
                SdkSigned.NOW);
    }

    /// The SDK leaves a payload unsigned over https only.
    private static String scheme(Form form) {
        return (form == Form.HASHED ? "http" : "https") + "://127.0.0.1:4566";
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20").replace("*", "%2A").replace("%7E", "~");
    }

    @Property(tries = 150)
    void whatTheSdkSignsIsAccepted(@ForAll("forms") Form form, @ForAll("keys") String key, @ForAll("keys") String prefix,
            @ForAll("bodies") byte[] body, @ForAll Random random) {
        var sent = receive(signed(form, "s3", key, prefix, body), random);
        assertArrayEquals(body, sent.body);
        boolean trailer = form == Form.SIGNED_CHUNKS_AND_TRAILER || form == Form.UNSIGNED_CHUNKS_AND_TRAILER;
        assertEquals(trailer, sent.trailers.contains("x-amz-checksum-crc32"), form.name());
    }

    @Property(tries = 100)
    void otherServicesAreNormalisedAndEncodedTwice(@ForAll("keys") String key, @ForAll("keys") String prefix) {
        var request = signed(Form.HASHED, "dynamodb", "a/../b//./" + key, prefix, "{}".getBytes(StandardCharsets.US_ASCII));
        assertEquals("{}", new String(receive(request, new Random(1)).body, StandardCharsets.US_ASCII));
    }

    @Property(tries = 300)
    void aFlippedBitIsRefused(@ForAll("signedForms") Form form, @ForAll("parts") String part, @ForAll Random random) {
        var body = new byte[random.nextBoolean() ? 9000 : 140_000];
        random.nextBytes(body);
        var request = signed(form, "s3", "some/key %", "pre fix", body);
        var flipped = flip(request, part, random);
        Assume.that(flipped != null);
        assertNotNull(flipped);
        try {
            var sent = receive(flipped, random);
            // A size or a trailer's name in the other case says the same: then nothing may have changed.
            assertTrue(part.equals("body") && form.chunked() && differsInCaseOnly(request.body(), flipped.body()),
                    form + " " + part);
            assertArrayEquals(body, sent.body);
            assertEquals(form == Form.SIGNED_CHUNKS_AND_TRAILER ? crc32(body) : "",
                    sent.trailers.get("x-amz-checksum-crc32", ""));
        } catch (SignatureRefusedException e) {
            assertTrue(e.status() >= 400 && e.status() < 500, e.getMessage());
        }
    }

    private static @Nullable SdkSigned flip(SdkSigned request, String part, Random random) {
        var headers = new ArrayList<>(List.of("host", "x-amz-content-sha256", "x-amz-meta-note", "content-type"));
        headers.addAll(List.of("authorization", "x-amz-date", "x-amz-decoded-content-length", "x-amz-trailer"));
        headers.removeIf(name -> !request.headers().contains(name));
        return switch (part) {
            case "method" -> request.withMethod(flip(request.method(), random));
            case "path" -> {
                var changed = flip(request.path(), random);
                yield escapesKept(request.path(), changed) ? request.withPath(changed) : null;
            }
            case "query" -> {
                var changed = flip(request.query(), random);
                yield escapesKept(request.query(), changed) ? request.withQuery(changed) : null;
            }
            case "header" -> {
                var name = headers.get(random.nextInt(headers.size()));
                var changed = flip(request.headers().get(name, ""), random);
                yield sameWords(request.headers().get(name, ""), changed) ? null : request.withHeader(name, changed);
            }
            default -> {
                var changed = request.body().clone();
                // Framing and trailers stand at the ends; data in between.
                int index = switch (random.nextInt(3)) {
                    case 0 -> random.nextInt(Math.min(100, changed.length));
                    case 1 -> changed.length - 1 - random.nextInt(Math.min(260, changed.length));
                    default -> random.nextInt(changed.length);
                };
                changed[index] ^= (byte) (1 << random.nextInt(8));
                yield request.withBody(changed);
            }
        };
    }

    private static String flip(String text, Random random) {
        var chars = text.toCharArray();
        chars[random.nextInt(chars.length)] ^= (char) (1 << random.nextInt(7));
        return new String(chars);
    }

    /// `%2f` and `%2F` are the same byte.
    private static boolean escapesKept(String before, String after) {
        return !before.equalsIgnoreCase(after) || !before.contains("%");
    }

    /// Runs of blanks are one blank by the rules of signing.
    private static boolean sameWords(String before, String after) {
        return before.replace('\t', ' ').replaceAll(" +", " ").strip()
                .equals(after.replace('\t', ' ').replaceAll(" +", " ").strip());
    }

    private static boolean differsInCaseOnly(byte[] before, byte[] after) {
        return new String(before, StandardCharsets.ISO_8859_1).equalsIgnoreCase(new String(after, StandardCharsets.ISO_8859_1));
    }

    private static String crc32(byte[] body) {
        var crc = new CRC32();
        crc.update(body);
        var bytes = ByteBuffer.allocate(4).putInt((int) crc.getValue()).array();
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Property(tries = 200)
    void aBodyDecodesTheSameHoweverItIsSplit(@ForAll("bodies") byte[] body, @ForAll("forms") Form form, @ForAll Random random) {
        var request = signed(form, "s3", "k", "p", body);
        var whole = receive(request, new Random() {
            private static final long serialVersionUID = 1;

            @Override
            public int nextInt(int bound) {
                return bound - 1;
            }
        });
        var split = receive(request, random);
        assertArrayEquals(whole.body, split.body);
        assertEquals(whole.trailers.entries().toString(), split.trailers.entries().toString());
    }

    @Property(tries = 60)
    void aBodyCutAnywhereIsNotComplete(@ForAll("signedForms") Form form, @ForAll Random random) {
        Assume.that(form != Form.PRESIGNED);
        var body = new byte[9000];
        random.nextBytes(body);
        var request = signed(form, "s3", "k", "p", body);
        var cut = Arrays.copyOf(request.body(), random.nextInt(request.body().length));
        assertThrows(SignatureRefusedException.class, () -> receive(request.withBody(cut), random));
    }

    @Property(tries = 60)
    void timeIsBounded(@ForAll("forms") Form form, @ForAll("offsets") int minutes) {
        var uri = URI.create(scheme(form) + "/b/k");
        Instant signedAt = SdkSigned.NOW.plusSeconds(60L * minutes);
        var request = SdkSigned.sign(form, "s3", "PUT", uri, Map.of(), new byte[10], signedAt);
        boolean fits = form == Form.PRESIGNED ? minutes <= 15 && minutes >= -10 : Math.abs(minutes) <= 15;
        if (fits) {
            assertEquals(10, receive(request, new Random(1)).body.length);
        } else {
            var refused = assertThrows(SignatureRefusedException.class, () -> receive(request, new Random(1)));
            assertEquals(form == Form.PRESIGNED ? "AccessDenied" : "RequestTimeTooSkewed", refused.code());
            assertEquals(403, refused.status());
        }
    }

    @Provide
    Arbitrary<Form> forms() {
        return Arbitraries.of(Form.class);
    }

    @Provide
    Arbitrary<Form> signedForms() {
        return Arbitraries.of(Form.HASHED, Form.SIGNED_CHUNKS, Form.SIGNED_CHUNKS_AND_TRAILER);
    }

    @Provide
    Arbitrary<String> parts() {
        return Arbitraries.of("method", "path", "query", "header", "body", "body");
    }

    @Provide
    Arbitrary<Integer> offsets() {
        return Arbitraries.of(-1000, -16, -15, -11, -10, -5, 0, 14, 15, 16, 1000);
    }

    @Provide
    Arbitrary<String> keys() {
        return Arbitraries.strings().withChars("ab/ .~-_+%&=?#*'()!:@,;$é漢").ofMinLength(1).ofMaxLength(20)
                .filter(key -> !key.startsWith("/"));
    }

    @Provide
    Arbitrary<byte[]> bodies() {
        return Arbitraries.of(0, 1, 100, 8191, 8192, 131_072, 131_073, 300_000)
                .flatMap(size -> Arbitraries.randomValue(random -> {
                    var body = new byte[size];
                    random.nextBytes(body);
                    return body;
                }));
    }
}
