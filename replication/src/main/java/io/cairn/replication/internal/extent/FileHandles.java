package io.cairn.replication.internal.extent;

import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Extent;
import io.cairn.replication.ReplicatedLog.InPlace;
import io.cairn.replication.ReplicatedLog.ReadNow;
import io.cairn.replication.disk.Disk;
import io.cairn.replication.disk.DiskFile;
import io.cairn.replication.internal.store.LiveBytes.FileKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Open files that hold extents, least recently used first, at most `bound` beyond those being read. A file in use stays open and is
/// not given back. Thread-safe.
public final class FileHandles implements AutoCloseable {
    /// An open file with a count of its readers, and of a file of one extent what was checked of it.
    static final class Handle {
        final DiskFile file;
        private int readers;
        private boolean retired;
        /// Header and checksums of the one extent of an own file, once they were read and checked.
        volatile int @Nullable [] checksums;
        /// Blocks that were held against their checksums since the file was opened; guarded by itself.
        final BitSet verified = new BitSet();
        private volatile @Nullable CachedPages pages;
        /// Of what was shorter than the file is now.
        private final List<CachedPages> outgrown = new ArrayList<>(0);
        private boolean pagesWanted = true;

        Handle(DiskFile file) {
            this.file = file;
        }

        /// The file's pages up to `end` at least, for whoever reads what is written and does not change; null where they cannot be had.
        @Nullable
        CachedPages pages(long end) throws IOException {
            var known = pages;
            return known != null && known.size() >= end ? known : morePages(end);
        }

        private synchronized @Nullable CachedPages morePages(long end) throws IOException {
            var known = pages;
            if (known != null && known.size() >= end)
                return known;
            if (!pagesWanted || known != null && file.size() < end)
                return null;
            var channel = file.channel();
            var larger = channel == null ? null : CachedPages.of(channel);
            pagesWanted = larger != null;
            if (larger == null)
                return null;
            if (known != null)
                outgrown.add(known);
            pages = larger;
            return larger.size() >= end ? larger : null;
        }

        synchronized void close() throws IOException {
            pagesWanted = false;
            for (var each : outgrown)
                each.close();
            var last = pages;
            if (last != null)
                last.close();
            file.close();
        }
    }

    private final Disk log;
    private final Disk own;
    private final int bound;
    private final LinkedHashMap<FileKey, Handle> handles = new LinkedHashMap<>(64, 0.75f, true);

    public FileHandles(Disk log, Disk own, int bound) {
        this.log = log;
        this.own = own;
        this.bound = bound;
    }

    /// Opens a file for one more reader; null when there is no such file.
    synchronized @Nullable Handle acquire(FileKey key) throws IOException {
        var handle = handles.get(key);
        if (handle == null) {
            try {
                handle = new Handle(diskOf(key).open(FileNames.of(key), false));
            } catch (NoSuchFileException e) {
                return null;
            }
            handle.readers++; // first: what is being read is not evicted
            handles.put(key, handle);
            evict();
        } else
            handle.readers++;
        return handle;
    }

    /// Reads a piece of a file as it is; `false` when there is no such file.
    public boolean read(Extent piece, ByteBuffer into) throws IOException {
        if (into.remaining() != piece.length())
            throw new IllegalArgumentException("room for " + into.remaining() + " bytes of " + piece);
        var key = FileKey.of(piece);
        var handle = acquire(key);
        if (handle == null)
            return false;
        try {
            if (handle.file.read(into, piece.offset()) < piece.length())
                throw new CorruptLogException(FileNames.of(key), piece.offset(), "the file ends inside an extent");
            return true;
        } finally {
            release(handle);
        }
    }

    /// The same without waiting for the disk, into direct memory.
    public ReadNow readNow(Extent piece, ByteBuffer into) throws IOException {
        if (into.remaining() != piece.length())
            throw new IllegalArgumentException("room for " + into.remaining() + " bytes of " + piece);
        var handle = acquire(FileKey.of(piece));
        if (handle == null)
            return ReadNow.GONE;
        try {
            var pages = handle.pages((long) piece.offset() + piece.length());
            if (pages != null && pages.copy(piece.offset(), into)) {
                into.position(into.limit());
                return ReadNow.READ;
            }
            return handle.file.readNow(into, piece.offset()) < 0 ? ReadNow.LATER : ReadNow.READ;
        } finally {
            release(handle);
        }
    }

    /// Shows a piece of a file where it lies in memory. Nobody writes there as long as it is looked at.
    public ReadNow look(Extent piece, InPlace look) throws IOException {
        var handle = acquire(FileKey.of(piece));
        if (handle == null)
            return ReadNow.GONE;
        try {
            var pages = handle.pages((long) piece.offset() + piece.length());
            return pages != null && pages.show(piece.offset(), piece.length(), look) ? ReadNow.READ : ReadNow.LATER;
        } finally {
            release(handle);
        }
    }

    synchronized void release(Handle handle) {
        if (--handle.readers == 0 && handle.retired)
            closeQuietly(handle);
    }

    /// Deletes or renames a file, which nobody can open meanwhile.
    @FunctionalInterface
    public interface GiveBack { void run() throws IOException; }

    /// Closes a file and gives it back; `false` when somebody reads it: then nothing is done.
    public synchronized boolean retire(FileKey key, GiveBack action) throws IOException {
        var handle = handles.get(key);
        if (handle != null) {
            if (handle.readers > 0)
                return false;
            handles.remove(key);
            closeQuietly(handle);
        }
        action.run();
        return true;
    }

    private void evict() {
        Iterator<Handle> oldest = handles.values().iterator();
        for (int excess = handles.size() - bound; excess > 0 && oldest.hasNext();) {
            var handle = oldest.next();
            if (handle.readers > 0)
                continue;
            oldest.remove();
            closeQuietly(handle);
            excess--;
        }
    }

    private Disk diskOf(FileKey key) {
        return switch (key.home()) {
            case LOG -> log;
            case OWN_FILE -> own;
        };
    }

    private static void closeQuietly(Handle handle) {
        try {
            handle.close();
        } catch (IOException e) {
            // Nothing was written through it, so nothing can be lost.
        }
    }

    @Override
    public synchronized void close() {
        for (var handle : handles.values()) {
            handle.retired = true;
            if (handle.readers == 0)
                closeQuietly(handle);
        }
        handles.clear();
    }
}
