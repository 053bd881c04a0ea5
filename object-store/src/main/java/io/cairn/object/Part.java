package io.cairn.object;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One committed part of a multipart upload. `etag` is the hexadecimal MD5 of its bytes, without quotes.
public record Part(int number, long sizeBytes, String etag, Instant lastModified, @Nullable Checksum checksum) {}
