package io.cairn.block.internal.row;

import io.cairn.replication.Varint;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// A data key: varints version 1, number of the volume that is the encryption root, its id; length of the wrapped key, and the wrapped key.
///
/// @param number that blocks name it by
/// @param root number of the volume whose blocks, and those of what was made of it, are encrypted with it
/// @param rootId that it is wrapped for; the volume may be gone
public record DataKeyRow(int number, int root, String rootId, byte[] wrapped) {
    private static final byte PREFIX = 4;

    public byte[] key() {
        return key(number);
    }

    public static byte[] key(int number) {
        return ByteBuffer.allocate(5).put(PREFIX).putInt(number).array();
    }

    public static boolean isDataKey(byte[] key) {
        return key[0] == PREFIX;
    }

    public byte[] encode() {
        return new Fields().number(1).number(root).text(rootId).bytes(wrapped).row();
    }

    public static DataKeyRow decode(byte[] key, byte[] row) {
        var in = ByteBuffer.wrap(row);
        VolumeRow.requireVersion(in, "data key");
        int root = Math.toIntExact(Varint.get(in));
        var id = Fields.text(in);
        int length = Math.toIntExact(Varint.get(in));
        if (length != in.remaining())
            throw new BufferUnderflowException();
        var wrapped = new byte[length];
        in.get(wrapped);
        return new DataKeyRow(ByteBuffer.wrap(key).getInt(1), root, id, wrapped);
    }
}
