package io.cairn.server.cli;

import io.cairn.block.BlockStore;
import io.cairn.kv.KvStore;
import io.cairn.object.ObjectStore;
import io.cairn.replication.Archive;
import io.cairn.replication.ArchiveOptions;
import io.cairn.replication.Restore.Restored;
import io.cairn.replication.Restore.Target;
import io.cairn.server.config.Setting;
import io.cairn.server.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/// An engine whose data a server keeps, in one directory of the data directory, and of the archive.
enum StoredEngine {
    OBJECTS("objects"), ITEMS("kv"), VOLUMES("volumes");

    private final String directory;

    StoredEngine(String directory) {
        this.directory = directory;
    }

    /// Its name on the disk.
    String directory() {
        return directory;
    }

    /// Where it lies under a data directory, or is archived under the directory that is configured for that.
    Path in(Path root) {
        return root.resolve(directory);
    }

    /// How its log is archived; nothing when no archive is configured.
    Optional<ArchiveOptions> archive(Settings settings) {
        var keep = Duration.ofDays(Long.parseLong(settings.text(Setting.ARCHIVE_KEEP_DAYS)));
        return settings.path(Setting.ARCHIVE).map(root -> ArchiveOptions.to(Archive.directory(in(root))).withKeepFor(keep));
    }

    /// @param archive of this engine
    Restored restore(Archive archive, Target target, OptionalLong timeline, Path data) {
        return switch (this) {
            case OBJECTS -> ObjectStore.restore(archive, target, timeline, in(data));
            case ITEMS -> KvStore.restore(archive, target, timeline, in(data));
            case VOLUMES -> BlockStore.restore(archive, target, timeline, in(data));
        };
    }
}
