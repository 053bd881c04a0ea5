package io.cairn.replication.internal.batch;

import io.cairn.replication.Batch;
import io.cairn.replication.Extent;
import io.cairn.replication.Group;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/// One log entry, version 1, little-endian. Never changes; a later form gets a later version.
///
///     offset  bytes  field
///          0      4  magic       "CBT1"
///          4      1  version     1
///          5      1  engine      [io.cairn.replication.Engine#id]
///          6      1  flags       1: the operations of its one part lie in an extent
///          7      1  zero
///          8      4  group
///         12      4  part count, 1 or more
///         16      8  epoch
///         24      8  sequence of the first part within the epoch, from 1; the others follow without a gap
///         32      8  stamp of the first part
///         40         parts
///        end      4  crc32c of all before
///
///     part
///          0     16  request id, zero for none
///         16      8  stamp, above that of the part before
///         24      4  how many operations change the store
///         28      4  length of the operations
///         32      4  slot count
///         36    4*n  slots: offsets into the operations of 8 bytes that hold the stamp; top bit: its complement
///                    operations, in the layout of [Batch]; with flag 1 instead: extent address, u32 crc32c of the operations
///
/// Why RocksDB's record layout: applying is one native call on bytes that are copied, not decoded.
public final class EntryFormat {
    static final int MAGIC = 'C' | 'B' << 8 | 'T' << 16 | '1' << 24;
    public static final int VERSION = 1;
    public static final int HEADER_BYTES = 40;
    public static final int PART_HEADER_BYTES = 36;
    private static final int FLAG_BULK = 1;

    private EntryFormat() {}

    /// A part, its operations inside the entry or in an extent.
    ///
    /// @param operations in the layout of [Batch]; empty when `bulk` is given
    public record Part(UUID requestId, long stamp, int count, int[] slots, ByteBuffer operations,
            @org.jspecify.annotations.Nullable Bulk bulk) {}

    /// Where a large batch lies.
    public record Bulk(Extent extent, int crc32c) {}

    public record Entry(int engine, int group, long epoch, long sequence, List<Part> parts) {}

    /// How long the entry of one inline batch is.
    public static int length(Batch.Sealed batch) {
        return HEADER_BYTES + PART_HEADER_BYTES + 4 * batch.slots().length + batch.length() + 4;
    }

    /// How long the entry of one batch in an extent is.
    public static int bulkLength(Batch.Sealed batch, Bulk bulk) {
        return HEADER_BYTES + PART_HEADER_BYTES + 4 * batch.slots().length + encodedLength(bulk.extent()) + 4 + 4;
    }

    /// Writes the entry of one batch, whose slots are filled, at the buffer's position.
    public static void encode(Group group, long epoch, long sequence, long stamp, Batch.Sealed batch,
            @org.jspecify.annotations.Nullable Bulk bulk, ByteBuffer into) {
        into.order(ByteOrder.LITTLE_ENDIAN);
        int start = into.position();
        into.putInt(MAGIC).put((byte) VERSION).put((byte) group.engine().id());
        into.put((byte) (bulk == null ? 0 : FLAG_BULK)).put((byte) 0);
        into.putInt(group.number()).putInt(1).putLong(epoch).putLong(sequence).putLong(stamp);
        into.putLong(batch.requestId().getMostSignificantBits()).putLong(batch.requestId().getLeastSignificantBits());
        into.putLong(stamp).putInt(batch.count());
        into.putInt(bulk == null ? batch.length() : encodedLength(bulk.extent()) + 4);
        into.putInt(batch.slots().length);
        for (int slot : batch.slots())
            into.putInt(slot);
        if (bulk == null)
            into.put(batch.operations(), 0, batch.length());
        else {
            bulk.extent().encode(into);
            into.putInt(bulk.crc32c());
        }
        into.putInt(crc32c(into, start, into.position()));
    }

    /// Reads an entry that fills `bytes`. `IllegalArgumentException` says what is wrong with it.
    public static Entry decode(ByteBuffer bytes) {
        var in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int start = in.position();
        int end = in.limit() - 4;
        if (end - start < HEADER_BYTES + PART_HEADER_BYTES)
            throw new IllegalArgumentException("entry of " + in.remaining() + " bytes is too short");
        if (in.getInt(start) != MAGIC)
            throw new IllegalArgumentException("entry does not begin with CBT1");
        if (in.getInt(end) != crc32c(in, start, end))
            throw new IllegalArgumentException("entry does not match its crc32c");
        if (in.get(start + 4) != VERSION)
            throw new IllegalArgumentException(
                    "entry of version " + in.get(start + 4) + "; this program knows version " + VERSION);
        int engine = in.get(start + 5) & 0xFF;
        boolean bulk = in.get(start + 6) == FLAG_BULK;
        int group = in.getInt(start + 8);
        int count = in.getInt(start + 12);
        long epoch = in.getLong(start + 16);
        long sequence = in.getLong(start + 24);
        in.position(start + HEADER_BYTES);
        in.limit(end);
        var parts = new ArrayList<Part>();
        try {
            for (int i = 0; i < count; i++)
                parts.add(decodePart(in, bulk));
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("entry ends inside a part", e);
        }
        if (in.hasRemaining() || parts.isEmpty())
            throw new IllegalArgumentException("entry has " + in.remaining() + " bytes behind its " + count + " parts");
        return new Entry(engine, group, epoch, sequence, parts);
    }

    private static Part decodePart(ByteBuffer in, boolean bulk) {
        var requestId = new UUID(in.getLong(), in.getLong());
        long stamp = in.getLong();
        int count = in.getInt();
        int length = in.getInt();
        int slotCount = in.getInt();
        if (slotCount < 0 || slotCount > in.remaining() / 4)
            throw new IllegalArgumentException("part says it has " + slotCount + " slots");
        var slots = new int[slotCount];
        for (int i = 0; i < slots.length; i++)
            slots[i] = in.getInt();
        var operations = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + length);
        if (!bulk)
            return new Part(requestId, stamp, count, slots, operations, null);
        var extent = Extent.decode(operations);
        return new Part(requestId, stamp, count, slots, ByteBuffer.allocate(0), new Bulk(extent, operations.getInt()));
    }

    private static int encodedLength(Extent extent) {
        var scratch = ByteBuffer.allocate(Extent.MAX_ENCODED_BYTES);
        extent.encode(scratch);
        return scratch.position();
    }

    static int crc32c(ByteBuffer buffer, int from, int to) {
        var crc = new CRC32C();
        crc.update(buffer.slice(from, to - from));
        return (int) crc.getValue();
    }
}
