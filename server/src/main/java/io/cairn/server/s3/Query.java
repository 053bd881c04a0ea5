package io.cairn.server.s3;

import org.jspecify.annotations.Nullable;

/// A query string, decoded. Names and values stand in pairs in one array; few are there, so looking through them is quick.
final class Query {
    private static final Query EMPTY = new Query(new String[0]);
    private final String[] pairs;

    private Query(String[] pairs) {
        this.pairs = pairs;
    }

    static Query of(String raw) {
        if (raw.isEmpty())
            return EMPTY;
        int count = 1;
        for (int i = 0; i < raw.length(); i++)
            if (raw.charAt(i) == '&')
                count++;
        var pairs = new String[count * 2];
        int from = 0;
        for (int pair = 0; pair < count; pair++) {
            int ampersand = raw.indexOf('&', from);
            int end = ampersand < 0 ? raw.length() : ampersand;
            int equals = raw.indexOf('=', from);
            int nameEnd = equals < 0 || equals > end ? end : equals;
            pairs[pair * 2] = PercentCoding.decode(raw, from, nameEnd, true);
            pairs[pair * 2 + 1] = PercentCoding.decode(raw, Math.min(nameEnd + 1, end), end, true);
            from = end + 1;
        }
        return new Query(pairs);
    }

    boolean isEmpty() { return pairs.length == 0; }

    boolean has(String name) {
        return get(name) != null;
    }

    /// The first value of this name, empty when it has none (`?acl`), null when the name is not there.
    @Nullable
    String get(String name) {
        for (int i = 0; i < pairs.length; i += 2)
            if (pairs[i].equals(name))
                return pairs[i + 1];
        return null;
    }

    String get(String name, String otherwise) {
        var value = get(name);
        return value == null ? otherwise : value;
    }

    /// A number of 0 to `limit`; what is larger counts as `limit`, and so does what is not said. Else 400 `InvalidArgument`.
    int count(String name, int limit) {
        var value = get(name);
        if (value == null || value.isEmpty())
            return limit;
        try {
            int number = Integer.parseInt(value);
            if (number >= 0)
                return Math.min(number, limit);
        } catch (NumberFormatException e) {
            // refused below
        }
        throw Refusals.invalidArgument(name, value, "Provided " + name + " not an integer or within integer range");
    }
}
