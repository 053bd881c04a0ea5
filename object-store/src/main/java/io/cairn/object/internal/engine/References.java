package io.cairn.object.internal.engine;

import io.cairn.object.internal.row.Content;
import io.cairn.object.internal.row.ObjectKeys;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.object.internal.row.PartRow;
import io.cairn.replication.Batch;
import io.cairn.replication.OrderedBytes;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.Varint;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// How many rows name a content: a copy takes over its source's, which goes with the last row that names it. A content without a row
/// in [ObjectSpace#SHARED] is named once.
///
/// A content that is named once can only be shared by who holds the latch of the one row's key, so nobody else asks. One that is
/// shared may be given up through several keys at once: its count is read and the change ordered under one lock, and counts that are ordered but
/// not yet applied stand in `ahead`. The lock is held for the ordering only, never for the disk.
final class References {
    private final ReplicatedLog log;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<ByteBuffer, Count> ahead = new ConcurrentHashMap<>();
    /// What the change under way has set, and what stood there before. Under the lock.
    private Map<ByteBuffer, @Nullable Count> replaced = new HashMap<>();

    /// Not a record: of two equal counts only the later one may be taken away by the later change.
    private static final class Count {
        final int rows;

        Count(int rows) {
            this.rows = rows;
        }
    }

    References(ReplicatedLog log) {
        this.log = log;
    }

    /// One more row names the content. The caller holds the latch of one that does.
    void share(Batch batch, Content content) {
        var key = key(content);
        if (key == null)
            return;
        enter();
        set(batch, key, rows(key) + 1);
    }

    /// One row less names the content; the last one gives up its extents and parts.
    void release(Batch batch, Content content) {
        var key = key(content);
        if (key != null && rows(key) > 1) {
            enter();
            int rows = rows(key);
            if (rows > 1) {
                set(batch, key, rows - 1);
                return;
            }
        }
        switch (content) {
            case Content.Inline _ -> {
            }
            case Content.Extents(var extents) -> extents.forEach(batch::dropExtent);
            case Content.Parts(long upload) -> releaseParts(batch, upload, Set.of());
        }
    }

    /// How many rows name the content. Whoever holds the latches of that many rows that name it knows that it stays so.
    int rows(Content content) {
        var key = key(content);
        return key == null ? 1 : rows(key);
    }

    /// All rows that name a content name another from now on. The caller holds the latches of all.
    void move(Batch batch, Content from, Content to) {
        var old = key(from);
        var renewed = key(to);
        if (old == null || renewed == null || Arrays.equals(old, renewed))
            return;
        int rows = rows(old);
        if (rows == 1)
            return;
        enter();
        set(batch, old, 1);
        set(batch, renewed, rows);
    }

    /// Gives up the parts of an upload, but those numbered in `kept`.
    void releaseParts(Batch batch, long upload, Set<Integer> kept) {
        try (var rows = log.store().scan(ObjectSpace.PARTS, ObjectKeys.parts(upload))) {
            for (rows.seekToFirst(); rows.valid(); rows.next()) {
                var key = rows.key();
                if (kept.contains(OrderedBytes.u32(key, 8)))
                    continue;
                release(batch, PartRow.decode(rows.value()).content());
                batch.delete(ObjectSpace.PARTS, key);
            }
        }
    }

    /// Ends the evaluation of a change that was ordered: called by the thread that evaluated it, in any case once it is.
    void ordered(CompletableFuture<?> applied) {
        if (!lock.isHeldByCurrentThread())
            return;
        var set = replaced;
        replaced = new HashMap<>();
        set.replaceAll((key, _) -> ahead.get(key));
        lock.unlock();
        var _ = applied.whenComplete((_, _) -> set.forEach((key, count) -> {
            if (count != null)
                ahead.remove(key, count);
        }));
    }

    /// Ends the evaluation of a change that was not ordered.
    void abandoned() {
        if (!lock.isHeldByCurrentThread())
            return;
        replaced.forEach((key, count) -> {
            if (count == null)
                ahead.remove(key);
            else
                ahead.put(key, count);
        });
        replaced = new HashMap<>();
        lock.unlock();
    }

    private void enter() {
        if (!lock.isHeldByCurrentThread())
            lock.lock();
    }

    private static byte @Nullable [] key(Content content) {
        return switch (content) {
            case Content.Inline _ -> null;
            case Content.Extents(var extents) -> ObjectKeys.shared(extents.getFirst());
            case Content.Parts(long upload) -> ObjectKeys.shared(upload);
        };
    }

    private int rows(byte[] key) {
        // In this order: a count leaves `ahead` only when the store has it.
        var count = ahead.get(ByteBuffer.wrap(key));
        if (count != null)
            return count.rows;
        var stored = log.store().get(ObjectSpace.SHARED, key);
        return stored == null ? 1 : (int) Varint.get(ByteBuffer.wrap(stored));
    }

    private void set(Batch batch, byte[] key, int rows) {
        var count = new Count(rows);
        var place = ByteBuffer.wrap(key);
        var before = ahead.put(place, count);
        // Not putIfAbsent: it takes a null for absent, and would remember this change's own count when it sets one twice.
        if (!replaced.containsKey(place))
            replaced.put(place, before);
        if (rows == 1) {
            batch.delete(ObjectSpace.SHARED, key);
            return;
        }
        var value = new byte[Varint.MAX_BYTES];
        batch.put(ObjectSpace.SHARED, key, Arrays.copyOf(value, Varint.put(value, 0, rows)));
    }
}
