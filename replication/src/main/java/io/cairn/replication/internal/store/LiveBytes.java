package io.cairn.replication.internal.store;

import io.cairn.replication.Extent;
import io.cairn.replication.Extent.Home;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/// How many bytes of live extents each file holds: a file without any can be given back. Changed by applying batches and kept in
/// rows beside them: key `F`, home byte, u64 file; value u64 live bytes. Guarded by its own monitor.
public final class LiveBytes {
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

    synchronized long add(Extent extent, int sign) {
        // An extent of no bytes still keeps its file, so that its header can be read: count one byte more for each.
        var key = FileKey.of(extent);
        long bytes = live.merge(key, sign * (extent.length() + 1L), Long::sum);
        if (bytes < 0)
            throw new IllegalStateException("batch drops an extent twice: " + extent);
        if (bytes == 0)
            live.remove(key);
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
