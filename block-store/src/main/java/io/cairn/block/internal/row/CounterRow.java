package io.cairn.block.internal.row;

import io.cairn.replication.Varint;
import java.nio.ByteBuffer;

/// What the block maps number next, as of the last checkpoint: varints version 1, node, version.
public record CounterRow(long nextNode, int nextVersion) {
    private static final byte[] KEY = {0};

    public static byte[] key() {
        return KEY.clone();
    }

    public static boolean isCounters(byte[] key) {
        return key[0] == KEY[0];
    }

    public byte[] encode() {
        return new Fields().number(1).number(nextNode).number(nextVersion).row();
    }

    public static CounterRow decode(byte[] row) {
        var in = ByteBuffer.wrap(row);
        VolumeRow.requireVersion(in, "counter");
        return new CounterRow(Varint.get(in), Math.toIntExact(Varint.get(in)));
    }
}
