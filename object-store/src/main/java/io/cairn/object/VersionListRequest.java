package io.cairn.object;

/// Which page of versions; as [ListRequest], and with `afterVersion` the page begins behind that version of key `afterKey` (empty: behind
/// all of them). A version that is gone meanwhile still marks its place; a null version does not, whose id tells no place: the page then
/// begins with the key's newest.
public record VersionListRequest(String prefix, String delimiter, String afterKey, String afterVersion, int max) {
    public static final VersionListRequest ALL = new VersionListRequest("", "", "", "", ListRequest.MAX);

    public VersionListRequest {
        if (max < 0 || max > ListRequest.MAX)
            throw new IllegalArgumentException("max must be 0 to " + ListRequest.MAX + ": " + max);
    }
}
