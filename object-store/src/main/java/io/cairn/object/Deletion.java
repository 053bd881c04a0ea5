package io.cairn.object;

/// What is to be deleted.
///
/// @param versionId that version, for ever; empty for the newest, which versioning may keep behind a delete marker
/// @param condition on the key's newest object: [PutCondition.Always] or [PutCondition.IfMatch]
public record Deletion(String key, String versionId, PutCondition condition) {
    public static Deletion of(String key) {
        return new Deletion(key, "", PutCondition.ALWAYS);
    }
}
