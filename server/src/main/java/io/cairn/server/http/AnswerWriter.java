package io.cairn.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes heads of answers (RFC 9112 section 4). A line can never be broken from within: control characters become blanks. Values are
/// written as ISO-8859-1, as they are read; one with other characters as UTF-8. Any thread.
final class AnswerWriter {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerWriter.class);
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] REQUEST_ID = ascii("x-amz-request-id: ");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
    private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
    private static final byte[][] STATUS_LINES = new byte[600][];
    static {
        for (int status = 100; status < 600; status++)
            STATUS_LINES[status] = ascii("HTTP/1.1 " + status + " " + HttpResponseStatus.valueOf(status).reasonPhrase() + "\r\n");
    }

    private record Constant(long second, byte[] bytes) {}

    private final InstantSource clock;
    private final byte[] hostId;
    private volatile Constant constant = new Constant(Long.MIN_VALUE, CRLF);

    AnswerWriter(InstantSource clock, String hostId) {
        this.clock = clock;
        this.hostId = ascii("x-amz-id-2: " + hostId + "\r\nServer: Cairn\r\nDate: ");
    }

    /// A buffer with the head, and room for `roomBytes` more.
    ///
    /// @param contentLength negative for none
    ByteBuf head(ByteBufAllocator allocator, Answer answer, String requestId, long contentLength, boolean close,
            boolean sayKeepAlive,
            int roomBytes) {
        var out = allocator.directBuffer(640 + roomBytes);
        int status = answer.status() >= 100 && answer.status() < 600 ? answer.status() : 500;
        out.writeBytes(STATUS_LINES[status]).writeBytes(REQUEST_ID);
        ascii(out, requestId);
        out.writeBytes(CRLF).writeBytes(constant());
        for (var headers = answer.headers().iteratorCharSequence(); headers.hasNext();) {
            var header = headers.next();
            if (isOurs(header.getKey()))
                continue;
            ascii(out, header.getKey());
            out.writeByte(':').writeByte(' ');
            value(out, header.getValue());
            out.writeBytes(CRLF);
        }
        if (contentLength >= 0) {
            out.writeBytes(CONTENT_LENGTH);
            ascii(out, Long.toString(contentLength));
            out.writeBytes(CRLF);
        }
        if (close)
            out.writeBytes(CLOSE);
        else if (sayKeepAlive)
            out.writeBytes(KEEP_ALIVE);
        return out.writeBytes(CRLF);
    }

    /// The lines that are the same for every answer of this second.
    private byte[] constant() {
        long second = clock.millis() / 1000;
        var current = constant;
        if (current.second != second) {
            var date = DateTimeFormatter.RFC_1123_DATE_TIME.format(Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC));
            // RFC 9110 section 5.6.7 wants two digits for the day, and `GMT`; the formatter gives one below 10.
            if (date.charAt(6) == ' ')
                date = date.substring(0, 5) + "0" + date.substring(5);
            var line = ascii(date + "\r\n");
            var bytes = new byte[hostId.length + line.length];
            System.arraycopy(hostId, 0, bytes, 0, hostId.length);
            System.arraycopy(line, 0, bytes, hostId.length, line.length);
            current = new Constant(second, bytes);
            constant = current;
        }
        return current.bytes;
    }

    /// Headers that the front door sets, whatever a face says.
    private static boolean isOurs(CharSequence name) {
        return switch (name.length()) {
            case 4 -> same(name, "date");
            case 6 -> same(name, "server");
            case 10 -> same(name, "connection") || same(name, "x-amz-id-2");
            case 14 -> same(name, "content-length");
            case 16 -> same(name, "x-amz-request-id");
            case 17 -> same(name, "transfer-encoding");
            default -> false;
        };
    }

    private static boolean same(CharSequence name, String lower) {
        for (int i = 0; i < lower.length(); i++)
            if ((name.charAt(i) | 0x20) != (lower.charAt(i) | 0x20))
                return false;
        return true;
    }

    private static void ascii(ByteBuf out, CharSequence text) {
        for (int i = 0; i < text.length(); i++)
            out.writeByte(clean(text.charAt(i)));
    }

    private static void value(ByteBuf out, CharSequence text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0xff) {
                int start = out.writerIndex();
                ByteBufUtil.writeUtf8(out, text.subSequence(i, text.length()));
                for (int at = start; at < out.writerIndex(); at++)
                    if (out.getByte(at) >= 0)
                        out.setByte(at, clean((char) out.getByte(at)));
                return;
            }
            out.writeByte(clean(text.charAt(i)));
        }
    }

    private static int clean(char c) {
        return (c < ' ' && c != '\t') || c == 127 ? ' ' : c;
    }

    /// The length that an answer announces; negative for none.
    static long contentLength(Answer answer) {
        if (answer.status() == 204 || answer.status() == 304 || answer.status() < 200)
            return -1;
        return switch (answer.body()) {
            case Answer.Body.Empty() -> 0;
            case Answer.Body.Announced(var length) -> length;
            case Answer.Body.Bytes(var bytes) -> bytes.length;
            case Answer.Body.Stored(var pieces, var length, var owner) -> length;
        };
    }

    /// Lets go of what an answer holds that is not sent.
    static void release(Answer answer) {
        if (answer.body() instanceof Answer.Body.Stored stored)
            close(stored.owner());
    }

    static void close(@Nullable AutoCloseable owner) {
        try {
            if (owner != null)
                owner.close();
        } catch (Exception e) {
            LOG.error("letting go of a stored object failed", e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
