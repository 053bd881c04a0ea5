package io.cairn.object;

import java.util.List;

/// One page of unfinished multipart uploads. `nextKey` and `nextId` are empty when this was the last page.
public record MultipartListing(List<MultipartUpload> uploads, List<String> commonPrefixes, String nextKey, String nextId) {
    public boolean truncated() {
        return !nextKey.isEmpty();
    }
}
