package io.cairn.block.internal.row;

import io.cairn.replication.Varint;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// What happened to the block maps, in order, since the last checkpoint. A row has any number of these, version 1:
///
///     u8 kind, then varints in the order of the record; an address is a u64
///
/// Volumes and versions go by number.
public sealed interface Note {
    /// Blocks lie in a row from an address on.
    record Write(int volume, long block, int count, long address) implements Note {}

    /// Blocks hold nothing: `value` is that of the map.
    record Clear(int volume, long block, long count, int value) implements Note {}

    /// @param encrypted says the kind
    record Create(int volume, long blocks, boolean encrypted) implements Note {}

    record Snapshot(int volume) implements Note {}

    /// A volume begins as a snapshot's version.
    record Clone(int version, int volume) implements Note {}

    record Grow(int volume, long blocks) implements Note {}

    /// The most that one takes.
    int MAX_BYTES = 1 + 4 * Varint.MAX_BYTES;

    default void encode(ByteBuffer out) {
        switch (this) {
            case Write(int volume, long block, int count, long address) -> {
                varints(out, 1, volume, block, count);
                out.putLong(address);
            }
            case Clear(int volume, long block, long count, int value) -> varints(out, 2, volume, block, count, value);
            case Create(int volume, long blocks, boolean encrypted) -> varints(out, encrypted ? 7 : 3, volume, blocks);
            case Snapshot(int volume) -> varints(out, 4, volume);
            case Clone(int version, int volume) -> varints(out, 5, version, volume);
            case Grow(int volume, long blocks) -> varints(out, 6, volume, blocks);
        }
    }

    private static void varints(ByteBuffer out, int kind, long... values) {
        out.put((byte) kind);
        for (long value : values)
            Varint.put(out, value);
    }

    /// Reads a row. `IllegalArgumentException` when it is none.
    static void decode(byte[] row, Consumer<Note> sink) {
        var in = ByteBuffer.wrap(row);
        try {
            while (in.hasRemaining())
                sink.accept(one(in));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("notes end inside one", e);
        }
    }

    private static Note one(ByteBuffer in) {
        int kind = in.get();
        return switch (kind) {
            case 1 -> new Write(number(in), Varint.get(in), number(in), in.getLong());
            case 2 -> new Clear(number(in), Varint.get(in), Varint.get(in), number(in));
            case 3 -> new Create(number(in), Varint.get(in), false);
            case 4 -> new Snapshot(number(in));
            case 5 -> new Clone(number(in), number(in));
            case 6 -> new Grow(number(in), Varint.get(in));
            case 7 -> new Create(number(in), Varint.get(in), true);
            default -> throw new IllegalArgumentException("unknown note " + kind);
        };
    }

    private static int number(ByteBuffer in) {
        return Math.toIntExact(Varint.get(in));
    }
}
