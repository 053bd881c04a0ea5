package io.cairn.block.testkit;

import io.cairn.block.Allocation;
import io.cairn.block.BlockDevice;
import io.cairn.block.BlockRefusedException;
import io.cairn.block.Reason;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/// What volumes and snapshots of the model share. Guarded by their store.
abstract class ModelDevice implements BlockDevice {
    static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);
    final ModelBlockStore store;
    private final String id;
    private final Instant created;
    ModelBlocks blocks;
    boolean deleted;

    ModelDevice(ModelBlockStore store, String id, Instant created, ModelBlocks blocks) {
        this.store = store;
        this.id = id;
        this.created = created;
        this.blocks = blocks;
    }

    void requireThere() {
        store.requireOpen();
        if (deleted)
            throw new BlockRefusedException(Reason.NOT_FOUND, id + " does not exist");
    }

    void requireBytes(long offset, long length) {
        Objects.checkFromIndexSize(offset, length, blocks.sizeBytes());
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Instant created() {
        return created;
    }

    @Override
    public long sizeBytes() {
        synchronized (store) {
            return blocks.sizeBytes();
        }
    }

    @Override
    public long storedBytes() {
        synchronized (store) {
            requireThere();
            return blocks.storedBytes();
        }
    }

    @Override
    public long uniqueBytes() {
        synchronized (store) {
            requireThere();
            var others = store.devices().stream().filter(other -> !other.id.equals(id)).map(other -> other.blocks).toList();
            return blocks.storedApartFrom(others);
        }
    }

    @Override
    public CompletableFuture<Void> read(long offset, ByteBuffer... into) {
        synchronized (store) {
            int length = Joined.of(into).remaining();
            requireBytes(offset, length);
            requireThere();
            Joined.divide(ByteBuffer.wrap(blocks.read(offset, length)), into);
            return DONE;
        }
    }

    @Override
    public List<Allocation> allocation(long offset, long length, int maxRuns) {
        synchronized (store) {
            requireBytes(offset, length);
            requireThere();
            return blocks.allocation(offset, length, maxRuns);
        }
    }
}
