package io.cairn.object;

import io.cairn.replication.ArchiveOptions;
import io.cairn.replication.LogOptions;

/// What a test, or a machine of unusual size, may want otherwise.
///
/// @param minPartBytes what every part but the last of a multipart upload has at least
public record ObjectStoreOptions(LogOptions log, long minPartBytes) {
    public static final ObjectStoreOptions DEFAULT = new ObjectStoreOptions(LogOptions.DEFAULT, MultipartUpload.MIN_PART_BYTES);

    /// Archives the store continuously; [ObjectStore#restore] goes back.
    public ObjectStoreOptions withArchive(ArchiveOptions archive) {
        return new ObjectStoreOptions(log.withArchive(archive), minPartBytes);
    }
}
