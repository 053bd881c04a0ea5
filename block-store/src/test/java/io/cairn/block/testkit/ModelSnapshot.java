package io.cairn.block.testkit;

import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import java.time.Instant;
import java.util.Map;
import java.util.function.UnaryOperator;

/// A snapshot of the model: a copy.
final class ModelSnapshot extends ModelDevice implements Snapshot {
    private final String volumeId;
    private final boolean encrypted;
    private SnapshotDefinition definition;

    ModelSnapshot(ModelBlockStore store, String id, Instant created, String volumeId, boolean encrypted,
            SnapshotDefinition definition, ModelBlocks blocks) {
        super(store, id, created, blocks);
        this.volumeId = volumeId;
        this.encrypted = encrypted;
        this.definition = definition;
    }

    SnapshotDefinition definition() {
        synchronized (store) {
            return definition;
        }
    }

    @Override
    public String volumeId() {
        return volumeId;
    }

    @Override
    public boolean encrypted() {
        return encrypted;
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
    public void alter(UnaryOperator<SnapshotDefinition> change) {
        synchronized (store) {
            requireThere();
            var changed = change.apply(definition);
            ModelBlockStore.checkTags(changed.tags());
            definition = changed;
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
