package io.cairn.replication.internal.log;

import io.cairn.replication.Extent.Home;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.internal.extent.FileHandles;
import io.cairn.replication.internal.extent.FileNames;
import io.cairn.replication.internal.store.AppliedState;
import io.cairn.replication.internal.store.LiveBytes.FileKey;
import io.cairn.replication.internal.store.RocksStore;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Flushes the store when enough was logged, or as much was dropped in extent files, since the last time, and gives back the files that
/// nothing needs any more. Less that was dropped waits for at most [#LINGER_SECONDS]. One thread of its own; [#flush] may be called
/// from any.
///
/// A log file is needed while a replay would begin in it or before it, while it holds live extents, and while somebody reads it or a tail
/// has yet to. An extent file is needed while a row names it, now or in the durable state.
final class Janitor implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Janitor.class);
    private static final int LINGER_SECONDS = 5;
    private final RocksStore store;
    private final LogFiles files;
    private final Disk extents;
    private final FileHandles handles;
    private final EmptyFiles emptyFiles;
    private final long flushBytes;
    private final LongSupplier oldestTailFile;
    private final Consumer<Throwable> onFailure;
    private final Semaphore wake = new Semaphore(0);
    private final CountDownLatch ended = new CountDownLatch(1);
    /// Log files with a second name in a checkpoint: never written again.
    private final Set<Long> linked = new HashSet<>();
    private volatile boolean closing;
    private volatile long flushedFile;
    private volatile long flushedOffset;
    private volatile long flushedIndex;
    private volatile long bytesBefore;
    private final LongSupplier oldestTailIndex;

    Janitor(RocksStore store, LogFiles files, Disk extents, FileHandles handles, EmptyFiles emptyFiles, long flushBytes,
            LongSupplier oldestTailFile, LongSupplier oldestTailIndex, Consumer<Throwable> onFailure) {
        this.store = store;
        this.files = files;
        this.extents = extents;
        this.handles = handles;
        this.emptyFiles = emptyFiles;
        this.flushBytes = flushBytes;
        this.oldestTailFile = oldestTailFile;
        this.oldestTailIndex = oldestTailIndex;
        this.onFailure = onFailure;
        this.flushedFile = store.applied().file();
        this.flushedOffset = store.applied().offset();
        this.flushedIndex = store.applied().index();
    }

    /// Called by the committer after each group: cheap.
    void applied(AppliedState state) {
        long bytes = state.offset();
        if (state.file() != flushedFile) {
            // Files in between are full, so counting them as one each is near enough for a trigger.
            bytes += (state.file() - flushedFile) / Ordering.NUMBER_STEP * bytesBefore;
        } else
            bytes -= flushedOffset;
        bytesBefore = Math.max(bytesBefore, state.offset());
        if ((bytes > flushBytes || emptyFiles.droppedBytes() > flushBytes) && wake.availablePermits() == 0)
            wake.release();
    }

    @Override
    public void run() {
        try {
            while (true) {
                boolean woken = wake.tryAcquire(LINGER_SECONDS, TimeUnit.SECONDS);
                if (closing)
                    return;
                if (woken || emptyFiles.ownFileDroppedAfter(flushedIndex))
                    flush();
                else
                    giveBackAgain();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("flushing the store or giving back files has failed", e);
            onFailure.accept(e);
        } finally {
            ended.countDown();
        }
    }

    /// Makes the store durable up to now and gives files back.
    synchronized AppliedState flush() {
        emptyFiles.resetDroppedBytes();
        var durable = store.flush();
        flushedFile = durable.file();
        flushedOffset = durable.offset();
        flushedIndex = durable.index();
        giveBack();
        return durable;
    }

    /// What was empty at the last flush, and was read then.
    private synchronized void giveBackAgain() {
        if (emptyFiles.ownFilesWait())
            giveBack();
    }

    private void giveBack() {
        try {
            giveBackUnneeded();
        } catch (IOException e) {
            throw new StoreFailedException("cannot give back files: " + e.getMessage(), e);
        }
    }

    private void giveBackUnneeded() throws IOException {
        long floor = emptyFiles.floor(flushedIndex);
        long needed = Math.min(flushedFile, oldestTailFile.getAsLong());
        for (long number : files.numbers()) {
            if (number >= needed)
                break;
            var key = new FileKey(Home.LOG, number);
            if (emptyFiles.logFileEmpty(number, floor)
                    && handles.retire(key, () -> files.recycle(number, !linked.remove(number))))
                emptyFiles.forget(key);
        }
        for (long number : emptyFiles.deletable(Math.min(floor, oldestTailIndex.getAsLong() - 1))) {
            var key = new FileKey(Home.OWN_FILE, number);
            if (handles.retire(key, () -> delete(key)))
                emptyFiles.forget(key);
        }
    }

    private void delete(FileKey key) throws IOException {
        try {
            extents.delete(FileNames.of(key));
        } catch (NoSuchFileException e) {
            LOG.debug("extent file {} was gone already", FileNames.of(key));
        }
    }

    /// Log files before this one hold nothing that a replay needs.
    long flushedFile() {
        return flushedFile;
    }

    /// Runs `action` while no file is given back.
    synchronized <T> T holdingFiles(Callable<T> action) throws Exception {
        return action.call();
    }

    synchronized void linked(long number) {
        linked.add(number);
    }

    /// Lets its thread end, and waits for that.
    void close() throws InterruptedException {
        closing = true;
        wake.release();
        ended.await();
    }
}
