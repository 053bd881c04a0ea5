package io.cairn.replication.internal.log;

import io.cairn.replication.disk.Disk;
import io.cairn.replication.testkit.ForwardingDisk;

/// A disk that does something of the test's before each link.
final class LinkWatcher extends ForwardingDisk {
    private final Runnable beforeLink;

    LinkWatcher(Disk disk, Runnable beforeLink) {
        super(disk);
        this.beforeLink = beforeLink;
    }

    @Override
    protected boolean before(Change change) {
        if (change == Change.LINK)
            beforeLink.run();
        return true;
    }
}
