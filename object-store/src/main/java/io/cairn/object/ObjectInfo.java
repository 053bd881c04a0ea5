package io.cairn.object;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What is known of a stored object.
///
/// @param sizeBytes its length
/// @param etag hexadecimal MD5 of the bytes; of a multipart object the MD5 of its parts' MD5s, `-` and their count. Without quotes
/// @param lastModified when it was ordered in the log, whole milliseconds
/// @param checksum what was computed at upload, or null
/// @param partCount how many parts a multipart object was made of, 0 for an object written at once
public record ObjectInfo(String key, long sizeBytes, String etag, Instant lastModified, ObjectMetadata metadata,
        @Nullable Checksum checksum, int partCount) {}
