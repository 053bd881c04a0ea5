package io.cairn.replication;

import io.cairn.replication.internal.archive.DirectoryArchive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/// A place for immutable named blobs, away from the log that they come from: a directory, or a bucket of an object store. Any thread.
///
/// Names are of `a-z`, `0-9`, `-`, and `/` between their parts. An `IOException` means that it is not known whether the call did
/// anything; whoever calls looks, or tries again.
public interface Archive {
    /// Stores a blob whole and durable, or not at all. `java.nio.file.FileAlreadyExistsException` when there is one of that name: it
    /// stays as it is.
    ///
    /// @param bytes how many `content` has; it is read once, from where it stands
    void put(String name, long bytes, InputStream content) throws IOException;

    /// The blob's bytes; whoever reads checks them. `java.nio.file.NoSuchFileException` when there is none. Close it.
    InputStream get(String name) throws IOException;

    /// The names of all blobs that begin with `prefix`, which ends with `/` or is empty, in ascending order.
    List<String> list(String prefix) throws IOException;

    /// Removes blobs for good; those that are not there are passed over.
    void delete(List<String> names) throws IOException;

    /// Removes what killed processes left of calls to [#put] under `prefix`, which ends with `/` and under which nobody else puts now: it
    /// takes space, though no call sees it. An archive whose puts leave nothing behind has nothing to do.
    default void discardUnfinished(String prefix) throws IOException {}

    /// An archive in a directory, which is made when the first blob comes.
    static Archive directory(Path directory) {
        return new DirectoryArchive(directory);
    }
}
