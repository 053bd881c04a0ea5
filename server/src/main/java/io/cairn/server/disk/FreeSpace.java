package io.cairn.server.disk;

import io.cairn.server.http.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Refuses what would add bytes while too little is free on the disk, so that a full disk costs an upload and not the store: the log
/// fails for good when a write of its own finds no room. Reading, deleting and completing go on, so that room can be made.
///
/// The answer is 507 `InsufficientStorage`, which S3 has no case for; clients take it as final, where a 503 would be tried again at once. NBD has ENOSPC. Any
/// thread. The disk is asked at most every [#LOOK_NANOS], which a local file system answers from memory; what comes in between
/// fits well into the least floor that makes sense.
public final class FreeSpace {
    /// No floor: the disk is never asked.
    public static final FreeSpace UNWATCHED = new FreeSpace(() -> Long.MAX_VALUE, 0, System::nanoTime);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final LongSupplier freeBytes;
    private final long floorBytes;
    private final LongSupplier nanoTime;
    private volatile Look last;

    private record Look(long nanoTime, long freeBytes) {}

    /// @param freeBytes asks the disk
    /// @param nanoTime as [System#nanoTime]
    public FreeSpace(LongSupplier freeBytes, long floorBytes, LongSupplier nanoTime) {
        this.freeBytes = freeBytes;
        this.floorBytes = floorBytes;
        this.nanoTime = nanoTime;
        this.last = look();
    }

    /// The room on the disk that `directory` is on. Whoever cannot be told how much is free is let through.
    public static FreeSpace on(Path directory, long floorBytes) throws IOException {
        var store = Files.getFileStore(directory);
        return new FreeSpace(() -> {
            try {
                return store.getUsableSpace();
            } catch (IOException e) {
                return Long.MAX_VALUE;
            }
        }, floorBytes, System::nanoTime);
    }

    private Look look() {
        return new Look(nanoTime.getAsLong(), floorBytes == 0 ? Long.MAX_VALUE : freeBytes.getAsLong());
    }

    /// Whether `bytes` more leave the floor free; 0 or less when their number is not known.
    public boolean has(long bytes) {
        return floorBytes == 0 || now().freeBytes - Math.max(bytes, 0) >= floorBytes;
    }

    private Look now() {
        var now = last;
        if (nanoTime.getAsLong() - now.nanoTime > LOOK_NANOS) {
            now = look();
            last = now;
        }
        return now;
    }

    /// Refuses a request over HTTP unless it [#has] room for `bytes` more.
    public void require(long bytes) {
        if (!has(bytes))
            throw new RefusedException(507, "InsufficientStorage",
                    "The disk of this server has %d MiB free and keeps %d MiB; delete something, or ask for more room."
                            .formatted(last.freeBytes >> 20, floorBytes >> 20));
    }
}
