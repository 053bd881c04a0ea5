package io.cairn.replication.internal.store;

import java.nio.ByteBuffer;

/// How far the store has come: the last entry in it, and where the next one begins in the log. Written with every group of batches,
/// so that rows and position can never disagree; its last flushed value is the durable index.
///
/// Row `applied` of the first column family, 48 bytes big-endian: index, epoch, sequence, stamp, log file, offset.
public record AppliedState(long index, long epoch, long sequence, long stamp, long file, long offset) {
    public static final AppliedState NOTHING = new AppliedState(0, 0, 0, 0, 0, 0);
    static final int BYTES = 48;

    byte[] encode() {
        return ByteBuffer.allocate(BYTES).putLong(index).putLong(epoch).putLong(sequence).putLong(stamp).putLong(file)
                .putLong(offset).array();
    }

    static AppliedState decode(byte[] bytes) {
        if (bytes.length != BYTES)
            throw new IllegalArgumentException("applied state of " + bytes.length + " bytes");
        var in = ByteBuffer.wrap(bytes);
        return new AppliedState(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }
}
