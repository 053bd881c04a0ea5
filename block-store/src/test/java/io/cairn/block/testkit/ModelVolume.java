package io.cairn.block.testkit;

import io.cairn.block.BlockRefusedException;
import io.cairn.block.Reason;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.VolumeType;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

/// A volume of the model.
final class ModelVolume extends ModelDevice implements Volume {
    private VolumeDefinition definition;

    ModelVolume(ModelBlockStore store, String id, Instant created, VolumeDefinition definition, ModelBlocks blocks) {
        super(store, id, created, blocks);
        this.definition = definition;
    }

    @Override
    public VolumeType type() {
        return definition().type();
    }

    @Override
    public boolean encrypted() {
        return definition().encrypted();
    }

    @Override
    public Map<String, String> tags() {
        return definition().tags();
    }

    @Override
    public Map<String, String> attributes() {
        return definition().attributes();
    }

    @Override
    public VolumeDefinition definition() {
        synchronized (store) {
            return definition;
        }
    }

    private CompletableFuture<Void> change(Change change) {
        synchronized (store) {
            requireBytes(change.offset(), change.length());
            if (change.length() > 0) {
                requireThere();
                store.change(this, change);
            }
            return DONE;
        }
    }

    @Override
    public CompletableFuture<Void> write(long offset, ByteBuffer... from) {
        synchronized (store) {
            var bytes = Joined.of(from);
            requireBytes(offset, bytes.remaining());
            for (var each : from)
                each.position(each.limit());
            var content = new byte[bytes.remaining()];
            bytes.get(content);
            return change(new Change.Write(id(), offset, content));
        }
    }

    @Override
    public CompletableFuture<Void> trim(long offset, long length) {
        return change(new Change.Trim(id(), offset, length));
    }

    @Override
    public CompletableFuture<Void> zero(long offset, long length) {
        return change(new Change.Zero(id(), offset, length));
    }

    @Override
    public CompletableFuture<Void> flush() {
        synchronized (store) {
            store.requireOpen();
            store.madeDurable();
            return DONE;
        }
    }

    @Override
    public Snapshot snapshot(SnapshotDefinition snapshotDefinition) {
        return store.snapshot(store.newId("snap-"), store.now(), this, snapshotDefinition);
    }

    @Override
    public void alter(UnaryOperator<VolumeDefinition> change) {
        synchronized (store) {
            requireThere();
            var changed = ModelBlockStore.checked(change.apply(definition));
            if (changed.sizeBytes() < blocks.sizeBytes())
                throw new BlockRefusedException(Reason.INVALID, "smaller than " + blocks.sizeBytes());
            if (changed.encrypted() != definition.encrypted())
                throw new BlockRefusedException(Reason.UNSUPPORTED, "encrypted from the beginning, or never");
            definition = changed;
            blocks.grow(changed.sizeBytes());
            store.madeDurable();
        }
    }

    @Override
    public void delete() {
        synchronized (store) {
            requireThere();
            store.remove(this);
        }
    }
}
