package io.cairn.replication.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// One directory of files. What a method changed is durable only after the sync that its text names. Any thread.
public interface Disk {
    /// Opens a file for reading and writing; with `create`, makes it when it is missing. Its name is durable after [#sync].
    DiskFile open(String name, boolean create) throws IOException;

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
