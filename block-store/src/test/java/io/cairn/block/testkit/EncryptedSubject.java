package io.cairn.block.testkit;

import io.cairn.block.BlockStore;
import io.cairn.block.Snapshot;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.VolumeType;
import java.util.function.UnaryOperator;

/// A store whose volumes are all encrypted, though nobody asks for that, nor is told: so what holds of plain volumes must hold of these. The store has to be opened
/// with keys.
public final class EncryptedSubject implements BlockSubject {
    private final BlockSubject subject;

    public EncryptedSubject(BlockSubject subject) {
        this.subject = subject;
    }

    private static final class Encrypting extends ForwardingBlockStore {
        Encrypting(BlockStore right) {
            super(right);
        }

        private static VolumeDefinition asked(VolumeDefinition definition) {
            return definition.withEncryption(definition.type() != VolumeType.EPHEMERAL);
        }

        @Override
        Volume create(VolumeDefinition definition) {
            return right.createVolume(asked(definition));
        }

        @Override
        Volume clone(VolumeDefinition definition, Snapshot from) {
            var clone = right.createVolume(definition, from);
            if (!clone.encrypted() || !from.encrypted())
                throw new AssertionError("a clone of an encrypted volume is not: " + clone.id());
            return clone;
        }

        @Override
        VolumeDefinition definition(Volume volume) {
            return volume.definition().withEncryption(false);
        }

        @Override
        void alter(Volume volume, UnaryOperator<VolumeDefinition> change) {
            volume.alter(definition -> asked(change.apply(definition.withEncryption(false))));
        }
    }

    private static BlockStore right(BlockStore store) {
        return ((ForwardingBlockStore) store).right;
    }

    @Override
    public BlockStore open() {
        return new Encrypting(subject.open());
    }

    @Override
    public void cutAfter(int operations) {
        subject.cutAfter(operations);
    }

    @Override
    public void crash(BlockStore store) {
        subject.crash(right(store));
    }

    @Override
    public void tend(BlockStore store) {
        subject.tend(right(store));
    }

    @Override
    public void clean(BlockStore store) {
        subject.clean(right(store));
    }

    @Override
    public void checkInside(BlockStore store) {
        subject.checkInside(right(store));
    }

    @Override
    public int atomicBlocks() {
        return subject.atomicBlocks();
    }

    @Override
    public void close() {
        subject.close();
    }
}
