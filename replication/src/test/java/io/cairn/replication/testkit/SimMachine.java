package io.cairn.replication.testkit;

import io.cairn.replication.Batch;
import io.cairn.replication.Extent;
import io.cairn.replication.Group;
import io.cairn.replication.LogReader.Operation;
import io.cairn.replication.Space;
import io.cairn.replication.internal.batch.EntryFormat;
import io.cairn.replication.internal.batch.Operations;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/// What of a simulated log outlives its process: entries, extents, the directory of its store. Single-threaded.
public final class SimMachine {
    /// Planted faults, each of which the contract must see.
    public enum Fault {
        /// A sync says that it is done and does nothing.
        SYNC_DROPPED,
        /// An entry can be durable before an extent that it names.
        POINTER_BEFORE_DATA,
        /// Power loss can leave half of a batch.
        TORN_BATCH,
        /// Power loss can leave half of a batch above 1 MiB.
        LARGE_BATCH_TORN,
        /// An entry of an earlier epoch is applied.
        STALE_EPOCH_ACCEPTED,
        /// An entry is applied although the one before it is missing.
        SEQUENCE_GAP_ACCEPTED
    }

    /// A record in its place: an encoded entry, or the bytes of an extent.
    sealed interface Item {
        record EntryItem(byte[] bytes) implements Item {}

        record ExtentItem(Extent extent, byte[] bytes) implements Item {}
    }

    final Path directory;
    final Group group;
    final SplittableRandom random;
    final Set<Fault> faults = EnumSet.noneOf(Fault.class);
    /// Written and not synced, in order.
    final List<Item> written = new ArrayList<>();
    final List<byte[]> entries = new ArrayList<>();
    final Map<Extent, byte[]> extents = new HashMap<>();
    final Map<Extent, byte[]> largeBatches = new HashMap<>();
    long epoch;
    long files;
    private long steps;
    private long stopAt = Long.MAX_VALUE;

    public SimMachine(Path directory, Group group, long seed, Fault... faults) {
        this.directory = directory;
        this.group = group;
        this.random = new SplittableRandom(seed);
        this.faults.addAll(List.of(faults));
    }

    /// Nothing more happens after `count` steps from now, until [#restart].
    public void stopAfter(int count) {
        stopAt = steps + count;
    }

    boolean stopped() {
        return steps >= stopAt;
    }

    void stop() {
        stopAt = steps;
    }

    void stepped() {
        steps++;
    }

    void sync() {
        if (faults.contains(Fault.SYNC_DROPPED))
            return;
        written.forEach(this::keep);
        written.clear();
    }

    /// Number of entries that are durable, or that the planted fault says are.
    int syncedEntries() {
        int count = entries.size();
        if (faults.contains(Fault.SYNC_DROPPED))
            count += (int) written.stream().filter(item -> item instanceof Item.EntryItem).count();
        return count;
    }

    byte[] entry(int index) {
        if (index < entries.size())
            return entries.get(index);
        return written.stream().filter(item -> item instanceof Item.EntryItem).map(item -> ((Item.EntryItem) item).bytes())
                .skip(index - entries.size()).findFirst().orElseThrow();
    }

    private void keep(Item item) {
        switch (item) {
            case Item.EntryItem(byte[] bytes) -> entries.add(bytes);
            case Item.ExtentItem(Extent extent, byte[] bytes) -> extents.put(extent, bytes);
        }
    }

    /// Power comes back: of what was not synced a random part from its beginning is there.
    public void restart(boolean powerCut, RandomGenerator chance) {
        int kept = powerCut ? chance.nextInt(written.size() + 1) : written.size();
        for (int i = 0; i < kept; i++) {
            var item = written.get(i);
            boolean lost = item instanceof Item.ExtentItem && powerCut && faults.contains(Fault.POINTER_BEFORE_DATA);
            if (!lost)
                keep(item);
        }
        if (powerCut && kept > 0 && written.get(kept - 1) instanceof Item.EntryItem(byte[] bytes)) {
            boolean large = EntryFormat.decode(ByteBuffer.wrap(bytes)).parts().getFirst().bulk() != null;
            if (faults.contains(large ? Fault.LARGE_BATCH_TORN : Fault.TORN_BATCH))
                entries.set(entries.size() - 1, half(bytes));
        }
        written.clear();
        stopAt = Long.MAX_VALUE;
    }

    /// The entry with the first half of its operations.
    private byte[] half(byte[] bytes) {
        var entry = EntryFormat.decode(ByteBuffer.wrap(bytes));
        var part = entry.parts().getFirst();
        var bulk = part.bulk();
        var operations = Operations.parse(bulk == null ? part.operations() : ByteBuffer.wrap(largeBatch(bulk.extent(), part)));
        var torn = new Batch();
        for (var operation : operations.subList(0, operations.size() / 2))
            switch (operation) {
                case Operation.Put(int space, byte[] key, byte[] value) -> torn.put(space(space), key, value);
                case Operation.Delete(int space, byte[] key) -> torn.delete(space(space), key);
                case Operation.DeleteRange(int space, byte[] from, byte[] to) -> torn.deleteRange(space(space), from, to);
                case Operation.Note(byte[] note) -> torn.note(note);
                case Operation.AddExtent(Extent extent, boolean divided) -> {
                    if (divided)
                        torn.addDivided(extent);
                    else
                        torn.addExtent(extent);
                }
                case Operation.DropPieces(Extent.Home home, long file, int length) -> torn.dropPieces(home, file, length);
                case Operation.DropExtent(Extent extent) -> torn.dropExtent(extent);
            }
        var sealed = torn.seal();
        var out = ByteBuffer.allocate(EntryFormat.length(sealed));
        EntryFormat.encode(group, entry.epoch(), entry.sequence(), part.stamp(), sealed, null, out);
        return out.array();
    }

    /// The operations of a large batch with its stamp in its slots.
    byte[] largeBatch(Extent extent, EntryFormat.Part part) {
        var kept = largeBatches.get(extent);
        if (kept == null)
            throw new IllegalStateException("no large batch at " + extent);
        var operations = kept.clone();
        new Batch.Sealed(Batch.NO_REQUEST, operations, operations.length, 0, part.slots(), List.of(), List.of(), List.of(),
                List.of(), List.of())
                .fill(part.stamp());
        return operations;
    }

    private Space space(int ordinal) {
        return group.spaces().get(ordinal);
    }
}
