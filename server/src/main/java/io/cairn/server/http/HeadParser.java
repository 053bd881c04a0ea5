package io.cairn.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads the head of an HTTP/1.1 request (RFC 9112 sections 2 to 6), strictly: what another reader could understand differently is
/// refused, for that is what request smuggling lives from. Lines end with CRLF alone; no folded lines; no blank before the colon; one
/// `Host`; one `Content-Length` of digits or one `Transfer-Encoding` of exactly `chunked`, never both.
///
/// Names of headers come out in lower case; values byte for byte (ISO-8859-1); bytes above 126 of the target as `%XX`.
/// One instance per connection, used for one head after the other; one thread.
final class HeadParser {
    private static final int LONGEST_METHOD = 16;
    private static final int LEADING_EMPTY_LINES = 2;
    private static final ThreadLocal<byte[]> SCRATCH = ThreadLocal.withInitial(() -> new byte[4096]);
    private static final boolean[] TOKEN = new boolean[128];
    static {
        for (char c = '!'; c < 127; c++)
            TOKEN[c] = "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
    }

    private final Limits limits;
    private int scanned;
    private int lineStart;
    private int lines;
    private int emptyLines;

    /// What could be read of a head before it was refused, so that the answer can fit it.
    private String method = "GET";

    HeadParser(Limits limits) {
        this.limits = limits;
    }

    String method() {
        return method;
    }

    /// Takes one head from `in`, or nothing, and then returns null: more bytes are needed.
    ///
    /// @throws RefusedException when this is no head; the connection cannot go on
    @Nullable
    Head parse(ByteBuf in) {
        int length = scan(in);
        if (length < 0)
            return null;
        var bytes = SCRATCH.get();
        if (bytes.length < length) {
            bytes = new byte[Math.max(length, 2 * bytes.length)];
            SCRATCH.set(bytes);
        }
        in.readBytes(bytes, 0, length);
        restart();
        return read(bytes, length);
    }

    private void restart() {
        scanned = 0;
        lineStart = 0;
        lines = 0;
        emptyLines = 0;
    }

    /// Looks for the empty line from where it stopped before. Length of the head with that line, or -1.
    private int scan(ByteBuf in) {
        int base = in.readerIndex();
        int end = Math.min(in.readableBytes(), limits.headBytes() + 1);
        while (true) {
            int feed = scanned >= end ? -1 : in.indexOf(base + scanned, base + end, (byte) '\n');
            if (feed < 0) {
                scanned = end;
                if (end > limits.headBytes())
                    throw tooLarge("more than " + limits.headBytes() + " bytes");
                return -1;
            }
            feed -= base;
            scanned = feed + 1;
            if (feed == lineStart || in.getByte(base + feed - 1) != '\r')
                throw bad("a line ends with LF alone");
            boolean empty = feed == lineStart + 1;
            lineStart = feed + 1;
            if (!empty) {
                method = lines == 0 ? methodOf(in, base) : method;
                if (++lines > limits.headers() + 1)
                    throw tooLarge("more than " + limits.headers() + " headers");
            } else if (lines > 0) {
                return feed + 1;
            } else {
                // RFC 9112 section 2.2: an empty line before the request line is skipped, for old clients send one after a body.
                if (++emptyLines > LEADING_EMPTY_LINES)
                    throw bad("empty lines instead of a request");
                in.skipBytes(feed + 1);
                base = in.readerIndex();
                end = Math.min(in.readableBytes(), limits.headBytes() + 1);
                scanned = 0;
                lineStart = 0;
            }
        }
    }

    private static String methodOf(ByteBuf in, int base) {
        return in.getByte(base) == 'H' && in.getByte(base + 1) == 'E' ? "HEAD" : "GET";
    }

    private Head read(byte[] bytes, int length) {
        int end = lineEnd(bytes, 0);
        int blank = indexOf(bytes, 0, end, ' ');
        if (blank < 1 || blank > LONGEST_METHOD)
            throw bad("no method in the request line");
        for (int i = 0; i < blank; i++)
            if (bytes[i] < 0 || !TOKEN[bytes[i]])
                throw bad("a character in the method that cannot stand there");
        method = MethodNames.name(bytes, blank);
        int version = lastIndexOf(bytes, blank, end, ' ');
        boolean http11 = version(bytes, version + 1, end);
        if (version <= blank)
            throw bad("no target in the request line");
        var headers = readHeaders(bytes, end + 2, length - 2);
        var target = Target.parse(bytes, blank + 1, version, method, headers);
        return head(target, headers, http11);
    }

    private static boolean version(byte[] bytes, int from, int end) {
        if (end - from == 8 && bytes[from] == 'H' && bytes[from + 1] == 'T' && bytes[from + 2] == 'T' && bytes[from + 3] == 'P'
                && bytes[from + 4] == '/' && bytes[from + 6] == '.') {
            if (bytes[from + 5] == '1' && (bytes[from + 7] == '1' || bytes[from + 7] == '0'))
                return bytes[from + 7] == '1';
            throw new RefusedException(505, "HTTPVersionNotSupported", "Only HTTP/1.1 and HTTP/1.0 are spoken here");
        }
        throw bad("no HTTP version in the request line");
    }

    private static HttpHeaders readHeaders(byte[] bytes, int from, int end) {
        var headers = DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        while (from < end) {
            int lineEnd = lineEnd(bytes, from);
            int colon = from;
            while (colon < lineEnd && bytes[colon] >= 0 && TOKEN[bytes[colon]])
                colon++;
            if (colon == from)
                throw bad(bytes[from] == ' ' || bytes[from] == '\t' ? "a folded header line" : "a header without a name");
            if (colon == lineEnd || bytes[colon] != ':')
                throw bad("a character in the name of a header that cannot stand there");
            headers.add(HeaderNames.name(bytes, from, colon), value(bytes, colon + 1, lineEnd));
            from = lineEnd + 2;
        }
        return headers;
    }

    private static String value(byte[] bytes, int from, int end) {
        while (from < end && (bytes[from] == ' ' || bytes[from] == '\t'))
            from++;
        while (end > from && (bytes[end - 1] == ' ' || bytes[end - 1] == '\t'))
            end--;
        for (int i = from; i < end; i++)
            if ((bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\t') || bytes[i] == 127)
                throw bad("a control character in the value of a header");
        return new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
    }

    private Head head(Target target, HttpHeaders headers, boolean http11) {
        if (headers.getAll("host").size() != 1 && (http11 || headers.contains("host")))
            throw bad("a request needs one Host header");
        long bodyBytes = bodyBytes(headers, http11);
        var expect = headers.get("expect");
        if (expect != null && !expect.equalsIgnoreCase("100-continue"))
            throw new RefusedException(417, "ExpectationFailed", "Only 100-continue can be expected");
        return new Head(method, target.rawPath(), target.rawQuery(), headers, bodyBytes, keepAlive(headers, http11),
                expect != null && http11 && bodyBytes != 0);
    }

    private static long bodyBytes(HttpHeaders headers, boolean http11) {
        var length = headers.get("content-length");
        var encoding = headers.get("transfer-encoding");
        if (length != null && encoding != null)
            throw bad("both Content-Length and Transfer-Encoding");
        if (encoding != null) {
            if (!http11)
                throw bad("Transfer-Encoding in HTTP/1.0");
            if (headers.getAll("transfer-encoding").size() != 1)
                throw bad("more than one Transfer-Encoding");
            if (!encoding.equalsIgnoreCase("chunked"))
                throw new RefusedException(501, "NotImplemented",
                        "A header you provided implies functionality that is not implemented: "
                                + "Transfer-Encoding other than chunked");
            return Head.CHUNKED;
        }
        if (length == null)
            return 0;
        if (headers.getAll("content-length").size() != 1)
            throw bad("more than one Content-Length");
        return contentLength(length);
    }

    private static long contentLength(String text) {
        if (text.isEmpty() || text.length() > 18)
            throw bad("Content-Length is not a number of up to 18 digits");
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9)
                throw bad("Content-Length is not a number of up to 18 digits");
            bytes = bytes * 10 + digit;
        }
        return bytes;
    }

    private static boolean keepAlive(HttpHeaders headers, boolean http11) {
        if (headers.containsValue("connection", "close", true))
            return false;
        return http11 || headers.containsValue("connection", "keep-alive", true);
    }

    /// Index of the CR that ends the line; a CR elsewhere is refused. The scan made sure that there is one before each LF.
    private static int lineEnd(byte[] bytes, int from) {
        int i = from;
        while (bytes[i] != '\r')
            i++;
        if (bytes[i + 1] != '\n')
            throw bad("CR within a line");
        return i;
    }

    private static int indexOf(byte[] bytes, int from, int end, char c) {
        for (int i = from; i < end; i++)
            if (bytes[i] == c)
                return i;
        return -1;
    }

    private static int lastIndexOf(byte[] bytes, int from, int end, char c) {
        for (int i = end - 1; i >= from; i--)
            if (bytes[i] == c)
                return i;
        return -1;
    }

    private static RefusedException bad(String why) {
        return new RefusedException(400, "BadRequest", "An error occurred when parsing the HTTP request: " + why);
    }

    private static RefusedException tooLarge(String why) {
        return new RefusedException(431, "RequestHeaderSectionTooLarge",
                "Your request header and request line exceed the maximum allowed: " + why);
    }
}
