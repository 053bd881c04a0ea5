package io.cairn.server.iam;

/// Who asks.
///
/// @param canonicalId what owns buckets; empty for anonymous
/// @param displayName for listings
/// @param root sees and may do all
public record Principal(String accessKey, String canonicalId, String displayName, boolean root) {
    public static final Principal ANONYMOUS = new Principal("", "", "anonymous", false);

    public boolean anonymous() {
        return canonicalId.isEmpty();
    }
}
