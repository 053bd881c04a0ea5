package io.cairn.block.testkit;

import static io.cairn.block.BlockDevice.BLOCK_BYTES;

import io.cairn.block.testkit.ModelBlocks.Block;

/// A change of a volume's bytes, which a crash may undo until it is flushed.
sealed interface Change {
    String volume();

    long offset();

    /// At least 1.
    long length();

    void apply(ModelBlocks blocks);

    record Write(String volume, long offset, byte[] bytes) implements Change {
        @Override
        public long length() {
            return bytes.length;
        }

        @Override
        public void apply(ModelBlocks blocks) {
            blocks.write(offset, bytes);
        }
    }

    record Trim(String volume, long offset, long length) implements Change {
        @Override
        public void apply(ModelBlocks blocks) {
            blocks.clear(offset, length, Block.HOLE);
        }
    }

    record Zero(String volume, long offset, long length) implements Change {
        @Override
        public void apply(ModelBlocks blocks) {
            blocks.clear(offset, length, Block.ZERO);
        }
    }

    default long firstBlock() {
        return offset() / BLOCK_BYTES;
    }

    /// Behind the last one that it changes.
    default long endBlock() {
        return (offset() + length() + BLOCK_BYTES - 1) / BLOCK_BYTES;
    }

    /// Whether a crash leaves all of it or nothing, where so many whole blocks in a row are written so.
    default boolean isAtomic(int unitBlocks) {
        boolean whole = offset() % BLOCK_BYTES == 0 && length() % BLOCK_BYTES == 0;
        return endBlock() - firstBlock() <= (whole ? unitBlocks : 1);
    }
}
