package io.cairn.object;

/// Why a request was refused. Each is the caller's to mend, or (the last) to try again.
public enum Reason {
    NO_SUCH_BUCKET, NO_SUCH_KEY, NO_SUCH_UPLOAD,
    /// The key has no version of this id.
    NO_SUCH_VERSION,
    /// The id names no version that could ever be.
    INVALID_VERSION,
    /// The version named is a delete marker, which has no bytes.
    IS_DELETE_MARKER, INVALID_TAG, BUCKET_ALREADY_EXISTS, BUCKET_NOT_EMPTY, INVALID_BUCKET_NAME, TOO_MANY_BUCKETS,
    /// Longer than 1024 bytes in UTF-8.
    KEY_TOO_LONG,
    /// Empty, or not encodable in UTF-8.
    INVALID_KEY, METADATA_TOO_LARGE,
    /// More than 5 GiB at once, or more than 48.8 TiB in parts.
    ENTITY_TOO_LARGE,
    /// A part that is not the last has less than 5 MiB.
    ENTITY_TOO_SMALL, INVALID_PART, INVALID_PART_ORDER,
    /// Algorithm and form do not go together, or a part's number is out of range.
    INVALID_ARGUMENT,
    /// The MD5 that was sent is not that of the bytes.
    BAD_DIGEST,
    /// The checksum that was sent is not that of the bytes.
    BAD_CHECKSUM,
    /// Fewer or more bytes than announced.
    INCOMPLETE_BODY, PRECONDITION_FAILED,
    /// Another request changed the same thing meanwhile; try again.
    CONFLICT,
    /// Too much is under way; nothing was done; try again later.
    OVERLOADED
}
