package io.cairn.bench.volumes;

import io.cairn.bench.match.Contestant;
import io.cairn.bench.score.Entrant;
import java.io.IOException;
import java.nio.ByteBuffer;

/// A volume of some size with some snapshots, of which more are to be taken. One thread.
abstract class SnapshotTarget implements Contestant {
    private static final int BLOCK = 4096;
    private static final String DURABILITY = "a snapshot is on disk (fdatasync) before it is answered";

    /// @param snapshots that the volume has already
    record Shape(long bytes, int snapshots) {
        String name() {
            return "%s with %,d snapshot%s".formatted(bytes >= 1L << 40 ? (bytes >> 40) + " TiB" : (bytes >> 30) + " GiB",
                    snapshots,
                    snapshots == 1 ? "" : "s");
        }

        /// Where the `index`th of `count` blocks lies that are spread over the volume.
        long offset(long index, int count) {
            return bytes / count / BLOCK * BLOCK * (index % count);
        }
    }

    /// What a round needs, set up outside its timed part.
    interface Session extends AutoCloseable {
        void write(long offset, byte[] block) throws IOException;

        /// Returns the snapshot's id.
        String snapshot() throws IOException;

        byte[] read(String snapshot, long offset) throws IOException;

        void delete(String snapshot) throws IOException;

        @Override
        void close() throws IOException;
    }

    private final Shape shape;
    private final String how;
    private boolean grown;

    SnapshotTarget(Shape shape, String how) {
        this.shape = shape;
        this.how = how;
    }

    final Shape shape() {
        return shape;
    }

    abstract Session open() throws IOException;

    /// Gives the volume its blocks and its snapshots, each a little different, once.
    ///
    /// @param blocks written, spread over the volume
    final void grow(int blocks) throws IOException {
        if (grown)
            return;
        try (var session = open()) {
            for (int i = 0; i < blocks; i++)
                session.write(shape.offset(i, blocks), block(i));
            for (int i = 0; i < shape.snapshots; i++) {
                session.write(shape.offset(i * 7L, blocks), block(-i));
                session.snapshot();
            }
        }
        grown = true;
    }

    /// A block that says its number.
    static byte[] block(long number) {
        var block = ByteBuffer.allocate(BLOCK);
        while (block.hasRemaining())
            block.putLong(number);
        return block.array();
    }

    @Override
    public Entrant entrant() {
        return new Entrant(shape.name(), "of this checkout", DURABILITY, how);
    }
}
