package io.cairn.replication.internal.log;

import io.cairn.replication.CheckpointRef;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.Group;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.internal.extent.FileNames;
import io.cairn.replication.internal.store.LiveBytes.FileKey;
import io.cairn.replication.internal.store.RocksStore;
import io.cairn.replication.internal.store.RocksStore.Contents;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Copies a log's state into another directory: hard links of what does not change any more, and the part of the active file that the
/// copied store covers. The log goes on meanwhile.
final class Checkpoints {
    private static final int BUFFER_BYTES = 1 << 20;
    private final Group group;
    private final RocksStore store;
    private final LogFiles files;
    private final Disk logDisk;
    private final Disk extentDisk;
    private final EmptyFiles emptyFiles;
    private final Janitor janitor;
    private final Runnable roll;

    /// @param roll ends the active log file
    Checkpoints(Group group, RocksStore store, LogFiles files, Disk logDisk, Disk extentDisk, EmptyFiles emptyFiles,
            Janitor janitor,
            Runnable roll) {
        this.group = group;
        this.store = store;
        this.files = files;
        this.logDisk = logDisk;
        this.extentDisk = extentDisk;
        this.emptyFiles = emptyFiles;
        this.janitor = janitor;
        this.roll = roll;
    }

    /// As [io.cairn.replication.ReplicatedLog#checkpoint].
    CheckpointRef make(Path directory) {
        try {
            var state = contents(directory).applied();
            return new CheckpointRef(directory, state.index(), state.stamp());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new StoreFailedException("cannot make a checkpoint in " + directory + ": " + e.getMessage(), e);
        }
    }

    /// The same; what the copy holds.
    Contents contents(Path directory) throws Exception {
        return janitor.holdingFiles(() -> copy(directory));
    }

    private Contents copy(Path directory) throws IOException {
        if (Files.exists(directory))
            throw new FileAlreadyExistsException(directory.toString());
        Files.createDirectories(directory.resolve("log"));
        Files.createDirectories(directory.resolve("extents"));
        // What batches behind the copy may still name: a log that is replayed onto it needs those files.
        var unnamed = emptyFiles.unnamedFiles();
        long rolledFrom = files.numbers().getLast();
        // The last file of the copy must be complete: the next record goes to another.
        roll.run();
        store.checkpoint(directory.resolve("db"));
        // Entries are applied meanwhile: which files belong to the copy, only the copy knows.
        var copied = RocksStore.contents(directory.resolve("db"), group);
        var state = copied.applied();
        for (long number : files.numbers()) {
            if (number > state.file())
                break;
            if (number == state.file())
                copyActive(number, state.offset(), directory.resolve("log").resolve(LogFiles.name(number)));
            else if (number >= rolledFrom || unnamed.contains(number)
                    || copied.liveFiles().contains(new FileKey(Home.LOG, number))) {
                janitor.linked(number);
                logDisk.link(LogFiles.name(number), directory.resolve("log").resolve(LogFiles.name(number)));
            }
        }
        for (FileKey key : copied.liveFiles())
            if (key.home() == Home.OWN_FILE)
                extentDisk.link(FileNames.of(key), directory.resolve("extents").resolve(FileNames.of(key)));
        for (var name : new String[]{"log", "extents", "."})
            Disk.of(directory.resolve(name)).sync();
        return copied;
    }

    /// The store may have gone on a little since the roll: the part of the active file that it covers is copied, not linked.
    private void copyActive(long number, long end, Path target) throws IOException {
        try (var from = files.open(number);
                var to = FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var buffer = ByteBuffer.allocate(BUFFER_BYTES);
            for (long at = 0; at < end;) {
                buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
                int count = from.read(buffer, at);
                if (count <= 0)
                    throw new IOException(LogFiles.name(number) + " ends at byte " + at + ", before " + end);
                buffer.flip();
                while (buffer.hasRemaining())
                    to.write(buffer);
                at += count;
            }
            to.force(true);
        }
    }
}
