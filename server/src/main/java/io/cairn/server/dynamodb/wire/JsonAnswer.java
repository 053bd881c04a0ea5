package io.cairn.server.dynamodb.wire;

import io.cairn.server.http.Answer;
import io.cairn.server.http.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;

/// Answers of the protocol: a JSON body with its checksum in `x-amz-crc32`, which clients hold against what they got.
public final class JsonAnswer {
    public static final String CONTENT_TYPE = "application/x-amz-json-1.0";
    /// Below this, compressing costs more than it saves.
    static final int GZIP_FROM_BYTES = 2048;

    private JsonAnswer() {}

    /// An answer with what `body` holds now.
    ///
    /// @param gzip whether the client takes compressed bodies: [#takesGzip]. The checksum is of what is sent
    public static Answer of(int status, JsonWriter body, String requestId, boolean gzip) {
        boolean compress = gzip && body.length() >= GZIP_FROM_BYTES;
        var bytes = compress ? compressed(body) : body.toBytes();
        var answer = Answer.of(status, CONTENT_TYPE, bytes).header("x-amzn-RequestId", requestId).header("x-amz-crc32",
                crc32(bytes));
        return compress ? answer.header("Content-Encoding", "gzip") : answer;
    }

    static String crc32(byte[] bytes) {
        var crc = new CRC32();
        crc.update(bytes);
        return Long.toString(crc.getValue());
    }

    private static byte[] compressed(JsonWriter body) {
        var out = new ByteArrayOutputStream(body.length() / 4 + 64);
        try (var zipped = new GZIPOutputStream(out)) {
            zipped.write(body.buffer(), 0, body.length());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    /// Whether the client said that it takes gzip (RFC 9110 section 12.5.3).
    public static boolean takesGzip(Request request) {
        var accepted = request.headers().get("Accept-Encoding");
        if (accepted == null)
            return false;
        for (var coding : accepted.toLowerCase(Locale.ROOT).split(",")) {
            var parts = coding.split(";");
            if (parts[0].strip().equals("gzip"))
                return parts.length == 1 || !parts[1].strip().matches("q=0(\\.0*)?");
        }
        return false;
    }
}
