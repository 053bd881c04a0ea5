package io.cairn.block.testkit;

import io.cairn.block.BlockStore;
import io.cairn.block.testkit.ModelBlocks.Block;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds out which of the states that a crash may leave a store is in: one prefix of the changes since the last flush, for all volumes together. Of the
/// change behind it any blocks may be there when it is larger than the atomic write unit, else none. The state of volumes as objects, and of snapshots,
/// is that before the crash.
final class Recovery {
    /// A block of a volume.
    private record Place(String volume, long block) {}

    private final ModelBlockStore before;
    private final List<Change> changes;
    private final int atomicBlocks;
    private final Map<String, ModelBlocks> prefix = new HashMap<>();
    /// What was found where it is not what was flushed.
    private final Map<Place, Block> found = new HashMap<>();
    /// Where what was found is not what the prefix says.
    private final Set<Place> wrong = new HashSet<>();

    private Recovery(ModelBlockStore before, @Nullable Change inFlight, int atomicBlocks) {
        this.before = before;
        this.atomicBlocks = atomicBlocks;
        changes = new ArrayList<>(before.changesSinceFlush());
        if (inFlight != null)
            changes.add(inFlight);
    }

    /// The model as the store was found; fails when that is nothing that a crash may leave.
    ///
    /// @param inFlight a change that was not answered
    static ModelBlockStore of(ModelBlockStore before, BlockStore store, @Nullable Change inFlight, int atomicBlocks) {
        Comparison.sameDevices(before, store);
        for (var device : before.devices())
            if (device instanceof ModelSnapshot)
                Comparison.same(device, store.snapshot(device.id()));
        return new Recovery(before, inFlight, atomicBlocks).find(store);
    }

    private ModelBlockStore find(BlockStore store) {
        for (var volume : before.volumes()) {
            var id = volume.id();
            prefix.put(id, before.durable(id).copy());
            Comparison.differences(before.durable(id), store.volume(id), (block, is) -> found.put(new Place(id, block), is));
        }
        wrong.addAll(found.keySet());
        for (var change : changes) {
            if (wrong.isEmpty() || isHalf(change))
                return before.afterCrash(prefix);
            carryOut(change);
        }
        if (wrong.isEmpty())
            return before.afterCrash(prefix);
        throw new AssertionError(
                "no prefix of " + changes.size() + " changes since the last flush: with all of them " + wrong.size()
                        + " blocks are wrong, as " + wrong.iterator().next());
    }

    private ModelBlocks blocks(String volume) {
        return Objects.requireNonNull(prefix.get(volume));
    }

    private boolean isAsFound(Place place, Block value) {
        // What is not told as different is as it was flushed.
        return found.getOrDefault(place, before.durable(place.volume).get(place.block)).is(value);
    }

    private void carryOut(Change change) {
        var blocks = blocks(change.volume());
        change.apply(blocks);
        for (long block = change.firstBlock(); block < change.endBlock(); block++) {
            var place = new Place(change.volume(), block);
            if (isAsFound(place, blocks.get(block)))
                wrong.remove(place);
            else
                wrong.add(place);
        }
    }

    /// Whether some blocks of it, and nothing else, make the prefix what was found; then they are in the prefix.
    private boolean isHalf(Change change) {
        if (change.isAtomic(atomicBlocks))
            return false;
        for (var place : wrong)
            if (!place.volume.equals(change.volume()) || place.block < change.firstBlock() || place.block >= change.endBlock())
                return false;
        var undone = blocks(change.volume());
        var after = undone.copy();
        change.apply(after);
        for (long block = change.firstBlock(); block < change.endBlock(); block++) {
            var place = new Place(change.volume(), block);
            if (isAsFound(place, undone.get(block)))
                after.set(block, undone.get(block));
            else if (!isAsFound(place, after.get(block)))
                return false;
        }
        prefix.put(change.volume(), after);
        return true;
    }
}
