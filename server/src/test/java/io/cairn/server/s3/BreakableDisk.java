package io.cairn.server.s3;

import io.cairn.replication.disk.Disk;
import io.cairn.replication.testkit.ForwardingDisk;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/// A directory on a disk that a test can break: from then on nothing is written or synced, while what is there can be read.
final class BreakableDisk extends ForwardingDisk {
    private final AtomicBoolean broken;

    BreakableDisk(Disk disk, AtomicBoolean broken) {
        super(disk);
        this.broken = broken;
    }

    @Override
    protected boolean before(Change change) throws IOException {
        if (broken.get())
            throw new IOException("the disk is gone");
        return true;
    }
}
