package io.cairn.bench.http;

import io.cairn.bench.match.WrongAnswerException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Status and headers of an answer, as bytes: nothing is made of them that nobody asks for. Reused; one thread.
public final class AnswerHead {
    private static final int MAX_BYTES = 32 << 10;
    private static final int STATUS = "HTTP/1.1 ".length();
    private final byte[] bytes = new byte[MAX_BYTES];
    private int length;

    void clear() {
        length = 0;
    }

    /// Takes a whole head from `in` and returns true, or takes nothing when it is not yet whole.
    boolean parse(ByteBuffer in) {
        int count = Math.min(in.remaining(), MAX_BYTES);
        in.get(in.position(), bytes, 0, count);
        for (int i = 3; i < count; i++)
            if (bytes[i] == '\n' && bytes[i - 2] == '\n' && bytes[i - 1] == '\r') {
                length = i + 1;
                in.position(in.position() + length);
                return true;
            }
        if (count == MAX_BYTES)
            throw new WrongAnswerException("an answer's head is longer than " + MAX_BYTES + " bytes");
        return false;
    }

    int status() {
        if (length < STATUS + 3)
            throw new WrongAnswerException("not an HTTP answer: " + text());
        return (bytes[STATUS] - '0') * 100 + (bytes[STATUS + 1] - '0') * 10 + bytes[STATUS + 2] - '0';
    }

    /// 0 when the head does not say.
    long contentLength() {
        long value = 0;
        int at = find("content-length");
        if (at >= 0)
            for (; bytes[at] >= '0' && bytes[at] <= '9'; at++)
                value = value * 10 + bytes[at] - '0';
        return value;
    }

    boolean chunked() {
        int at = find("transfer-encoding");
        return at >= 0 && matches(at, "chunked");
    }

    /// Whether header `name`, in lower case, has this value, with quotes around it or without; case does not matter.
    public boolean has(String name, String value) {
        int at = find(name);
        if (at < 0)
            return false;
        int quote = bytes[at] == '"' ? 1 : 0;
        byte end = at + quote + value.length() < length ? bytes[at + quote + value.length()] : 0;
        return matches(at + quote, value) && (end == '"' || end == '\r');
    }

    /// Where the value of a header begins, or -1.
    private int find(String name) {
        for (int i = 0; i + name.length() + 2 < length; i++)
            if (bytes[i] == '\n' && bytes[i + 1 + name.length()] == ':' && matches(i + 1, name)) {
                int at = i + 2 + name.length();
                while (bytes[at] == ' ')
                    at++;
                return at;
            }
        return -1;
    }

    private boolean matches(int at, String lowerCase) {
        if (at + lowerCase.length() > length)
            return false;
        for (int i = 0; i < lowerCase.length(); i++)
            if (Character.toLowerCase((char) bytes[at + i]) != lowerCase.charAt(i))
                return false;
        return true;
    }

    String text() {
        return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    }
}
