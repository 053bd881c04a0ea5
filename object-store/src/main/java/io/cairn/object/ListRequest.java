package io.cairn.object;

/// Which page of keys.
///
/// @param prefix only keys that begin so; empty for all
/// @param delimiter keys that share what stands between prefix and the first delimiter are rolled up into one common prefix;
///     empty for none
/// @param after begin behind this key or common prefix; empty for the beginning
/// @param max at most so many keys and common prefixes together, 0 to 1000
public record ListRequest(String prefix, String delimiter, String after, int max) {
    public static final int MAX = 1000;
    public static final ListRequest ALL = new ListRequest("", "", "", MAX);

    public ListRequest {
        if (max < 0 || max > MAX)
            throw new IllegalArgumentException("max must be 0 to " + MAX + ": " + max);
    }
}
