package io.cairn.object;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is known of a stored object.
///
/// @param sizeBytes its length
/// @param etag hexadecimal MD5 of the bytes; of a multipart object the MD5 of its parts' MD5s, `-` and their count. Without quotes
/// @param lastModified when it was ordered in the log, whole milliseconds
/// @param checksum what was computed at upload, or null
/// @param partCount how many parts a multipart object was made of, 0 for an object written at once
/// @param versionId opaque; [#NULL_VERSION] for what was written while versioning was off or suspended
public record ObjectInfo(String key, long sizeBytes, String etag, Instant lastModified, ObjectMetadata metadata,
        @Nullable Checksum checksum, int partCount, String versionId, Map<String, String> tags) {
    public static final String NULL_VERSION = "null";
}
