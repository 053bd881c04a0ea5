package io.cairn.replication;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;

/// A change to one group's store, all of it or nothing: bytes, with nothing left to decide. Built once, proposed once. Not thread-safe.
///
/// Operations are kept in RocksDB's own record layout (`db/write_batch.cc`), so that applying is one native call:
///
///     put           05 varint space+1, varint length + key, varint length + value
///     delete        04 varint space+1, varint length + key
///     delete range  0E varint space+1, varint length + from, varint length + to
///     other         03 varint length + kind byte + bytes       (RocksDB's log data: it skips it)
///
/// `other` is a note (`N`), an extent named (`A`) or given up (`D`), a divided extent named (`B`), or pieces of such given up (`E`: varint
/// file * 2 + home, varint bytes).
public final class Batch {
    /// A larger batch travels beside the log.
    public static final int MAX_INLINE_BYTES = 1 << 20;
    /// No batch is larger.
    public static final int MAX_BYTES = 64 << 20;
    public static final UUID NO_REQUEST = new UUID(0, 0);

    private static final int INVERTED = 1 << 31;
    private byte[] operations;
    private int length;
    private int count;
    private int[] slots = new int[2];
    private int slotCount;
    private UUID requestId = NO_REQUEST;
    private final List<Extent> added = new ArrayList<>(2);
    private final List<Extent> dropped = new ArrayList<>(2);
    private final List<Extent> divided = new ArrayList<>(0);
    private final List<Extent> pieces = new ArrayList<>(0);
    private final List<byte[]> notes = new ArrayList<>(0);
    private boolean sealed;

    public Batch() {
        this(512);
    }

    public Batch(int expectedBytes) {
        operations = new byte[Math.max(64, expectedBytes)];
    }

    /// A place of 8 bytes in a key or value that the log fills with the batch's stamp, big-endian. `inverted`: with its complement, so that newer sorts first.
    public record Slot(boolean inKey, int offset, boolean inverted) {
        public static Slot inKey(int offset) {
            return new Slot(true, offset, false);
        }

        public static Slot inKeyInverted(int offset) {
            return new Slot(true, offset, true);
        }

        public static Slot inValue(int offset) {
            return new Slot(false, offset, false);
        }
    }

    /// Names the request, so that a repetition can be told from a new one.
    public Batch requestId(UUID id) {
        requestId = id;
        return this;
    }

    public Batch put(Space space, byte[] key, byte[] value, Slot... stampSlots) {
        begin(5, space, key.length + value.length);
        int keyAt = bytes(key);
        int valueAt = bytes(value);
        for (var slot : stampSlots) {
            int within = slot.inKey() ? key.length : value.length;
            if (slot.offset() < 0 || slot.offset() > within - 8)
                throw new IllegalArgumentException("slot of 8 bytes does not fit: " + slot + " in " + within + " bytes");
            slot((slot.inKey() ? keyAt : valueAt) + slot.offset(), slot.inverted());
        }
        return this;
    }

    public Batch delete(Space space, byte[] key) {
        begin(4, space, key.length);
        bytes(key);
        return this;
    }

    /// Removes all keys from `from` (inclusive) to `to` (exclusive).
    public Batch deleteRange(Space space, byte[] from, byte[] to) {
        begin(14, space, from.length + to.length);
        bytes(from);
        bytes(to);
        return this;
    }

    /// Bytes for the engine's [CommitListener].
    public Batch note(byte[] note) {
        notes.add(note.clone());
        return other('N', note);
    }

    /// Names an extent: it is durable before this batch is, and its bytes are kept until a batch drops it.
    public Batch addExtent(Extent extent) {
        added.add(extent);
        return other('A', encoded(extent));
    }

    /// Gives up an extent that an earlier batch, or this one, named; nobody may have given it up before. A log that finds out that
    /// somebody had keeps the extent's file for ever.
    public Batch dropExtent(Extent extent) {
        dropped.add(extent);
        return other('D', encoded(extent));
    }

    /// Names an extent as [#addExtent] does that is given up piece by piece, by [#dropPieces], and never whole.
    public Batch addDivided(Extent extent) {
        if (extent.length() == 0)
            throw new IllegalArgumentException("an extent of no bytes has no pieces: " + extent);
        divided.add(extent);
        return other('B', encoded(extent));
    }

    /// Gives up so many bytes of the divided extents in a file: all together, as many as were named there. Nobody counts which, so whoever
    /// gives up a piece twice loses another's bytes.
    ///
    /// @param bytes 1 to [Extent#MAX_BYTES]
    public Batch dropPieces(Extent.Home home, long file, int bytes) {
        var piece = new Extent(home, file, 0, bytes);
        if (bytes == 0)
            throw new IllegalArgumentException("pieces of no bytes");
        pieces.add(piece);
        var payload = ByteBuffer.allocate(2 * Varint.MAX_BYTES);
        Varint.put(payload, file << 1 | home.ordinal());
        Varint.put(payload, bytes);
        return other('E', Arrays.copyOf(payload.array(), payload.position()));
    }

    /// The extents that it names whole.
    public List<Extent> added() {
        return List.copyOf(added);
    }

    /// Length of its operations as stored.
    public int bytes() {
        return length;
    }

    public boolean isEmpty() { return length == 0; }

    /// For logs: no more changes from here on. A batch is proposed once. `IllegalArgumentException` when it names or gives up an extent
    /// twice.
    public Sealed seal() {
        if (sealed)
            throw new IllegalStateException("a batch is proposed only once");
        requireDistinct(added, "names");
        requireDistinct(dropped, "gives up");
        requireDistinct(divided, "names");
        sealed = true;
        return new Sealed(requestId, operations, length, count, Arrays.copyOf(slots, slotCount), added, dropped, divided, pieces,
                notes);
    }

    /// A batch as logs handle it: `operations[0, length)`, of which `count` change the store; `slots` are offsets into it, the top
    /// bit set for inverted ones.
    public record Sealed(UUID requestId, byte[] operations, int length, int count, int[] slots, List<Extent> added,
            List<Extent> dropped, List<Extent> divided, List<Extent> pieces, List<byte[]> notes) {
        /// Writes the stamp into every slot.
        public void fill(long stamp) {
            for (int slot : slots) {
                long value = (slot & INVERTED) != 0 ? ~stamp : stamp;
                int at = slot & ~INVERTED;
                for (int shift = 56; shift >= 0; shift -= 8)
                    operations[at++] = (byte) (value >>> shift);
            }
        }
    }

    private static void requireDistinct(List<Extent> extents, String verb) {
        if (extents.size() > 1 && new HashSet<>(extents).size() < extents.size())
            throw new IllegalArgumentException("the batch " + verb + " an extent twice");
    }

    private static byte[] encoded(Extent extent) {
        var buffer = ByteBuffer.allocate(Extent.MAX_ENCODED_BYTES);
        extent.encode(buffer);
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private void begin(int tag, Space space, int payload) {
        reserve(payload + 1 + 3 * Varint.MAX_BYTES);
        operations[length++] = (byte) tag;
        length = Varint.put(operations, length, space.ordinal() + 1L);
        count++;
    }

    private Batch other(char kind, byte[] payload) {
        reserve(payload.length + 2 + Varint.MAX_BYTES);
        operations[length++] = 3;
        length = Varint.put(operations, length, payload.length + 1L);
        operations[length++] = (byte) kind;
        System.arraycopy(payload, 0, operations, length, payload.length);
        length += payload.length;
        return this;
    }

    private int bytes(byte[] value) {
        length = Varint.put(operations, length, value.length);
        int at = length;
        System.arraycopy(value, 0, operations, at, value.length);
        length += value.length;
        return at;
    }

    private void slot(int at, boolean inverted) {
        if (slotCount == slots.length)
            slots = Arrays.copyOf(slots, slotCount * 2);
        slots[slotCount++] = inverted ? at | INVERTED : at;
    }

    private void reserve(int more) {
        if (sealed)
            throw new IllegalStateException("this batch was proposed");
        long needed = (long) length + more;
        if (needed > MAX_BYTES)
            throw new IllegalArgumentException("a batch holds at most " + MAX_BYTES + " bytes");
        if (needed > operations.length)
            operations = Arrays.copyOf(operations, (int) Math.min(MAX_BYTES, Math.max(needed, operations.length * 2L)));
    }
}
