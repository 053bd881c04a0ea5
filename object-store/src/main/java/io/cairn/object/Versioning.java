package io.cairn.object;

/// What happens to an object that is overwritten or deleted (Amazon S3 user guide, "Retaining multiple versions of objects").
public enum Versioning {
    /// It is gone. The state of a new bucket; there is no way back to it.
    OFF,
    /// It is kept as an older version; every write has a version id of its own, and a deletion writes a delete marker.
    ENABLED,
    /// Older versions stay. A write has the version id [ObjectInfo#NULL_VERSION] and replaces the version of that id.
    SUSPENDED
}
