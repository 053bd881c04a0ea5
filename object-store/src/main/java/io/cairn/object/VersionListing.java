package io.cairn.object;

import java.util.List;

/// One page of versions: keys in byte order, of each key the newest first. `nextKey` is empty when this was the last page; `nextVersion`
/// is empty when the next page begins behind a common prefix.
public record VersionListing(List<ObjectVersion> versions, List<String> commonPrefixes, String nextKey, String nextVersion) {
    public boolean truncated() {
        return !nextKey.isEmpty();
    }
}
