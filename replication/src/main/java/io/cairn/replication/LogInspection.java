package io.cairn.replication;

import io.cairn.replication.internal.log.FileInspection;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The files of a group that no process has open, for looking at: nothing is replayed, recycled or written. Rows are those of the last flush;
/// a log that was not closed holds more, which the next open replays. One thread.
public interface LogInspection extends AutoCloseable {
    /// [StoreFailedException] when the rows cannot be read at all; look at [#files] first, which needs none.
    static LogInspection open(Path directory, Group group) {
        return new FileInspection(directory, group);
    }

    /// Reads every byte of all files and holds it against its checksums.
    Totals files(Consumer<Damage> found);

    StoreView rows();

    /// Reads an extent and holds it against its checksums; null when it is whole.
    @Nullable
    Damage check(Extent extent);

    /// Reads any bytes of a file as they lie there; `false` when they are not there.
    ///
    /// @param into takes `piece.length()` bytes
    boolean read(Extent piece, ByteBuffer into);

    /// What the store counts as alive, by file; -1 for a file that is kept for ever.
    Map<File, Long> live();

    /// @param name within the group's directory
    record File(Extent.Home home, long number, String name) {}

    /// @param entries batches in the log
    /// @param unapplied those of them that the rows do not have yet: the next open applies them
    /// @param logBytes size of log files, free ones left out
    /// @param extentBytes size of extent files
    /// @param storeBytes size of the store's files
    record Totals(long entries, long unapplied, long logBytes, long extentBytes, long storeBytes) {}

    @Override
    void close();
}
