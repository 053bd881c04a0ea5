package io.cairn.replication.internal.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.replication.Batch;
import io.cairn.replication.Engine;
import io.cairn.replication.Extent;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.Group;
import io.cairn.replication.LogReader.Operation;
import io.cairn.replication.Space;
import io.cairn.replication.testkit.Golden;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class EntryFormatTest {
    enum Rows implements Space {
        LEFT, RIGHT
    }

    private static final Group GROUP = new Group(Engine.TEST, 7, List.of(Rows.values()));
    private static final UUID REQUEST = new UUID(0x0102030405060708L, 0x1112131415161718L);
    private static final Extent IN_LOG = new Extent(Home.LOG, 0x300000, 4192, 70_000);
    private static final Extent OWN = new Extent(Home.OWN_FILE, 0x300001, 64, 300_000);
    private static final long STAMP = 1_700_000_000_123_456L;

    private static Batch.Sealed batch() {
        var sealed = new Batch().requestId(REQUEST).put(Rows.LEFT, new byte[10], new byte[9], Batch.Slot.inKeyInverted(1),
                Batch.Slot.inValue(1)).delete(Rows.RIGHT, new byte[]{1}).deleteRange(Rows.RIGHT, new byte[]{2}, new byte[]{3})
                .note(new byte[]{4, 5}).addExtent(IN_LOG).dropExtent(OWN).seal();
        sealed.fill(STAMP);
        return sealed;
    }

    private static byte[] inline() {
        var batch = batch();
        var out = ByteBuffer.allocate(EntryFormat.length(batch));
        EntryFormat.encode(GROUP, 5, 6, STAMP, batch, null, out);
        assertEquals(0, out.remaining());
        return out.array();
    }

    private static byte[] bulk() {
        var batch = batch();
        var bulk = new EntryFormat.Bulk(OWN, 0xCAFEBABE);
        var out = ByteBuffer.allocate(EntryFormat.bulkLength(batch, bulk));
        EntryFormat.encode(GROUP, 5, 6, STAMP, batch, bulk, out);
        assertEquals(0, out.remaining());
        return out.array();
    }

    @Test
    void goldenInlineEntry() {
        var entry = EntryFormat.decode(ByteBuffer.wrap(Golden.require("entry-v1-inline", inline())));
        assertEquals(List.of(255, 7, 5L, 6L),
                List.of(entry.engine(), entry.group(), entry.epoch(), entry.sequence()));
        var part = entry.parts().getFirst();
        assertEquals(STAMP, part.stamp());
        assertEquals(REQUEST, part.requestId());
        assertNull(part.bulk());
        assertEquals(3, part.count());
        assertArrayEquals(batch().slots(), part.slots());
        var operations = Operations.parse(part.operations());
        assertEquals(6, operations.size());
        var put = (Operation.Put) operations.getFirst();
        assertEquals(~STAMP, ByteBuffer.wrap(put.key()).getLong(1));
        assertEquals(STAMP, ByteBuffer.wrap(put.value()).getLong(1));
        assertTrue(operations.get(4) instanceof Operation.AddExtent(var extent, _) && extent.equals(IN_LOG));
        assertTrue(operations.get(5) instanceof Operation.DropExtent(var extent) && extent.equals(OWN));
    }

    @Test
    void goldenBulkEntry() {
        var part = EntryFormat.decode(ByteBuffer.wrap(Golden.require("entry-v1-bulk", bulk()))).parts().getFirst();
        assertEquals(new EntryFormat.Bulk(OWN, 0xCAFEBABE), part.bulk());
        assertArrayEquals(batch().slots(), part.slots());
        assertEquals(0, part.operations().remaining());
    }

    @Test
    void goldenPieces() {
        var batch = new Batch().addDivided(IN_LOG).dropPieces(Home.LOG, 0x300000, 8224).dropPieces(Home.OWN_FILE, 0x300001, 1)
                .seal();
        var bytes = Arrays.copyOf(batch.operations(), batch.length());
        var operations = Operations.parse(ByteBuffer.wrap(Golden.require("operations-v1-pieces", bytes)));
        assertEquals(List.of(new Operation.AddExtent(IN_LOG, true), new Operation.DropPieces(Home.LOG, 0x300000, 8224),
                new Operation.DropPieces(Home.OWN_FILE, 0x300001, 1)), operations);
    }

    @Test
    void goldenExtentAddress() {
        var out = ByteBuffer.allocate(Extent.MAX_ENCODED_BYTES);
        OWN.encode(out);
        var bytes = Arrays.copyOf(out.array(), out.position());
        assertEquals(OWN, Extent.decode(ByteBuffer.wrap(Golden.require("extent-address-v1", bytes))));
    }

    @Test
    void anyFlippedOrMissingByteIsRefused() {
        for (var whole : List.of(inline(), bulk())) {
            for (int at = 0; at < whole.length; at++) {
                var damaged = whole.clone();
                damaged[at] ^= 0x10;
                assertThrows(IllegalArgumentException.class, () -> EntryFormat.decode(ByteBuffer.wrap(damaged)), "byte " + at);
                var shorter = Arrays.copyOf(whole, at);
                assertThrows(IllegalArgumentException.class, () -> EntryFormat.decode(ByteBuffer.wrap(shorter)), "cut at " + at);
            }
        }
    }
}
