package io.cairn.replication.testkit;

import io.cairn.replication.Extent;
import io.cairn.replication.LogReader;
import io.cairn.replication.NotLeaderException;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.StoreFailedException;
import io.cairn.replication.internal.extent.FileNames;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/// One life of a log, many starts long, held against a [Model]. A third of the steps end in a crash or power cut with work in flight.
public final class History {
    static final int STEPS = 30;
    private static final int KEYS = 40;

    private final Subject subject;
    private final Path scratch;
    private final SplittableRandom random;
    private final Coverage coverage;
    private final Model model = new Model();
    private final List<Model.Entry> inFlight = new ArrayList<>();
    private final Set<Extent> dropping = new HashSet<>();
    private final Set<Long> noted = ConcurrentHashMap.newKeySet();
    private ReplicatedLog log;
    private long number;
    private long lastEpoch;
    private int checkpoints;

    private History(Subject subject, Path scratch, long seed, Coverage coverage) {
        this.subject = subject;
        this.scratch = scratch;
        this.random = new SplittableRandom(seed);
        this.coverage = coverage;
        this.log = open();
    }

    /// Runs the history of a seed. `AssertionError`, or what the log threw, says what was wrong.
    public static void run(Subject subject, Path scratch, long seed, Coverage coverage) {
        var history = new History(subject, scratch, seed, coverage);
        try {
            for (int step = 0; step < STEPS; step++)
                history.step();
            history.settle();
            history.reopen();
        } catch (Throwable e) {
            try {
                Crash.crash(history.log);
            } catch (RuntimeException late) {
                e.addSuppressed(late);
            }
            throw e;
        }
        history.log.close();
    }

    private ReplicatedLog open() {
        noted.clear();
        var opened = subject.open((_, _, note) -> noted.add(ByteBuffer.wrap(note).getLong()));
        if (opened.epoch().number() <= lastEpoch)
            throw new AssertionError("epoch " + opened.epoch() + " after " + lastEpoch);
        lastEpoch = opened.epoch().number();
        return opened;
    }

    private void step() {
        switch (random.nextInt(24)) {
            case 0, 1, 2, 3, 4, 5, 6, 7 -> stopInside();
            case 8, 9, 10, 11 -> burst(1 + random.nextInt(6));
            case 12 -> flush();
            case 13 -> {
                settle();
                reopen();
            }
            case 14, 15 -> {
                settle();
                tail();
            }
            case 16 -> checkpoint();
            case 17, 18 -> abandonExtents();
            case 19, 20 -> changeLeader();
            default -> {
                burst(1 + random.nextInt(3));
                settle();
            }
        }
    }

    private void stopInside() {
        // Half of the time something was acknowledged, so that what follows stands on it.
        if (random.nextBoolean())
            settle();
        boolean power = random.nextInt(3) > 0;
        if (random.nextInt(4) > 0)
            subject.stopAfter(1 + random.nextInt(25));
        try {
            burst(1 + random.nextInt(8));
            if (random.nextInt(4) == 0)
                flush();
            if (random.nextInt(3) == 0 && !inFlight.isEmpty())
                subject.await(inFlight.get(random.nextInt(inFlight.size())).place().done());
        } catch (NotLeaderException | StoreFailedException | CompletionException e) {
            coverage.did("refused by a stopping log");
        }
        subject.stop(log, power, random);
        coverage.did(power ? "power cut" : "crash");
        resolve();
    }

    private void reopen() {
        log.close();
        coverage.did("reopen");
        resolve();
    }

    private void changeLeader() {
        if (!subject.changeLeader(random)) {
            burst(1);
            return;
        }
        coverage.did("leader changed");
        if (log.epoch().number() <= lastEpoch)
            throw new AssertionError("epoch " + log.epoch() + " after " + lastEpoch);
        lastEpoch = log.epoch().number();
        survivors();
        requireAll();
    }

    /// After a stop: opens the log again, finds out how far it came, and holds everything against the model.
    private void resolve() {
        for (var entry : inFlight)
            if (!entry.place().done().isDone())
                throw new AssertionError("batch " + entry.number + " was neither acknowledged nor refused");
        log = open();
        survivors();
        requireAll();
        var files = new TreeSet<>(subject.extentFiles());
        var expected = new TreeSet<String>();
        for (var extent : model.extents.keySet())
            if (extent.home() == Extent.Home.OWN_FILE)
                expected.add(FileNames.of(extent.home(), extent.file()));
        if (!files.equals(expected))
            throw new AssertionError("extent files " + files + ", named are " + expected);
        if (random.nextBoolean())
            tail();
    }

    /// Which of the batches in flight are there: all up to one of them, and all that were acknowledged.
    private void survivors() {
        long marker = Model.marker(log.store());
        long acknowledged = model.entries.isEmpty() ? 0 : model.entries.getLast().number;
        for (var entry : inFlight)
            if (entry.acknowledged())
                acknowledged = entry.number;
        if (marker < acknowledged)
            throw new AssertionError("batch " + acknowledged + " was acknowledged; the store ends with " + marker);
        for (var entry : inFlight) {
            if (entry.number > marker) {
                coverage.did("lost without an answer");
                continue;
            }
            if (refused(entry))
                throw new AssertionError("batch " + entry.number + " was refused, and is there");
            coverage.did(entry.acknowledged() ? "acknowledged before a stop" : "kept without an answer");
            model.apply(entry);
        }
        inFlight.clear();
        dropping.clear();
    }

    private static boolean refused(Model.Entry entry) {
        return entry.place().done().isCompletedExceptionally()
                && entry.place().done().exceptionNow() instanceof NotLeaderException;
    }

    private void requireAll() {
        model.requireEqual(log.store());
        model.extents.forEach(this::requireReadable);
    }

    private void requireReadable(Extent extent, byte[] bytes) {
        try (var content = log.open(extent)) {
            if (content == null)
                throw new AssertionError("the file of " + extent + " is gone");
            int from = random.nextInt(bytes.length);
            int length = 1 + random.nextInt(bytes.length - from);
            if (!content.read(from, length).equals(ByteBuffer.wrap(bytes, from, length)))
                throw new AssertionError(extent + " holds other bytes");
        }
    }

    /// Waits for what is in flight: it must all be acknowledged, in order.
    private void settle() {
        for (var entry : inFlight) {
            subject.await(entry.place().done());
            var done = entry.place().done();
            if (!entry.acknowledged())
                throw new AssertionError("batch " + entry.number + " failed on a log that runs",
                        done.isDone() ? done.exceptionNow() : null);
            if (done.join().stamp() != entry.place().stamp())
                throw new AssertionError("batch " + entry.number + " was applied with another stamp");
            if (entry.noted && !noted.contains(entry.number))
                throw new AssertionError("the note of batch " + entry.number + " was not told");
            model.apply(entry);
            coverage.did("acknowledged");
        }
        inFlight.clear();
        dropping.clear();
        if (random.nextInt(4) == 0)
            requireAll();
    }

    private void burst(int count) {
        boolean here = random.nextInt(3) == 0;
        try {
            proposeSome(count, here);
        } finally {
            if (here)
                commitHere();
        }
    }

    private void commitHere() {
        boolean waited = !inFlight.isEmpty() && !inFlight.getLast().place().done().isDone();
        log.commit();
        if (waited && inFlight.getLast().acknowledged())
            coverage.did("acknowledged when the caller had committed it");
    }

    /// @param here whether this thread writes them
    private void proposeSome(int count, boolean here) {
        for (int i = 0; i < count; i++) {
            var entry = new Model.Entry(++number);
            try {
                compose(entry);
                entry.proposed = here ? log.proposeToCommit(entry.batch()) : log.propose(entry.batch());
            } catch (NotLeaderException | StoreFailedException e) {
                number--;
                throw e;
            }
            long before = inFlight.isEmpty() ? lastStamp() : inFlight.getLast().place().stamp();
            if (entry.place().stamp() <= before)
                throw new AssertionError("stamp " + entry.place().stamp() + " after " + before);
            inFlight.add(entry);
        }
    }

    private long lastStamp() {
        return model.entries.isEmpty() ? 0 : model.entries.getLast().place().stamp();
    }

    private void compose(Model.Entry entry) {
        entry.noted = random.nextInt(4) == 0;
        for (int i = random.nextInt(4); i >= 0; i--)
            entry.changes.add(change());
        if (random.nextInt(30) == 0) {
            entry.changes
                    .add(new Model.Change(5, 1, Model.key(KEYS + 1), bytes((1 << 20) + random.nextInt(100_000)), -1, false, 8));
            coverage.did("batch above 1 MiB");
        }
        if (random.nextInt(4) == 0)
            addInLog(entry);
        if (random.nextInt(10) == 0)
            addOwnFile(entry);
        if (random.nextInt(4) == 0)
            dropSome(entry);
        coverage.did("proposed");
    }

    private Model.Change change() {
        int space = random.nextInt(3);
        int key = random.nextInt(KEYS);
        return switch (random.nextInt(6)) {
            case 0 -> {
                coverage.did("delete");
                yield new Model.Change(4, space, Model.key(key), new byte[0], -1, false, -1);
            }
            case 1 -> {
                coverage.did("range delete");
                yield new Model.Change(14, space, Model.key(key), Model.key(key + random.nextInt(10)), -1, false, -1);
            }
            case 2 -> {
                coverage.did("stamp in key");
                var stamped = ByteBuffer.allocate(14).put(Model.key(key)).array();
                yield new Model.Change(5, space, stamped, bytes(random.nextInt(100)), 5 + random.nextInt(2), random.nextBoolean(),
                        -1);
            }
            case 3 -> {
                coverage.did("stamp in value");
                yield new Model.Change(5, space, Model.key(key), bytes(8 + random.nextInt(100)), -1, false, 0);
            }
            default -> {
                coverage.did("put");
                int length = random.nextInt(5) == 0 ? random.nextInt(20_000) : random.nextInt(200);
                yield new Model.Change(5, space, Model.key(key), bytes(length), -1, false, -1);
            }
        };
    }

    private void addInLog(Model.Entry entry) {
        var bytes = bytes(1 + random.nextInt(random.nextInt(4) == 0 ? 150_000 : 3000));
        int half = bytes.length / 2;
        entry.added.put(log.append(1, ByteBuffer.wrap(bytes, 0, half), ByteBuffer.wrap(bytes, half, bytes.length - half)), bytes);
        coverage.did("extent in log");
    }

    private void addOwnFile(Model.Entry entry) {
        var bytes = bytes(1 + random.nextInt(200_000));
        try (var writer = log.newExtent(2)) {
            int half = bytes.length / 3;
            writer.write(ByteBuffer.wrap(bytes, 0, half));
            writer.write(ByteBuffer.wrap(bytes, half, bytes.length - half));
            entry.added.put(writer.finish(), bytes);
        }
        coverage.did("extent in own file");
    }

    private void dropSome(Model.Entry entry) {
        for (var extent : model.extents.keySet())
            if (random.nextInt(3) == 0 && dropping.add(extent)) {
                entry.dropped.add(extent);
                coverage.did("extent dropped");
            }
    }

    private void abandonExtents() {
        log.append(1, ByteBuffer.wrap(bytes(100)));
        log.discard(log.append(1, ByteBuffer.wrap(bytes(2000))));
        try (var unfinished = log.newExtent(1); var discarded = log.newExtent(1); var forgotten = log.newExtent(1)) {
            unfinished.write(ByteBuffer.wrap(bytes(500)));
            discarded.write(ByteBuffer.wrap(bytes(500)));
            log.discard(discarded.finish());
            forgotten.write(ByteBuffer.wrap(bytes(500)));
            forgotten.finish();
        }
        coverage.did("extents abandoned");
    }

    private void flush() {
        log.flush();
        coverage.did("flush");
    }

    private void tail() {
        if (model.entries.isEmpty())
            return;
        long applied = log.store().appliedIndex();
        long from = Math.max(1, applied - random.nextLong(random.nextBoolean() ? 8 : applied + 1));
        var told = new ArrayList<LogReader.Entry>();
        try (var tail = log.tail(from)) {
            for (var entry = tail.next(); entry != null; entry = tail.next())
                told.add(entry);
        } catch (IllegalArgumentException e) {
            coverage.did("tail from where files were given back");
            return;
        }
        if (told.size() != applied - from + 1)
            throw new AssertionError("a tail from " + from + " to " + applied + " gave " + told.size() + " entries");
        for (int i = 0; i < told.size(); i++)
            if (told.get(i).index() != from + i)
                throw new AssertionError("a tail gave index " + told.get(i).index() + " for " + (from + i));
        told.removeIf(entry -> entry.operations().isEmpty()); // the log's own, at a checkpoint
        var expected = model.entries.subList(model.entries.size() - told.size(), model.entries.size());
        for (int i = 0; i < told.size(); i++)
            if (told.get(i).stamp() != expected.get(i).place().stamp()
                    || !Model.told(told.get(i).operations()).equals(expected.get(i).told()))
                throw new AssertionError("a tail gave something else for batch " + expected.get(i).number);
        coverage.did("tail");
        coverage.did("entries of tails", told.size());
    }

    private void checkpoint() {
        settle();
        var copy = scratch.resolve("checkpoint-" + checkpoints++);
        log.checkpoint(copy);
        try (var other = subject.openCheckpoint(copy)) {
            if (other == null)
                return;
            model.requireEqual(other.store());
            for (Map.Entry<Extent, byte[]> extent : model.extents.entrySet())
                try (var content = other.open(extent.getKey())) {
                    if (content == null || !content.read(0, extent.getValue().length).equals(ByteBuffer.wrap(extent.getValue())))
                        throw new AssertionError("the checkpoint has not the bytes of " + extent.getKey());
                }
        }
        coverage.did("checkpoint");
    }

    private byte[] bytes(int count) {
        var bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

}
