package io.cairn.replication.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/// A directory of the operating system.
final class FileSystemDisk implements Disk {
    private final Path directory;

    FileSystemDisk(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    @Override
    public DiskFile open(String name, boolean create) throws IOException {
        var options = EnumSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (create)
            options.add(StandardOpenOption.CREATE);
        return new ChannelFile(FileChannel.open(directory.resolve(name), options));
    }

    @Override
    public List<String> list() throws IOException {
        var names = new ArrayList<String>();
        try (var stream = Files.newDirectoryStream(directory)) {
            for (var path : stream)
                names.add(path.getFileName().toString());
        }
        return names;
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.delete(directory.resolve(name));
    }

    @Override
    public void link(String name, Path target) throws IOException {
        Files.createLink(target, directory.resolve(name));
    }

    @Override
    public void sync() throws IOException {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private record ChannelFile(FileChannel channel) implements DiskFile {
        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            long at = position;
            while (bytes.hasRemaining())
                at += channel.write(bytes, at);
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            long at = position;
            while (into.hasRemaining()) {
                int count = channel.read(into, at);
                if (count < 0)
                    break;
                at += count;
            }
            return (int) (at - position);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            channel.truncate(size);
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
