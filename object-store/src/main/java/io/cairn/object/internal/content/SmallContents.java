package io.cairn.object.internal.content;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.cairn.replication.Extent;
import io.cairn.replication.ReplicatedLog;
import org.jspecify.annotations.Nullable;

/// Bytes of small contents that were read of late, checked. An extent's bytes never change and its address never comes to mean others, so
/// nothing here is ever wrong; what is not used goes (W-TinyLFU: Einziger, Friedman, Manes, "TinyLFU: A Highly Efficient Cache Admission
/// Policy", 2017). Any thread.
///
/// Bound: [#MAX_BYTES], or a sixteenth of the heap where that is less, each entry counted with [#ENTRY_BYTES] beside its bytes.
public final class SmallContents {
    /// Larger ones are sent by the kernel from their files.
    public static final int MAX_CONTENT_BYTES = 16 << 10;
    static final long MAX_BYTES = 256L << 20;
    /// What an entry takes beside its bytes, about.
    private static final int ENTRY_BYTES = 128;

    private final Cache<Extent, byte[]> contents = Caffeine.newBuilder()
            .maximumWeight(Math.min(MAX_BYTES, Runtime.getRuntime().maxMemory() / 16)).executor(Runnable::run)
            .weigher((Extent extent, byte[] bytes) -> bytes.length + ENTRY_BYTES).build();

    /// The bytes, if they are here. Never blocks.
    public byte @Nullable [] get(Extent extent) {
        return contents.getIfPresent(extent);
    }

    /// The bytes, from the disk if they are not here. The caller holds a pin. Null when the extent's file is gone.
    /// [io.cairn.replication.CorruptLogException] names what is wrong with them.
    public byte @Nullable [] read(ReplicatedLog log, Extent extent) {
        var there = contents.getIfPresent(extent);
        if (there != null)
            return there;
        try (var content = log.open(extent)) {
            if (content == null)
                return null;
            var read = content.read(0, extent.length());
            var bytes = new byte[read.remaining()];
            read.get(bytes);
            contents.put(extent, bytes);
            return bytes;
        }
    }
}
