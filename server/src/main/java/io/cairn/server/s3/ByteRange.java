package io.cairn.server.s3;

import io.cairn.server.http.Refusal;
import io.cairn.server.http.RefusedException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A run of an object's bytes, first and last inclusive (RFC 9110, section 14.1.2).
record ByteRange(long first, long last) {
    private static final String UNIT = "bytes=";

    long length() {
        return last - first + 1;
    }

    String contentRange(long size) {
        return "bytes " + first + "-" + last + "/" + size;
    }

    /// The run that a `Range` header asks for. Null when all is to be sent: there is no header, or it is one that S3 does not heed
    /// (another unit, several runs, not well-formed). 416 `InvalidRange` when no byte of the object is in it; but the last bytes of
    /// an empty object are all of it, answered 200 as S3 does, so that whoever reads files from their tail can read empty ones.
    static @Nullable ByteRange of(@Nullable String header, long size) {
        if (header == null || !header.regionMatches(true, 0, UNIT, 0, UNIT.length()))
            return null;
        var text = header.substring(UNIT.length()).strip();
        int dash = text.indexOf('-');
        if (dash < 0)
            return null;
        long first = number(text, 0, dash);
        long last = number(text, dash + 1, text.length());
        if (dash == 0) {
            if (last < 0)
                return null;
            if (last == 0)
                throw unsatisfiable(header, size);
            if (size == 0)
                return null;
            return new ByteRange(Math.max(0, size - last), size - 1);
        }
        boolean open = dash == text.length() - 1;
        if (first < 0 || (!open && last < first))
            return null;
        if (first >= size)
            throw unsatisfiable(header, size);
        return new ByteRange(first, open ? size - 1 : Math.min(last, size - 1));
    }

    /// The run of `bytes=first-last`, both given; null for any other form.
    static @Nullable ByteRange exactly(String header) {
        int dash = header.indexOf('-');
        if (!header.startsWith(UNIT) || dash < 0)
            return null;
        long first = number(header, UNIT.length(), dash);
        long last = number(header, dash + 1, header.length());
        return first < 0 || last < first ? null : new ByteRange(first, last);
    }

    /// Digits only, or -1; more than fits in a long is the largest long.
    private static long number(String text, int from, int to) {
        if (from == to)
            return -1;
        long number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9)
                return -1;
            number = number > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : number * 10 + digit;
        }
        return number;
    }

    private static RefusedException unsatisfiable(String header, long size) {
        return new RefusedException(new Refusal(416, "InvalidRange", "The requested range is not satisfiable",
                Map.of("RangeRequested", header, "ActualObjectSize", Long.toString(size))));
    }
}
