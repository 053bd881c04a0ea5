package io.cairn.replication.internal.store;

import io.cairn.replication.Extent;
import io.cairn.replication.Extent.Home;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// How many bytes of live extents each file holds: a file without any can be given back. Changed by applying batches and kept in
/// rows beside them: key `F`, home byte, u64 file; value i64 live bytes, or [#KEPT]. Guarded by its own monitor.
///
/// A count below nothing means that an engine gave up an extent twice, so the file may hold others that are alive. The batch is durable
/// already and must be applied at every replay: the file is kept for ever instead.
public final class LiveBytes {
    private static final Logger LOG = LoggerFactory.getLogger(LiveBytes.class);
    /// The count of a file that is never given back.
    static final long KEPT = -1;

    /// A file as extents name it.
    public record FileKey(Home home, long number) {
        public static FileKey of(Extent extent) {
            return new FileKey(extent.home(), extent.file());
        }
    }

    private final Map<FileKey, Long> live = new HashMap<>();

    static byte[] encodeKey(FileKey key) {
        return ByteBuffer.allocate(10).put((byte) 'F').put((byte) key.home.ordinal()).putLong(key.number).array();
    }

    static FileKey decodeKey(byte[] key) {
        var in = ByteBuffer.wrap(key);
        return new FileKey(Home.values()[in.get(1)], in.getLong(2));
    }

    static byte[] encodeValue(long bytes) {
        return ByteBuffer.allocate(8).putLong(bytes).array();
    }

    static long decodeValue(byte[] value) {
        return ByteBuffer.wrap(value).getLong();
    }

    /// Counts bytes of an extent in or out and returns what its file holds then.
    synchronized long add(Extent extent, long change) {
        var key = FileKey.of(extent);
        long before = live.getOrDefault(key, 0L);
        if (before == KEPT)
            return KEPT;
        long bytes = before + change;
        if (bytes < 0) {
            LOG.error("{} was given up twice: its file is kept from now on", extent);
            bytes = KEPT;
        }
        if (bytes == 0)
            live.remove(key);
        else
            live.put(key, bytes);
        return bytes;
    }

    synchronized void load(FileKey key, long bytes) {
        live.put(key, bytes);
    }

    public synchronized boolean contains(Home home, long number) {
        return live.containsKey(new FileKey(home, number));
    }

    /// Live bytes by file, as of now.
    public synchronized Map<FileKey, Long> snapshot() {
        return Map.copyOf(live);
    }
}
