package io.cairn.replication.testkit;

import io.cairn.replication.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;

/// The planted fault of the power-cut tests: a disk that says that it has synced, and has not.
public final class UnsyncedDisk extends ForwardingDisk {
    private UnsyncedDisk(Disk disk) {
        super(disk);
    }

    public static Disk of(Path directory) throws IOException {
        return new UnsyncedDisk(Disk.of(directory));
    }

    @Override
    protected boolean before(Change change) {
        return change != Change.SYNC && change != Change.SYNC_FILE;
    }
}
