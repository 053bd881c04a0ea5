package io.cairn.replication.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A directory of the operating system.
final class FileSystemDisk implements Disk {
    private static final @Nullable OpenOption DIRECT = directOption();
    private final Path directory;

    FileSystemDisk(Path directory) throws IOException {
        this.directory = Files.createDirectories(directory);
    }

    @Override
    public DiskFile open(String name, boolean create) throws IOException {
        var options = EnumSet.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (create)
            options.add(StandardOpenOption.CREATE);
        var path = directory.resolve(name);
        return new ChannelFile(path, FileChannel.open(path, options), null);
    }

    @Override
    public DiskFile openDirect(String name, boolean create) throws IOException {
        var file = (ChannelFile) open(name, create);
        return new ChannelFile(file.path, file.channel, direct(file.path));
    }

    /// The JDK's option to go past the page cache, which is of the module `jdk.unsupported`: by its name, for a JVM may be without it.
    private static @Nullable OpenOption directOption() {
        try {
            for (var option : Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants())
                if (option instanceof OpenOption open && option.toString().equals("DIRECT"))
                    return open;
            return null;
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    /// Null where the file system takes none, or only larger blocks.
    private static @Nullable FileChannel direct(Path path) {
        try {
            return DIRECT != null && BLOCK_BYTES % Files.getFileStore(path).getBlockSize() == 0
                    ? FileChannel.open(path, StandardOpenOption.WRITE, DIRECT)
                    : null;
        } catch (IOException | UnsupportedOperationException e) {
            return null;
        }
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

    /// A file as a channel. Reads are not interruptible: an interrupt would close the channel for all who read the file, so the thread
    /// stays interrupted, the channel is opened again, and the read goes on. Writes and syncs are not repeated: a failed sync says nothing
    /// about what is on the disk.
    private static final class ChannelFile implements DiskFile {
        private final Path path;
        private volatile FileChannel channel;
        /// For whole blocks.
        private final @Nullable FileChannel direct;
        private volatile boolean closed;
        private volatile @Nullable SystemFile system;
        private boolean systemWanted = true;

        ChannelFile(Path path, FileChannel channel, @Nullable FileChannel direct) {
            this.path = path;
            this.channel = channel;
            this.direct = direct;
        }

        @Override
        public FileChannel channel() {
            return channel;
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            var to = direct != null && wholeBlocks(bytes, position) ? direct : channel;
            long at = position;
            while (bytes.hasRemaining()) {
                at += to.write(bytes, at);
                // Only the disk's end, or a quota, cuts a write short: what is left may no longer be whole blocks.
                to = channel;
            }
        }

        private static boolean wholeBlocks(ByteBuffer bytes, long position) {
            return bytes.isDirect() && (position | bytes.remaining()) % BLOCK_BYTES == 0
                    && bytes.alignmentOffset(bytes.position(), BLOCK_BYTES) == 0;
        }

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            boolean interrupted = false;
            try {
                long at = position;
                while (into.hasRemaining()) {
                    interrupted |= Thread.interrupted();
                    try {
                        int count = channel.read(into, at);
                        if (count < 0)
                            break;
                        at += count;
                    } catch (ClosedChannelException e) {
                        reopen(e);
                    }
                }
                return (int) (at - position);
            } finally {
                if (interrupted)
                    Thread.currentThread().interrupt();
            }
        }

        @Override
        public int readNow(ByteBuffer into, long position) {
            var reads = system();
            return reads == null || !into.isDirect() ? -1 : reads.read(into, position);
        }

        @Override
        public void startWriting(long position, long length) {
            var writes = system();
            if (writes != null)
                writes.startWriting(position, length);
        }

        private @Nullable SystemFile system() {
            var known = system;
            return known == null ? openSystem() : known;
        }

        /// Null where there are none.
        private synchronized @Nullable SystemFile openSystem() {
            if (systemWanted && !closed) {
                systemWanted = false;
                system = SystemFile.of(path);
            }
            return system;
        }

        private synchronized void reopen(ClosedChannelException cause) throws IOException {
            if (closed)
                throw cause;
            if (!channel.isOpen())
                channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
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
        public synchronized void close() throws IOException {
            if (system != null && !closed)
                system.close();
            closed = true;
            try (var _ = direct) {
                channel.close();
            }
        }
    }
}
