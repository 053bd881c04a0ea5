package io.cairn.replication.internal.batch;

import io.cairn.replication.Extent;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.LogReader.Operation;
import io.cairn.replication.Varint;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Reads operations back from the layout of [io.cairn.replication.Batch]. Needed for replay, tails and tests; live batches carry
/// what they did beside their bytes.
public final class Operations {
    private Operations() {}

    /// `IllegalArgumentException` when the bytes are not operations.
    public static List<Operation> parse(ByteBuffer bytes) {
        var in = bytes.duplicate();
        var operations = new ArrayList<Operation>();
        try {
            while (in.hasRemaining())
                operations.add(one(in));
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("operations end inside a record", e);
        }
        return operations;
    }

    private static Operation one(ByteBuffer in) {
        int tag = in.get();
        return switch (tag) {
            case 5 -> new Operation.Put(space(in), bytes(in), bytes(in));
            case 4 -> new Operation.Delete(space(in), bytes(in));
            case 14 -> new Operation.DeleteRange(space(in), bytes(in), bytes(in));
            case 3 -> other(bytes(in));
            default -> throw new IllegalArgumentException("unknown operation " + tag);
        };
    }

    private static Operation other(byte[] payload) {
        var rest = ByteBuffer.wrap(payload, 1, payload.length - 1);
        return switch (payload[0]) {
            case 'N' -> {
                var note = new byte[rest.remaining()];
                rest.get(note);
                yield new Operation.Note(note);
            }
            case 'A' -> new Operation.AddExtent(Extent.decode(rest), false);
            case 'B' -> new Operation.AddExtent(Extent.decode(rest), true);
            case 'D' -> new Operation.DropExtent(Extent.decode(rest));
            case 'E' -> pieces(rest);
            default -> throw new IllegalArgumentException("unknown operation kind " + payload[0]);
        };
    }

    private static Operation pieces(ByteBuffer in) {
        long fileAndHome = Varint.get(in);
        return new Operation.DropPieces(Home.values()[(int) fileAndHome & 1], fileAndHome >>> 1, Math.toIntExact(Varint.get(in)));
    }

    private static int space(ByteBuffer in) {
        return Math.toIntExact(Varint.get(in)) - 1;
    }

    private static byte[] bytes(ByteBuffer in) {
        long length = Varint.get(in);
        if (length > in.remaining())
            throw new IllegalArgumentException("operation says " + length + " bytes, there are " + in.remaining());
        var bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }
}
