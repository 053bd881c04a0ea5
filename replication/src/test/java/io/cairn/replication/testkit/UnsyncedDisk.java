package io.cairn.replication.testkit;

import io.cairn.replication.disk.Disk;
import io.cairn.replication.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The planted fault of the power-cut tests: a disk that says that it has synced, and has not.
public record UnsyncedDisk(Disk disk) implements Disk {
    public static Disk of(Path directory) throws IOException {
        return new UnsyncedDisk(Disk.of(directory));
    }

    @Override
    public DiskFile open(String name, boolean create) throws IOException {
        return new UnsyncedFile(disk.open(name, create));
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
        disk.link(name, target);
    }

    @Override
    public void sync() {}

    private record UnsyncedFile(DiskFile file) implements DiskFile {
        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
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
            file.truncate(size);
        }

        @Override
        public void sync() {}

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
