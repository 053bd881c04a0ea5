package io.cairn.block.testkit;

import static io.cairn.block.BlockDevice.BLOCK_BYTES;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockStore;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.testkit.Histories.BlockMachine;
import io.cairn.block.testkit.Histories.UseDeleted;
import io.cairn.block.testkit.Step.OfVolume;
import io.cairn.block.testkit.Step.Run;
import io.cairn.replication.testkit.Coverage;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Does one history to a store and to the model, and compares all that they answer: refusals by their reason, bytes, runs; after a change what lies around
/// it; and now and then, after each crash and at the end, all that both hold.
final class HistoryRun {
    private static final Made NOTHING = new Made("", Instant.EPOCH);
    private final BlockSubject subject;
    private final Coverage coverage;
    private ModelBlockStore model = new ModelBlockStore();
    private BlockStore store;
    private final List<Deleted> deleted = new ArrayList<>();

    /// What a store says of something that it has made.
    private record Made(String id, Instant created) {}

    private record Deleted(BlockDevice tested, ModelDevice modelled) {}

    private interface OnModel { Object to(ModelBlockStore model, Made made); }

    /// Something that is done to both, in their own ways.
    ///
    /// @param onStore gives a [Made], or what is to be equal to the model's answer
    /// @param change the bytes that it changes; null for none
    private record Action(String name, Supplier<Object> onStore, OnModel onModel, @Nullable Change change) {}

    private HistoryRun(BlockSubject subject, Coverage coverage) {
        this.subject = subject;
        this.coverage = coverage;
        store = subject.open();
    }

    static void run(BlockMachine machine, long seed, List<Step> history) {
        run(machine, seed, history, new Coverage());
    }

    /// @param seed of the machine
    static void run(BlockMachine machine, long seed, List<Step> history, Coverage coverage) {
        coverage.did("histories");
        try (var subject = machine.subject(seed)) {
            var run = new HistoryRun(subject, coverage);
            int number = 0;
            try {
                for (; number < history.size(); number++)
                    run.step(history.get(number));
                run.tend();
                Comparison.same(run.model, run.store);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("step " + number + " of " + history.size() + ": "
                        + (number < history.size() ? history.get(number) : "the end") + ": " + e, e);
            } finally {
                run.close();
            }
        }
    }

    private void close() {
        try {
            store.close();
        } catch (RuntimeException e) {
            // One that was crashed in the middle of a failure has nothing to write to.
        }
    }

    private void step(Step step) {
        if (model.volumes().isEmpty() && !(step instanceof Step.Create))
            step(new Step.Create(100, 0));
        switch (step) {
            case Step.Crash(var inside, int after) -> crash(inside, after);
            case Step.Tend() -> tend();
            case Step.Clean() -> {
                subject.clean(store); // moves what is durable, and makes nothing so
                did("Clean");
            }
            case Step.Reopen() -> {
                store.close();
                opened("Reopen");
                model.madeDurable();
                Comparison.same(model, store);
            }
            case Step.Compare() -> {
                Comparison.same(model, store);
                did("Compare");
            }
            case OfVolume _,Step.Read _,Step.Allocate _,Step.Create _,Step.Clone _,Step.Rename _,Step.DeleteSnapshot _,Step.UseDeleted _ -> {
                var action = action(step);
                if (action != null)
                    carryOut(action, Outcome.of(action.onStore));
            }
        }
    }

    private void tend() {
        subject.tend(store);
        model.madeDurable();
        subject.checkInside(store);
        did("Tend");
    }

    private void opened(String how) {
        store = subject.open();
        deleted.clear();
        did(how);
    }

    private void did(String what) {
        coverage.did(what);
    }

    private void carryOut(Action action, Outcome<Object> tested) {
        var made = tested instanceof Outcome.Answer<Object>(Made told) ? told : NOTHING;
        var modelled = Outcome.<Object>of(() -> action.onModel.to(model, made));
        if (!modelled.kind().equals(tested.kind()))
            throw new AssertionError(action.name + " led to " + tested + ", should lead to " + modelled);
        if (made.equals(NOTHING) && !modelled.equals(tested))
            throw new AssertionError(action.name + " answered " + tested + ", should answer " + modelled);
        did(action.name + switch (tested) {
            case Outcome.Answer<Object>(_) -> "";
            case Outcome.Refused<Object>(var reason) -> " " + reason;
            case Outcome.OutOfBounds<Object>() -> " out of bounds";
            case Outcome.Died<Object>() -> throw new AssertionError("died with power on");
        });
        if (action.change != null && tested instanceof Outcome.Answer<Object>)
            compareAround(action.change);
    }

    private void compareAround(Change change) {
        var volume = model.volume(change.volume());
        Comparison.differences(volume.blocks, store.volume(change.volume()), Math.max(0, change.firstBlock() - 1),
                Math.min(volume.sizeBytes() / BLOCK_BYTES, change.endBlock() + 1), (block, _) -> {
                    throw new AssertionError(change.volume() + " block " + block + " is not what it should be");
                });
    }

    // ---- crashes

    private void crash(Step inside, int after) {
        var action = inside instanceof Step.Crash ? null : crashed(inside);
        subject.cutAfter(after);
        var change = action == null ? null : action.change;
        boolean died = false;
        if (action != null) {
            var tested = Outcome.ofCut(action.onStore);
            died = tested instanceof Outcome.Died<Object>;
            if (!died) {
                var made = tested instanceof Outcome.Answer<Object>(Made told) ? told : NOTHING;
                var modelled = Outcome.<Object>of(() -> action.onModel.to(model, made));
                if (!modelled.kind().equals(tested.kind()) || made.equals(NOTHING) && !modelled.equals(tested))
                    throw new AssertionError(action.name + " led to " + tested + ", should lead to " + modelled);
            }
        }
        subject.crash(store);
        opened("crash in " + (action == null ? "nothing" : action.name) + (died ? ", unanswered" : ""));
        try {
            model = Recovery.of(model, store, died ? change : null, subject.atomicBlocks());
            for (var device : model.devices())
                Comparison.sameStored(device, Comparison.device(store, device));
        } catch (AssertionError e) {
            if (action == null || !died || change != null)
                throw e;
            recoverDone(action, e);
        }
    }

    /// What was not answered was done after all, and so all that was before it.
    private void recoverDone(Action action, AssertionError undone) {
        var done = model.copy();
        var made = NOTHING;
        for (var volume : store.volumes())
            if (model.volumes().stream().noneMatch(known -> known.id().equals(volume.id())))
                made = new Made(volume.id(), volume.created());
        for (var snapshot : store.snapshots())
            if (model.snapshots().stream().noneMatch(known -> known.id().equals(snapshot.id())))
                made = new Made(snapshot.id(), snapshot.created());
        Object _ = action.onModel.to(done, made);
        try {
            Comparison.same(done, store);
        } catch (AssertionError e) {
            throw new AssertionError("neither undone nor done: " + undone.getMessage() + "; " + e.getMessage(), e);
        }
        did("crash in " + action.name + ", done");
        model = done;
    }

    /// What may be under way when the power goes, with what goes on behind among it.
    private @Nullable Action crashed(Step step) {
        return switch (step) {
            case Step.Tend() -> behind("Tend", () -> subject.tend(store));
            case Step.Clean() -> behind("Clean", () -> subject.clean(store));
            case Step.Reopen(),Step.Compare(),Step.Crash(_, _) -> null;
            case OfVolume _,Step.Read _,Step.Allocate _,Step.Create _,Step.Clone _,Step.Rename _,Step.DeleteSnapshot _,Step.UseDeleted _ ->
                action(step);
        };
    }

    /// It promises nobody anything: what was not flushed may be there, or not.
    private static Action behind(String name, Runnable work) {
        return new Action(name, () -> {
            work.run();
            return true;
        }, (_, _) -> true, null);
    }

    // ---- steps as actions

    private static <T> T pick(List<T> from, int place) {
        return from.get(place % from.size());
    }

    /// Null when it would make no sense now.
    private @Nullable Action action(Step step) {
        return switch (step) {
            case OfVolume ofVolume -> ofVolume(ofVolume, pick(model.volumes(), ofVolume.volume()).id());
            case Step.Read(int place, var run) -> {
                var device = pick(model.devices(), place);
                long offset = offset(device, run);
                yield new Action("Read", () -> read(Comparison.device(store, device), offset, run.length()),
                        (_, _) -> read(device, offset, run.length()), null);
            }
            case Step.Allocate(int place, var run, int maxRuns) -> {
                var device = pick(model.devices(), place);
                long offset = offset(device, run);
                yield new Action("Allocate",
                        () -> Comparison.device(store, device).allocation(offset, run.length(), maxRuns),
                        (_, _) -> device.allocation(offset, run.length(), maxRuns), null);
            }
            case Step.Create(int blocks, int tag) -> {
                var definition = definition((long) blocks * BLOCK_BYTES - tag % 3, tag);
                yield model.volumes().size() >= Histories.MAX_VOLUMES - 1
                        ? null
                        : new Action("Create", () -> made(store.createVolume(definition)),
                                (to, made) -> to.create(made.id, made.created, definition, null), null);
            }
            case Step.Clone(int place, int more, int tag) -> {
                if (model.snapshots().isEmpty() || model.volumes().size() >= Histories.MAX_VOLUMES)
                    yield null;
                var snapshot = pick(model.snapshots(), place);
                var definition = definition(snapshot.sizeBytes() + (long) more * BLOCK_BYTES, tag);
                yield new Action("Clone", () -> made(store.createVolume(definition, store.snapshot(snapshot.id()))),
                        (to, made) -> to.create(made.id, made.created, definition, to.snapshot(snapshot.id())), null);
            }
            case Step.Rename(int place, int tag) -> rename(pick(model.devices(), place), tag);
            case Step.DeleteSnapshot(int place) -> model.snapshots().isEmpty()
                    ? null
                    : delete("DeleteSnapshot", model.snapshot(pick(model.snapshots(), place).id()));
            case Step.UseDeleted(int place, int call) -> deleted.isEmpty() ? null : useDeleted(pick(deleted, place), call);
            case Step.Tend _,Step.Clean _,Step.Reopen _,Step.Compare _,Step.Crash _ ->
                throw new IllegalArgumentException("no action: " + step);
        };
    }

    private @Nullable Action ofVolume(OfVolume step, String id) {
        var volume = model.volume(id);
        return switch (step) {
            case Step.Write write -> write(id, write);
            case Step.WriteThrough(var write) -> {
                var first = write(id, write);
                yield new Action("WriteThrough", () -> {
                    Object _ = first.onStore.get();
                    Outcome.await(store.volume(id).flushHere());
                    return true;
                }, (to, made) -> {
                    Object _ = first.onModel.to(to, made);
                    to.madeDurable();
                    return true;
                }, first.change);
            }
            case Step.Trim(_, var run) -> {
                long offset = offset(volume, run);
                yield changing("Trim", new Change.Trim(id, offset, run.length()),
                        to -> Outcome.await(to.trim(offset, run.length())));
            }
            case Step.Zero(_, var run) -> {
                long offset = offset(volume, run);
                yield changing("Zero", new Change.Zero(id, offset, run.length()),
                        to -> Outcome.await(to.zero(offset, run.length())));
            }
            case Step.Flush(_) -> new Action("Flush", () -> {
                Outcome.await(store.volume(id).flush());
                return true;
            }, (to, _) -> {
                to.madeDurable();
                return true;
            }, null);
            case Step.TakeSnapshot(_, int tag) -> {
                var definition = new SnapshotDefinition(definition(1, tag).tags(), Map.of());
                yield new Action("TakeSnapshot", () -> made(store.volume(id).snapshot(definition)),
                        (to, made) -> to.snapshot(made.id, made.created, to.volume(id), definition), null);
            }
            case Step.Resize(_, int more) -> {
                long bytes = volume.sizeBytes() + (long) more * BLOCK_BYTES;
                yield new Action("Resize", () -> {
                    store.volume(id).resize(bytes);
                    return true;
                }, (to, _) -> {
                    to.volume(id).resize(bytes);
                    return true;
                }, null);
            }
            case Step.DeleteVolume(_) -> delete("DeleteVolume", volume);
        };
    }

    private Action write(String id, Step.Write step) {
        long offset = offset(model.volume(id), step.run());
        var bytes = step.bytes();
        return changing("Write", new Change.Write(id, offset, bytes),
                to -> Outcome.await(to.write(offset, ByteBuffer.wrap(bytes))));
    }

    private interface OnVolume { void to(Volume volume); }

    private Action changing(String name, Change change, OnVolume call) {
        return new Action(name, () -> {
            call.to(store.volume(change.volume()));
            return true;
        }, (to, _) -> {
            call.to(to.volume(change.volume()));
            return true;
        }, change.length() == 0 ? null : change);
    }

    private static long offset(BlockDevice device, Run run) {
        return Math.floorMod((long) run.block(), device.sizeBytes() / BLOCK_BYTES) * BLOCK_BYTES + run.skip();
    }

    private static ByteBuffer read(BlockDevice device, long offset, int length) {
        var bytes = ByteBuffer.allocate(length);
        Outcome.await(device.read(offset, bytes));
        return bytes.flip();
    }

    private static Made made(BlockDevice device) {
        return new Made(device.id(), device.created());
    }

    /// Names repeat.
    private static VolumeDefinition definition(long bytes, int tag) {
        var definition = VolumeDefinition.of(bytes);
        return tag % 2 == 0 ? definition : definition.withTags(Map.of("Name", "disk-" + tag % 5, "tag", "" + tag));
    }

    private Action rename(ModelDevice device, int tag) {
        var tags = definition(1, tag).tags();
        return new Action("Rename", () -> {
            rename(Comparison.device(store, device), tags);
            return true;
        }, (to, _) -> {
            rename(Comparison.device(to, device), tags);
            return true;
        }, null);
    }

    private static void rename(BlockDevice device, Map<String, String> tags) {
        var attributes = Map.of("tags", "" + tags.size());
        switch (device) {
            case Volume volume -> volume.alter(known -> new VolumeDefinition(known.sizeBytes(), known.type(), tags, attributes));
            case Snapshot snapshot -> snapshot.alter(_ -> new SnapshotDefinition(tags, attributes));
            default -> throw new IllegalArgumentException("neither volume nor snapshot: " + device);
        }
    }

    private Action delete(String name, ModelDevice device) {
        return new Action(name, () -> {
            var tested = Comparison.device(store, device);
            delete(tested);
            deleted.add(new Deleted(tested, device));
            return true;
        }, (to, _) -> {
            delete(Comparison.device(to, device));
            return true;
        }, null);
    }

    private static void delete(BlockDevice device) {
        switch (device) {
            case Volume volume -> volume.delete();
            case Snapshot snapshot -> snapshot.delete();
            default -> throw new IllegalArgumentException("neither volume nor snapshot: " + device);
        }
    }

    private static Action useDeleted(Deleted device, int place) {
        var call = UseDeleted.values()[place];
        return new Action("UseDeleted " + call, () -> use(device.tested, call), (_, _) -> use(device.modelled, call), null);
    }

    private static Object use(BlockDevice device, UseDeleted call) {
        var block = ByteBuffer.allocate(BLOCK_BYTES);
        switch (call) {
            case READ -> Outcome.await(device.read(0, block));
            case ALLOCATION -> {
                return device.allocation(0, BLOCK_BYTES, 1);
            }
            case STORED -> {
                return device.storedBytes();
            }
            case DELETE -> delete(device);
            case ALTER -> rename(device, Map.of());
            case WRITE, TRIM, ZERO, SNAPSHOT -> {
                if (device instanceof Volume volume)
                    change(volume, call, block);
            }
        }
        return true;
    }

    private static void change(Volume volume, UseDeleted call, ByteBuffer block) {
        switch (call) {
            case WRITE -> Outcome.await(volume.write(0, block));
            case TRIM -> Outcome.await(volume.trim(0, BLOCK_BYTES));
            case ZERO -> Outcome.await(volume.zero(0, BLOCK_BYTES));
            case SNAPSHOT -> {
                var _ = volume.snapshot(SnapshotDefinition.UNNAMED);
            }
            case READ, ALTER, DELETE, ALLOCATION, STORED -> throw new IllegalArgumentException("changes no bytes: " + call);
        }
    }
}
