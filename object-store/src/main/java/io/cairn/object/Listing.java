package io.cairn.object;

import java.util.List;

/// One page of keys in byte order of their UTF-8.
///
/// @param next where the next page begins ([ListRequest#after]); empty when this was the last. It is the last key, or common
///     prefix, of this page
public record Listing(List<ObjectInfo> objects, List<String> commonPrefixes, String next) {
    public boolean truncated() {
        return !next.isEmpty();
    }
}
