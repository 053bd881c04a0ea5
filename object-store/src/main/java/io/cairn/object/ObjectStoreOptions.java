package io.cairn.object;

import io.cairn.replication.ArchiveOptions;
import io.cairn.replication.CleaningOptions;
import io.cairn.replication.LogOptions;

/// What a test, or a machine of unusual size, may want otherwise.
///
/// @param minPartBytes what every part but the last of a multipart upload has at least
/// @param cleaning when the space of deleted and replaced small objects is given back
public record ObjectStoreOptions(LogOptions log, long minPartBytes, CleaningOptions cleaning) {
    public static final ObjectStoreOptions DEFAULT = new ObjectStoreOptions(LogOptions.DEFAULT, MultipartUpload.MIN_PART_BYTES);

    /// Archives the store continuously; [ObjectStore#restore] goes back.
    public ObjectStoreOptions withArchive(ArchiveOptions archive) {
        return new ObjectStoreOptions(log.withArchive(archive), minPartBytes, cleaning);
    }

    public ObjectStoreOptions(LogOptions log, long minPartBytes) {
        this(log, minPartBytes, CleaningOptions.DEFAULT);
    }

    public ObjectStoreOptions withCleaning(CleaningOptions other) {
        return new ObjectStoreOptions(log, minPartBytes, other);
    }
}
