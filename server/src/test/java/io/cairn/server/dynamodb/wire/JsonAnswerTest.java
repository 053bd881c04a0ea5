package io.cairn.server.dynamodb.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.server.http.Answer;
import io.cairn.server.http.Request;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.CRC32;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonAnswerTest {
    private static byte[] bytes(Answer answer) {
        if (answer.body() instanceof Answer.Body.Bytes(var bytes))
            return bytes;
        throw new AssertionError("no body");
    }

    private static String crc32(byte[] bytes) {
        var crc = new CRC32();
        crc.update(bytes);
        return Long.toString(crc.getValue());
    }

    @Test
    void membersAndCommas() {
        var json = JsonWriter.start().beginObject().name("a").number(1).name("b").beginArray().string("x").string("\"\n\u0001é😀")
                .beginObject().endObject().endArray().name("c").bool(true).name("d").nothing().name("e")
                .time(Instant.ofEpochMilli(1_700_000_000_120L)).name("f").time(Instant.ofEpochSecond(7)).name("g").number(0.5)
                .endObject();
        assertEquals(
                "{\"a\":1,\"b\":[\"x\",\"\\\"\\n\\u0001é😀\",{}],\"c\":true,\"d\":null,\"e\":1700000000.12,\"f\":7,\"g\":0.5}",
                json.toString());
        assertEquals("{}", JsonWriter.start().beginObject().endObject().toString());
    }

    @Test
    void checksumIsOfWhatIsSent() throws IOException {
        var text = "x".repeat(JsonAnswer.GZIP_FROM_BYTES);
        var plain = JsonAnswer.of(200, JsonWriter.start().string(text), "id", false);
        assertEquals(crc32(bytes(plain)), plain.headers().get("x-amz-crc32"));
        assertNull(plain.headers().get("Content-Encoding"));
        var zipped = JsonAnswer.of(200, JsonWriter.start().string(text), "id", true);
        assertEquals(crc32(bytes(zipped)), zipped.headers().get("x-amz-crc32"));
        assertEquals("gzip", zipped.headers().get("Content-Encoding"));
        assertTrue(bytes(zipped).length < 100);
        try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes(zipped)))) {
            assertArrayEquals(bytes(plain), in.readAllBytes());
        }
    }

    @Test
    void littleIsNotCompressed() {
        var answer = JsonAnswer.of(200, JsonWriter.start().beginObject().endObject(), "id", true);
        assertNull(answer.headers().get("Content-Encoding"));
        assertEquals("{}", new String(bytes(answer), StandardCharsets.UTF_8));
        assertEquals("2745614147", answer.headers().get("x-amz-crc32"));
    }

    @ParameterizedTest
    @CsvSource({"gzip,true", "'deflate, gzip;q=0.5',true", "GZIP,true", "gzip;q=0,false", "gzip;q=0.0,false", "identity,false",
            "'',false"})
    void acceptedEncodings(String header, boolean takes) {
        var headers = new DefaultHttpHeaders().set("Accept-Encoding", header);
        assertEquals(takes, JsonAnswer.takesGzip(new Request("POST", "/", "", headers, 0, false, "")));
    }
}
