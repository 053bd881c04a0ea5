package io.cairn.kv;

import io.cairn.replication.ArchiveOptions;
import io.cairn.replication.LogOptions;

/// What a test, or a machine of unusual size, may want otherwise.
public record KvStoreOptions(LogOptions log) {
    public static final KvStoreOptions DEFAULT = new KvStoreOptions(LogOptions.DEFAULT);

    /// Archives the store continuously; [KvStore#restore] goes back.
    public KvStoreOptions withArchive(ArchiveOptions archive) {
        return new KvStoreOptions(log.withArchive(archive));
    }
}
