package io.cairn.block.internal.engine;

import io.cairn.block.internal.block.BlockFormat;
import io.cairn.block.internal.encryption.BlockCipher;
import io.cairn.block.internal.map.BlockMaps;
import io.cairn.replication.Extent;
import io.cairn.replication.PlacedPayload;
import java.nio.ByteBuffer;

/// Blocks that are encrypted from memory straight into the log's buffer, once it is known where they will lie. What stands in memory stays plain, so that reads
/// find it there until it is written.
///
/// @param framed each behind the room of a [BlockFormat] header
/// @param block the first
record EncryptedBlocks(ByteBuffer framed, long block, int count, BlockCipher cipher) implements PlacedPayload {
    @Override
    public void writeTo(Extent at, ByteBuffer into) {
        long address = at.address();
        for (int i = 0; i < count; i++)
            cipher.encrypt(framed, i * BlockFormat.BYTES + BlockFormat.HEADER_BYTES, address + i * BlockMaps.STEP, block + i,
                    into);
    }
}
