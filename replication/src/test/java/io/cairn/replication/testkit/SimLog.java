package io.cairn.replication.testkit;

import io.cairn.replication.Applied;
import io.cairn.replication.Batch;
import io.cairn.replication.CheckpointRef;
import io.cairn.replication.CommitListener;
import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Epoch;
import io.cairn.replication.Extent;
import io.cairn.replication.Extent.Home;
import io.cairn.replication.ExtentContent;
import io.cairn.replication.ExtentWriter;
import io.cairn.replication.LogReader;
import io.cairn.replication.LogReader.Operation;
import io.cairn.replication.NotLeaderException;
import io.cairn.replication.OutcomeUnknownException;
import io.cairn.replication.Pin;
import io.cairn.replication.PlacedPayload;
import io.cairn.replication.Proposed;
import io.cairn.replication.ReadLevel;
import io.cairn.replication.ReadPoint;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.Store;
import io.cairn.replication.internal.batch.EntryFormat;
import io.cairn.replication.internal.batch.NamedExtents;
import io.cairn.replication.internal.batch.Operations;
import io.cairn.replication.internal.log.SequenceRule;
import io.cairn.replication.internal.store.AppliedState;
import io.cairn.replication.internal.store.RocksStore;
import io.cairn.replication.testkit.SimMachine.Fault;
import io.cairn.replication.testkit.SimMachine.Item;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A log that does nothing by itself: [#step] does one thing that may happen next, by the machine's seed, so that a run can be repeated
/// exactly. Entries are encoded, decoded and applied to a real store as any replica does it. Single-threaded.
public final class SimLog implements ReplicatedLog {
    private final List<SnapshotPin> pins = new ArrayList<>();
    private final SimMachine machine;
    private final CommitListener listener;
    private final RocksStore store;
    private final ArrayDeque<Item> queue = new ArrayDeque<>();
    private final Map<Long, Waiting> waiting = new HashMap<>();
    private final Map<Long, CompletableFuture<ReadPoint>> reads = new HashMap<>();
    private final Set<Extent> unnamed = new HashSet<>();
    private long epoch;
    private long sequence;
    private long index;
    private long stamp;
    private boolean closed;

    private record Waiting(long sequence, long stamp, CompletableFuture<Applied> done) {}

    private SimLog(SimMachine machine, CommitListener listener) {
        this.machine = machine;
        this.listener = listener;
        store = RocksStore.open(machine.directory, machine.group, _ -> {
        });
        try {
            while (store.appliedIndex() < machine.entries.size())
                apply();
        } catch (Throwable e) {
            store.close();
            throw e;
        }
        store.flush();
        forgetDead();
        index = store.appliedIndex();
        stamp = store.applied().stamp();
        epoch = ++machine.epoch;
    }

    /// Opens the log of a machine that is not in use.
    public static SimLog open(SimMachine machine, CommitListener listener) {
        return new SimLog(machine, listener);
    }

    /// Does the next thing: writes a record, syncs what is written, or applies an entry. `false` when there is nothing to do.
    public boolean step() {
        if (closed || machine.stopped())
            return false;
        var choices = new ArrayList<Runnable>();
        if (!queue.isEmpty())
            choices.add(() -> machine.written.add(queue.remove()));
        if (!machine.written.isEmpty() && !machine.faults.contains(Fault.SYNC_DROPPED))
            choices.add(this::sync);
        if (store.appliedIndex() < machine.syncedEntries())
            choices.add(this::apply);
        if (choices.isEmpty())
            return false;
        choices.get(machine.random.nextInt(choices.size())).run();
        machine.stepped();
        return true;
    }

    private void sync() {
        machine.sync();
        listener.written(machine.files << 20, Integer.MAX_VALUE);
    }

    /// Steps until nothing is left to do.
    public void run() {
        while (step()) {
            // all that may happen happens
        }
    }

    /// An entry from another replica, as it came: refused with [CorruptLogException] when its epoch is stale or one before it is missing.
    public void deliver(byte[] entry) {
        run();
        machine.entries.add(entry);
        try {
            apply();
        } catch (CorruptLogException e) {
            machine.entries.removeLast();
            throw e;
        }
        index = store.appliedIndex();
    }

    private void apply() {
        long next = store.appliedIndex() + 1;
        var entry = EntryFormat.decode(ByteBuffer.wrap(machine.entry((int) next - 1)));
        var before = store.applied();
        var fault = SequenceRule.check(before.epoch(), before.sequence(), entry.epoch(), entry.sequence());
        boolean accepted = machine.faults.contains(Fault.STALE_EPOCH_ACCEPTED) && entry.epoch() < before.epoch()
                || machine.faults.contains(Fault.SEQUENCE_GAP_ACCEPTED) && entry.epoch() >= before.epoch();
        if (fault.isPresent() && !accepted)
            throw new CorruptLogException("entry " + next, 0, fault.get());
        var part = entry.parts().getFirst();
        var bulk = part.bulk();
        var operations = bulk == null ? bytes(part.operations()) : machine.largeBatch(bulk.extent(), part);
        var named = new NamedExtents();
        var notes = new ArrayList<byte[]>();
        for (var operation : Operations.parse(ByteBuffer.wrap(operations)))
            if (operation instanceof Operation.Note(var note))
                notes.add(note);
            else
                named.take(operation);
        store.add(operations, 0, operations.length, part.count(), named);
        store.commit(new AppliedState(next, entry.epoch(), entry.sequence(), part.stamp(), next, 0));
        named.added().forEach(unnamed::remove);
        named.divided().forEach(unnamed::remove);
        notes.forEach(note -> listener.noted(next, part.stamp(), note));
        var asked = waiting.remove(next);
        if (asked != null)
            asked.done.complete(new Applied(next, part.stamp()));
        var read = reads.remove(next);
        if (read != null)
            read.complete(new ReadPoint(next, part.stamp()));
    }

    private static byte[] bytes(ByteBuffer from) {
        var bytes = new byte[from.remaining()];
        from.duplicate().get(bytes);
        return bytes;
    }

    /// Leadership is lost and won again in a later epoch, which decides what becomes of the proposals in flight: those up to a random one
    /// stay. The answer to each is that it was not taken, where that is known, or that nobody knows.
    public void changeLeader(RandomGenerator random) {
        machine.written.addAll(queue);
        queue.clear();
        int kept = random.nextInt(machine.written.size() + 1);
        machine.written.subList(kept, machine.written.size()).clear();
        machine.sync();
        var asked = Map.copyOf(waiting);
        waiting.clear();
        while (store.appliedIndex() < machine.entries.size())
            apply();
        index = store.appliedIndex();
        asked.forEach((place, proposal) -> proposal.done.completeExceptionally(place > index && random.nextBoolean()
                ? new NotLeaderException("another leader was elected", null)
                : new OutcomeUnknownException("another leader was elected", null)));
        epoch = ++machine.epoch;
        sequence = 0;
    }

    private void forgetDead() {
        machine.extents.keySet()
                .removeIf(extent -> !unnamed.contains(extent) && !store.liveBytes().contains(extent.home(), extent.file()));
    }

    private void requireRunning() {
        if (closed || machine.stopped())
            throw new NotLeaderException("this log is closed", null);
    }

    @Override
    public Store store() {
        return store;
    }

    @Override
    public Epoch epoch() {
        return new Epoch(epoch);
    }

    @Override
    public Extent append(int kind, ByteBuffer... payload) {
        int length = 0;
        for (var piece : payload)
            length += piece.remaining();
        return append(kind, length, (_, into) -> {
            for (var piece : payload)
                into.put(piece);
        });
    }

    @Override
    public Extent append(int kind, int length, PlacedPayload payload) {
        requireRunning();
        if (length > Extent.MAX_IN_LOG_BYTES)
            throw new IllegalArgumentException("an extent in the log holds at most " + Extent.MAX_IN_LOG_BYTES + " bytes");
        var bytes = ByteBuffer.allocate(length);
        var extent = new Extent(Home.LOG, ++machine.files << 20, 0, length); // numbered as log files are
        payload.writeTo(extent, bytes);
        unnamed.add(extent);
        queue.add(new Item.ExtentItem(extent, bytes.array()));
        return extent;
    }

    @Override
    public ExtentWriter newExtent(int kind) {
        requireRunning();
        return new Writer();
    }

    @Override
    public void discard(Extent extent) {
        unnamed.remove(extent);
    }

    @Override
    public @Nullable ExtentContent open(Extent extent) {
        var bytes = machine.extents.get(extent);
        for (var pin : pins)
            if (bytes == null)
                bytes = pin.extents.get(extent);
        return bytes == null ? null : new Content(extent, bytes);
    }

    @Override
    public boolean read(Extent piece, ByteBuffer into) {
        for (var extent : machine.extents.entrySet())
            if (extent.getKey().home() == piece.home() && extent.getKey().file() == piece.file()) {
                into.put(extent.getValue(), piece.offset(), piece.length());
                return true;
            }
        return false;
    }

    @Override
    public Pin pin() {
        var pin = new SnapshotPin(Map.copyOf(machine.extents));
        pins.add(pin);
        return pin;
    }

    /// What there was when it was taken.
    private final class SnapshotPin implements Pin {
        private final Map<Extent, byte[]> extents;

        SnapshotPin(Map<Extent, byte[]> extents) {
            this.extents = extents;
        }

        @Override
        public void close() {
            pins.remove(this);
        }
    }

    @Override
    public Proposed propose(Batch batch) {
        requireRunning();
        var sealed = batch.seal();
        EntryFormat.Bulk bulk = sealed.length() > Batch.MAX_INLINE_BYTES ? putAside(sealed) : null;
        stamp++;
        if (machine.random.nextBoolean())
            stamp += machine.random.nextInt(1000);
        sealed.fill(stamp);
        sequence++;
        index++;
        var out = ByteBuffer.allocate(bulk == null ? EntryFormat.length(sealed) : EntryFormat.bulkLength(sealed, bulk));
        EntryFormat.encode(machine.group, epoch, sequence, stamp, sealed, bulk, out);
        var done = new CompletableFuture<Applied>();
        waiting.put(index, new Waiting(sequence, stamp, done));
        queue.add(new Item.EntryItem(out.array()));
        return new Proposed(sequence, stamp, done);
    }

    private EntryFormat.Bulk putAside(Batch.Sealed batch) {
        var crc = new CRC32C();
        crc.update(batch.operations(), 0, batch.length());
        var extent = new Extent(Home.OWN_FILE, ++machine.files, 0, batch.length());
        machine.largeBatches.put(extent, Arrays.copyOf(batch.operations(), batch.length()));
        return new EntryFormat.Bulk(extent, (int) crc.getValue());
    }

    @Override
    public CompletableFuture<ReadPoint> readPoint(ReadLevel level) {
        var state = store.applied();
        return switch (level) {
            case ReadLevel.Local(long minIndex) when minIndex > state.index() ->
                reads.computeIfAbsent(minIndex, _ -> new CompletableFuture<>());
            default -> CompletableFuture.completedFuture(new ReadPoint(state.index(), state.stamp()));
        };
    }

    @Override
    public LogReader tail(long fromIndex) {
        return new Tail(fromIndex);
    }

    @Override
    public CheckpointRef checkpoint(Path directory) {
        run();
        try {
            Files.createDirectory(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        store.checkpoint(directory.resolve("db"));
        return new CheckpointRef(directory, store.appliedIndex(), store.applied().stamp());
    }

    @Override
    public void flush() {
        requireRunning();
        store.flush();
        forgetDead();
    }

    @Override
    public void close() {
        if (closed)
            return;
        run();
        store.flush();
        forgetDead();
        end();
    }

    /// Ends as a killed process: what was not written is lost, and whoever waits is told that nobody knows.
    public void crash() {
        if (closed)
            return;
        machine.stop();
        end();
    }

    private void end() {
        closed = true;
        waiting.values().forEach(
                proposal -> proposal.done.completeExceptionally(new OutcomeUnknownException("the log has stopped", null)));
        reads.values().forEach(read -> read.completeExceptionally(new NotLeaderException("the log has stopped", null)));
        store.close();
    }

    private final class Tail implements LogReader {
        private long next;

        Tail(long next) {
            this.next = next;
        }

        @Override
        public @Nullable Entry next() {
            if (next > store.appliedIndex())
                return null;
            var entry = EntryFormat.decode(ByteBuffer.wrap(machine.entry((int) next - 1)));
            var part = entry.parts().getFirst();
            var bulk = part.bulk();
            var operations = bulk == null ? part.operations() : ByteBuffer.wrap(machine.largeBatch(bulk.extent(), part));
            return new Entry(next++, entry.epoch(), entry.sequence(), part.stamp(), part.requestId(),
                    Operations.parse(operations));
        }

        @Override
        public void close() {
            // nothing is held
        }
    }

    private final class Writer implements ExtentWriter {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(ByteBuffer more) {
            bytes.writeBytes(SimLog.bytes(more));
            more.position(more.limit());
        }

        @Override
        public int length() {
            return bytes.size();
        }

        @Override
        public Extent finish() {
            requireRunning();
            var extent = new Extent(Home.OWN_FILE, ++machine.files, 0, bytes.size());
            machine.extents.put(extent, bytes.toByteArray());
            unnamed.add(extent);
            return extent;
        }

        @Override
        public void close() {
            // an extent that is not finished is nowhere
        }
    }

    private record Content(Extent extent, byte[] bytes) implements ExtentContent {
        @Override
        public ByteBuffer read(int from, int length) {
            return ByteBuffer.wrap(bytes, from, length).slice();
        }

        @Override
        public @Nullable FileChannel verified(int from, int length) {
            return null;
        }

        @Override
        public void close() {
            // nothing is held
        }
    }
}
