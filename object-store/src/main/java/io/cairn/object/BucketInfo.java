package io.cairn.object;

import java.time.Instant;

/// What is known of a bucket. `owner` is a canonical user id, empty for a bucket that an embedded program made.
public record BucketInfo(String name, Instant created, String owner) {}
