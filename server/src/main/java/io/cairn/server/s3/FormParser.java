package io.cairn.server.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.server.http.RefusedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Takes a `multipart/form-data` body apart as it comes (RFC 7578): fields in memory, up to [#MAX_FIELD_BYTES] in all, and the first
/// part named `file` in pieces. What follows the file is not looked at, as S3 does not. Not thread-safe.
final class FormParser {
    /// Amazon S3 API reference, "POST Object": form data other than the file have at most 20 KB. What follows the file, which nobody looks
    /// at, has as much room again.
    static final int MAX_FIELD_BYTES = 20 << 10;
    private static final int MAX_BOUNDARY_CHARS = 70;
    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(ISO_8859_1);

    /// What comes out.
    interface Handler {
        void field(String name, String value);

        /// @param filename without its path; empty when the form gives none
        void fileBegins(String filename);

        void filePiece(ByteBuffer bytes);

        /// All of the file was handed over.
        void fileEnds();
    }

    private enum State {
        PREAMBLE, HEAD, VALUE, FILE, EPILOGUE
    }

    private final Handler handler;
    private final byte[] delimiter;
    private State state = State.PREAMBLE;
    /// What is not taken apart yet is in `[start, end)`. A line end is put before the body, so that its first delimiter is like the others.
    private byte[] pending = {'\r', '\n'};
    private int start;
    private int end = 2;
    /// Before here the pattern looked for does not begin; so no byte is looked at twice, however small the pieces come.
    private int looked;
    private int fieldBytes;
    private long trailingBytes;
    private String name = "";
    private @Nullable String filename;

    /// @param contentTypeHeader of the request; refused when it has no boundary
    FormParser(String contentTypeHeader, Handler handler) {
        this.handler = handler;
        this.delimiter = ("\r\n--" + boundary(contentTypeHeader)).getBytes(ISO_8859_1);
    }

    private static String boundary(String header) {
        var parameters = header.split(";");
        if (parameters[0].strip().equalsIgnoreCase("multipart/form-data"))
            for (int i = 1; i < parameters.length; i++) {
                var boundary = parameter(parameters[i], "boundary");
                if (boundary != null && !boundary.isEmpty() && boundary.length() <= MAX_BOUNDARY_CHARS)
                    return boundary;
            }
        throw new RefusedException(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold:"
                + " Bucket POST must be of the enclosure-type multipart/form-data");
    }

    private static @Nullable String parameter(String text, String name) {
        int equals = text.indexOf('=');
        if (equals < 0 || !text.substring(0, equals).strip().equalsIgnoreCase(name))
            return null;
        var value = text.substring(equals + 1).strip();
        return value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }

    /// Takes the remaining bytes.
    void take(ByteBuffer bytes) {
        int count = bytes.remaining();
        if (state == State.EPILOGUE) {
            trailingBytes += count;
            if (trailingBytes > MAX_FIELD_BYTES)
                throw malformed("more than " + MAX_FIELD_BYTES + " bytes follow the file");
            return;
        }
        if (pending.length - end < count) {
            var grown = new byte[Math.max(end - start + count, 4096)];
            System.arraycopy(pending, start, grown, 0, end - start);
            end -= start;
            looked = Math.max(0, looked - start);
            start = 0;
            pending = grown;
        }
        bytes.get(pending, end, count);
        end += count;
        while (step()) {
            // each takes something, or waits for more
        }
    }

    /// The body has ended: refused unless the file has, too.
    void ended() {
        if (state != State.EPILOGUE)
            throw state == State.FILE || state == State.HEAD ? malformed("it ends within a part") : noFile();
    }

    private boolean step() {
        return switch (state) {
            case PREAMBLE -> toDelimiter(false);
            case HEAD -> head();
            case VALUE -> toDelimiter(true);
            case FILE -> file();
            case EPILOGUE -> false;
        };
    }

    /// Goes behind the next delimiter; what stands before it is a field's value, or nothing.
    private boolean toDelimiter(boolean value) {
        int at = find(delimiter);
        requireRoom(at < 0 ? end - start : at - start);
        if (at < 0)
            return false;
        if (value) {
            fieldBytes += at - start;
            handler.field(name, text(start, at));
        }
        go(at + delimiter.length, State.HEAD);
        return true;
    }

    private boolean head() {
        if (end - start < 2)
            return false;
        if (pending[start] == '-' && pending[start + 1] == '-')
            throw noFile();
        int at = find(END_OF_HEAD);
        requireRoom(at < 0 ? end - start : at - start);
        if (at < 0)
            return false;
        fieldBytes += at - start;
        readHead(text(start, at));
        boolean file = name.equalsIgnoreCase("file");
        go(at + END_OF_HEAD.length, file ? State.FILE : State.VALUE);
        if (file)
            handler.fileBegins(filename == null ? "" : filename);
        return true;
    }

    private void go(int to, State next) {
        start = to;
        looked = to;
        state = next;
    }

    /// As UTF-8, which a form's page is taken to be in.
    private String text(int from, int to) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(pending, from, to - from)).toString();
        } catch (CharacterCodingException e) {
            throw malformed("a field is not in UTF-8");
        }
    }

    private boolean startsWith(byte[] what, int at) {
        return Arrays.equals(pending, at, at + what.length, what, 0, what.length);
    }

    private void readHead(String head) {
        name = "";
        filename = null;
        for (var line : head.split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon < 0)
                continue;
            // RFC 7578, section 4.8: others must be ignored. Content-Type, too: S3 takes the field of that name.
            if (line.substring(0, colon).strip().toLowerCase(Locale.ROOT).equals("content-disposition"))
                disposition(line.substring(colon + 1).strip());
        }
        if (name.isEmpty())
            throw malformed("a part has no name");
    }

    private void disposition(String value) {
        for (int at = value.indexOf(';'); at >= 0; at = next(value, at + 1)) {
            int to = next(value, at + 1);
            var parameter = value.substring(at + 1, to < 0 ? value.length() : to);
            var named = parameter(parameter, "name");
            if (named != null)
                name = named;
            var file = parameter(parameter, "filename");
            if (file != null)
                filename = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
        }
    }

    /// The next `;` that is not between quotes, or -1.
    private static int next(String value, int from) {
        boolean quoted = false;
        for (int i = from; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"')
                quoted = !quoted;
            else if (c == ';' && !quoted)
                return i;
        }
        return -1;
    }

    private boolean file() {
        int at = find(delimiter);
        // Perhaps the delimiter has begun in the last bytes.
        int certain = at >= 0 ? at : Math.max(start, end - delimiter.length + 1);
        if (certain > start)
            handler.filePiece(ByteBuffer.wrap(pending, start, certain - start));
        start = certain;
        if (at < 0)
            return false;
        trailingBytes = end - at;
        state = State.EPILOGUE;
        handler.fileEnds();
        return false;
    }

    private int find(byte[] what) {
        int at = Math.max(start, looked);
        for (; at <= end - what.length; at++)
            if (pending[at] == what[0] && startsWith(what, at)) {
                looked = at;
                return at;
            }
        looked = at;
        return -1;
    }

    private void requireRoom(int bytes) {
        if (bytes > MAX_FIELD_BYTES - fieldBytes)
            throw new RefusedException(400, "MaxPostPreDataLengthExceededError",
                    "Your POST request fields preceding the upload file were too large: at most " + MAX_FIELD_BYTES + " bytes");
    }

    private static RefusedException malformed(String why) {
        return new RefusedException(400, "MalformedPOSTRequest",
                "The body of your POST request is not well-formed multipart/form-data: " + why);
    }

    static RefusedException noFile() {
        return Refusals.invalidArgument("file", "0", "POST requires exactly one file upload per request.");
    }
}
