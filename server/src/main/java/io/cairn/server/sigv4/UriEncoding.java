package io.cairn.server.sigv4;

/// AWS's UriEncode: every byte but `A-Z a-z 0-9 - . _ ~` becomes `%XX`, upper case. Characters are bytes (ISO-8859-1).
final class UriEncoding {
    private static final String UPPER_HEX = "0123456789ABCDEF";
    private static final boolean[] UNRESERVED = new boolean[256];
    static {
        for (int c = 0; c < 256; c++)
            UNRESERVED[c] = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'
                    || c == '_' || c == '~';
    }

    private UriEncoding() {}

    /// A part of a query, decoded once and encoded again, so that clients which escape more or less than needed agree.
    static String recode(String text, int from, int to) {
        boolean canonical = true;
        for (int i = from; canonical && i < to; i++)
            canonical = UNRESERVED[text.charAt(i) & 0xff];
        if (canonical)
            return text.substring(from, to);
        var out = new StringBuilder(to - from + 16);
        for (int i = from; i < to; i++) {
            int b = text.charAt(i) & 0xff;
            int escaped = escaped(text, i, to);
            if (escaped >= 0) {
                b = escaped;
                i += 2;
            } else if (b == '+') {
                b = ' ';
            }
            if (UNRESERVED[b])
                out.append((char) b);
            else
                out.append('%').append(UPPER_HEX.charAt(b >> 4)).append(UPPER_HEX.charAt(b & 15));
        }
        return out.toString();
    }

    /// A path as S3 signs it: encoded once, never normalised. An escaped slash stays escaped: it is part of a segment.
    static void writeOnce(String path, Scratch out) {
        for (int i = 0; i < path.length(); i++) {
            int escaped = escaped(path, i, path.length());
            if (escaped >= 0) {
                write(escaped, out);
                i += 2;
            } else if (path.charAt(i) == '/') {
                out.put('/');
            } else {
                write(path.charAt(i) & 0xff, out);
            }
        }
    }

    /// A path as every other service signs it: normalised (RFC 3986 section 5.2.4, but runs of slashes are one, and
    /// `/a/.` is `/a`, as the SDKs have it), and what was sent encoded is encoded again.
    static void writeNormalizedTwice(String path, Scratch out) {
        int start = out.length();
        out.put('/');
        int from = 0;
        while (from < path.length()) {
            int to = path.indexOf('/', from);
            if (to < 0)
                to = path.length();
            boolean up = to - from == 2 && path.startsWith("..", from);
            boolean here = to - from == 1 && path.charAt(from) == '.';
            if (up) {
                removeLast(out, start);
            } else if (to > from && !here) {
                if (out.array()[out.length() - 1] != '/')
                    out.put('/');
                for (int i = from; i < to; i++)
                    write(path.charAt(i) & 0xff, out);
            }
            from = to + 1;
        }
        if (path.endsWith("/") && out.array()[out.length() - 1] != '/')
            out.put('/');
    }

    private static void removeLast(Scratch out, int start) {
        int end = out.length();
        while (end > start + 1 && out.array()[end - 1] != '/')
            end--;
        out.truncate(Math.max(start + 1, end > start + 1 ? end - 1 : end));
    }

    private static void write(int b, Scratch out) {
        if (UNRESERVED[b])
            out.put(b);
        else
            out.put('%').put(UPPER_HEX.charAt(b >> 4)).put(UPPER_HEX.charAt(b & 15));
    }

    /// The byte that `%XX` at `i` stands for, or -1 when there is no whole escape there.
    static int escaped(String text, int i, int to) {
        if (text.charAt(i) != '%' || i + 2 >= to)
            return -1;
        int high = Character.digit(text.charAt(i + 1), 16);
        int low = Character.digit(text.charAt(i + 2), 16);
        return high < 0 || low < 0 ? -1 : (high << 4) | low;
    }
}
