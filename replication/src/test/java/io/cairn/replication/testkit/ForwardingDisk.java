package io.cairn.replication.testkit;

import io.cairn.replication.disk.Disk;
import io.cairn.replication.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Another disk, of which a subclass hears of each change before it is made, and may keep it from being made. Reads pass.
public abstract class ForwardingDisk implements Disk {
    /// What is about to happen; the last three to a file.
    public enum Change {
        CREATE, RENAME, DELETE, LINK, SYNC, WRITE, TRUNCATE, SYNC_FILE
    }

    private final Disk disk;

    protected ForwardingDisk(Disk disk) {
        this.disk = disk;
    }

    /// Whether it is made; a [Change#CREATE] is in any case. May throw what the disk would.
    protected abstract boolean before(Change change) throws IOException;

    @Override
    public DiskFile open(String name, boolean create) throws IOException {
        if (create)
            before(Change.CREATE);
        return new File(disk.open(name, create));
    }

    @Override
    public DiskFile openDirect(String name, boolean create) throws IOException {
        if (create)
            before(Change.CREATE);
        return new File(disk.openDirect(name, create));
    }

    @Override
    public List<String> list() throws IOException {
        return disk.list();
    }

    @Override
    public void rename(String from, String to) throws IOException {
        if (before(Change.RENAME))
            disk.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        if (before(Change.DELETE))
            disk.delete(name);
    }

    @Override
    public void link(String name, Path target) throws IOException {
        if (before(Change.LINK))
            disk.link(name, target);
    }

    @Override
    public void sync() throws IOException {
        if (before(Change.SYNC))
            disk.sync();
    }

    private final class File implements DiskFile {
        private final DiskFile file;

        File(DiskFile file) {
            this.file = file;
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            if (before(Change.WRITE))
                file.write(bytes, position);
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            return file.read(into, position);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            if (before(Change.TRUNCATE))
                file.truncate(size);
        }

        @Override
        public void sync() throws IOException {
            if (before(Change.SYNC_FILE))
                file.sync();
        }

        @Override
        public @Nullable FileChannel channel() {
            return file.channel();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
