package io.cairn.block.internal.engine;

import io.cairn.block.internal.ephemeral.EphemeralFile;
import io.cairn.replication.LogOptions.Disks;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The directory `ephemeral` of a store, which is there when there are, or were, such volumes: a file for each, called by its id. What a process leaves in it is
/// removed by the next. Any thread.
final class EphemeralFiles {
    private static final Logger LOG = LoggerFactory.getLogger(EphemeralFiles.class);
    private final Path directory;
    private final Disks disks;
    private @Nullable Disk disk;

    /// Removes what an earlier process has left.
    EphemeralFiles(Path directory, Disks disks) {
        this.directory = directory;
        this.disks = disks;
        if (Files.isDirectory(directory))
            try {
                for (var name : disk().list())
                    disk().delete(name);
            } catch (IOException e) {
                throw new StoreFailedException("cannot empty " + directory + ": " + e.getMessage(), e);
            }
    }

    private synchronized Disk disk() throws IOException {
        var opened = disk;
        if (opened == null) {
            opened = disks.open(directory);
            disk = opened;
        }
        return opened;
    }

    EphemeralFile create(String id) {
        try {
            return EphemeralFile.create(disk(), directory, id);
        } catch (IOException e) {
            throw new StoreFailedException("cannot make " + directory + ": " + e.getMessage(), e);
        }
    }

    static void delete(EphemeralFile file) {
        file.delete(e -> LOG.warn("the file of an ephemeral volume stays until the store is opened again: {}", e.getMessage()));
    }
}
