package io.cairn.replication;

import io.cairn.replication.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What a test, or a machine of unusual size, may want otherwise.
///
/// @param fileBytes a log file is followed by the next at about this size
/// @param stepBytes a new log file is filled with zeros in steps of so much, so that a sync has no metadata to write
/// @param pendingBytes at most so much waits for the disk; more is [OverloadedException]
/// @param flushBytes the store is flushed when so much was logged since the last time: bounds what a crash replays
/// @param openFiles extent files kept open beyond those being read
/// @param clock stamps come from it
/// @param random gives each log file its incarnation
/// @param disks opens the directories `log` and `extents`
/// @param archive where and how the log is archived; null: not at all
public record LogOptions(int fileBytes, int stepBytes, long pendingBytes, long flushBytes, int openFiles, InstantSource clock,
        RandomGenerator random, Disks disks, @Nullable ArchiveOptions archive) {
    public static final LogOptions DEFAULT = new LogOptions(64 << 20, 4 << 20, 64L << 20, 128L << 20, 256, InstantSource.system(),
            new SecureRandom(), Disk::of, null);

    public LogOptions {
        if (fileBytes < 64 << 10 || stepBytes < 4096)
            throw new IllegalArgumentException("log files need at least 64 KiB in steps of at least 4 KiB");
    }

    /// Small files, for tests that open many logs.
    public LogOptions withFileBytes(int bytes) {
        return new LogOptions(bytes, Math.min(stepBytes, bytes), pendingBytes, flushBytes, openFiles, clock, random, disks,
                archive);
    }

    public LogOptions withClock(InstantSource other) {
        return new LogOptions(fileBytes, stepBytes, pendingBytes, flushBytes, openFiles, other, random, disks, archive);
    }

    public LogOptions withRandom(RandomGenerator other) {
        return new LogOptions(fileBytes, stepBytes, pendingBytes, flushBytes, openFiles, clock, other, disks, archive);
    }

    public LogOptions withFlushBytes(long bytes) {
        return new LogOptions(fileBytes, stepBytes, pendingBytes, bytes, openFiles, clock, random, disks, archive);
    }

    public LogOptions withPendingBytes(long bytes) {
        return new LogOptions(fileBytes, stepBytes, bytes, flushBytes, openFiles, clock, random, disks, archive);
    }

    /// For engines that read at random in many files.
    public LogOptions withOpenFiles(int files) {
        return new LogOptions(fileBytes, stepBytes, pendingBytes, flushBytes, files, clock, random, disks, archive);
    }

    public LogOptions withDisks(Disks other) {
        return new LogOptions(fileBytes, stepBytes, pendingBytes, flushBytes, openFiles, clock, random, other, archive);
    }

    /// Archives the log continuously.
    public LogOptions withArchive(@Nullable ArchiveOptions other) {
        return new LogOptions(fileBytes, stepBytes, pendingBytes, flushBytes, openFiles, clock, random, disks, other);
    }

    /// Opens a directory as a [Disk].
    @FunctionalInterface
    public interface Disks { Disk open(Path directory) throws IOException; }
}
