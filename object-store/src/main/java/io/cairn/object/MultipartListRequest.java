package io.cairn.object;

/// Which page of unfinished multipart uploads; as [ListRequest], and `afterId` breaks ties between uploads of key `afterKey`
/// (empty: behind all of them).
public record MultipartListRequest(String prefix, String delimiter, String afterKey, String afterId, int max) {
    public MultipartListRequest {
        if (max < 0 || max > ListRequest.MAX)
            throw new IllegalArgumentException("max must be 0 to " + ListRequest.MAX + ": " + max);
    }
}
