package io.cairn.replication.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// One directory of files. What a method changed is durable only after the sync that its text names. Any thread.
public interface Disk {
    /// What disks of today write at once, and a page of the cache.
    int BLOCK_BYTES = 4096;

    /// Opens a file for reading and writing; with `create`, makes it when it is missing. Its name is durable after [#sync].
    DiskFile open(String name, boolean create) throws IOException;

    /// The same, for a file that is written in bulk and once: writes of whole blocks go past the page cache where the platform can do that.
    /// A block is whole when position and length are multiples of [#BLOCK_BYTES] and the buffer is direct and lies at such an
    /// address; others are written as usual. Reads see both.
    default DiskFile openDirect(String name, boolean create) throws IOException {
        return open(name, create);
    }

    List<String> list() throws IOException;

    /// Renames, replacing a file of the new name. Durable after [#sync].
    void rename(String from, String to) throws IOException;

    /// Removes a file. Durable after [#sync].
    void delete(String name) throws IOException;

    /// Gives the file a second name in a directory of the real file system (a hard link): for checkpoints.
    void link(String name, Path target) throws IOException;

    /// Makes names durable: creations, renames and deletions up to now.
    void sync() throws IOException;

    /// The disk of a directory of the operating system, which is made when it is missing.
    static Disk of(Path directory) throws IOException {
        return new FileSystemDisk(directory);
    }
}
