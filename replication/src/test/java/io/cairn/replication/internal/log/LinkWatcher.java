package io.cairn.replication.internal.log;

import io.cairn.replication.disk.Disk;
import io.cairn.replication.disk.DiskFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// A disk that does something of the test's before each link.
record LinkWatcher(Disk disk, Runnable beforeLink) implements Disk {
    @Override
    public DiskFile open(String name, boolean create) throws IOException {
        return disk.open(name, create);
    }

    @Override
    public List<String> list() throws IOException {
        return disk.list();
    }

    @Override
    public void rename(String from, String to) throws IOException {
        disk.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        disk.delete(name);
    }

    @Override
    public void link(String name, Path target) throws IOException {
        beforeLink.run();
        disk.link(name, target);
    }

    @Override
    public void sync() throws IOException {
        disk.sync();
    }
}
