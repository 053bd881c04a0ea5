package io.cairn.server.s3;

import io.cairn.replication.disk.Disk;
import io.cairn.replication.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// A directory on a disk that a test can break: from then on nothing is written or synced, while what is there can be read.
record BreakableDisk(Disk disk, AtomicBoolean broken) implements Disk {
    private void requireWhole() throws IOException {
        if (broken.get())
            throw new IOException("the disk is gone");
    }

    @Override
    public DiskFile open(String name, boolean create) throws IOException {
        if (create)
            requireWhole();
        return new File(disk.open(name, create));
    }

    @Override
    public List<String> list() throws IOException {
        return disk.list();
    }

    @Override
    public void rename(String from, String to) throws IOException {
        requireWhole();
        disk.rename(from, to);
    }

    @Override
    public void delete(String name) throws IOException {
        requireWhole();
        disk.delete(name);
    }

    @Override
    public void link(String name, Path target) throws IOException {
        requireWhole();
        disk.link(name, target);
    }

    @Override
    public void sync() throws IOException {
        requireWhole();
        disk.sync();
    }

    private final class File implements DiskFile {
        private final DiskFile file;

        File(DiskFile file) {
            this.file = file;
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            requireWhole();
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
            requireWhole();
            file.truncate(size);
        }

        @Override
        public void sync() throws IOException {
            requireWhole();
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
