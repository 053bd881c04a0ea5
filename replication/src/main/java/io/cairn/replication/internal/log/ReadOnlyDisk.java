package io.cairn.replication.internal.log;

import io.cairn.replication.disk.Disk;
import io.cairn.replication.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A directory that is looked at: whatever would change it throws.
record ReadOnlyDisk(Path directory) implements Disk {
    @Override
    public DiskFile open(String name, boolean create) throws IOException {
        if (create)
            throw new UnsupportedOperationException("this disk is only read");
        return new File(FileChannel.open(directory.resolve(name), StandardOpenOption.READ));
    }

    @Override
    public List<String> list() throws IOException {
        var names = new ArrayList<String>();
        if (Files.isDirectory(directory))
            try (var files = Files.newDirectoryStream(directory)) {
                files.forEach(file -> names.add(file.getFileName().toString()));
            }
        names.sort(null);
        return names;
    }

    @Override
    public void rename(String from, String to) {
        throw new UnsupportedOperationException("this disk is only read");
    }

    @Override
    public void delete(String name) {
        throw new UnsupportedOperationException("this disk is only read");
    }

    @Override
    public void link(String name, Path target) {
        throw new UnsupportedOperationException("this disk is only read");
    }

    @Override
    public void sync() {}

    private record File(FileChannel file) implements DiskFile {
        @Override
        public void write(ByteBuffer bytes, long position) {
            throw new UnsupportedOperationException("this disk is only read");
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            long at = position;
            while (into.hasRemaining()) {
                int count = file.read(into, at);
                if (count < 0)
                    break;
                at += count;
            }
            return (int) (at - position);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void truncate(long size) {
            throw new UnsupportedOperationException("this disk is only read");
        }

        @Override
        public void sync() {}

        @Override
        public @Nullable FileChannel channel() {
            return file;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
