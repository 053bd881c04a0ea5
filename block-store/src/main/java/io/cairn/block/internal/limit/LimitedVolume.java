package io.cairn.block.internal.limit;

import io.cairn.block.Allocation;
import io.cairn.block.BlockRefusedException;
import io.cairn.block.Reason;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.VolumeLimits;
import io.cairn.block.VolumeType;
import io.cairn.block.internal.block.Buffers;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A volume whose reads and writes begin when its limits allow: at once in the caller's thread, else later in one of the executor's. So many wait at most;
/// what comes then is refused as [Reason#OVERLOADED]. Any thread.
public final class LimitedVolume implements Volume {
    public static final int MAX_WAITING = 4096;
    private final Volume volume;
    private final Function<VolumeDefinition, VolumeLimits> limits;
    private final LongSupplier nanos;
    private final Executor executor;
    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private final AtomicInteger waitingCount = new AtomicInteger();
    private volatile Throttle throttle;
    private volatile @Nullable RuntimeException ended;

    /// A request whose time has not come.
    private record Waiting(long due, Supplier<CompletableFuture<Void>> request, CompletableFuture<Void> done) {}

    /// @param nanos the time, which need not be that of any calendar
    /// @param executor runs what had to wait
    public LimitedVolume(Volume volume, Function<VolumeDefinition, VolumeLimits> limits, LongSupplier nanos, Executor executor) {
        this.volume = volume;
        this.limits = limits;
        this.nanos = nanos;
        this.executor = executor;
        throttle = new Throttle(limits.apply(volume.definition()), nanos.getAsLong());
    }

    /// What it limits.
    public Volume volume() {
        return volume;
    }

    /// Fails what waits, and what would wait from now on: the volume is deleted, or the executor will run nothing any more.
    public void end(RuntimeException why) {
        ended = why;
        for (var each : waiting)
            if (left(each))
                each.done.completeExceptionally(why);
    }

    /// Whether it was still waiting: whoever is told so goes on with it.
    private boolean left(Waiting one) {
        boolean was = waiting.remove(one);
        if (was)
            waitingCount.decrementAndGet();
        return was;
    }

    private CompletableFuture<Void> whenAllowed(long bytes, Supplier<CompletableFuture<Void>> request) {
        if (bytes == 0)
            return request.get();
        // Counted before anything is taken: what is refused costs nothing.
        if (waitingCount.incrementAndGet() > MAX_WAITING) {
            waitingCount.decrementAndGet();
            return CompletableFuture.failedFuture(new BlockRefusedException(Reason.OVERLOADED,
                    MAX_WAITING + " requests wait for the limits of volume '" + id() + "'; try again later"));
        }
        long now = nanos.getAsLong();
        long wait = throttle.take(bytes, now);
        if (wait == 0) {
            waitingCount.decrementAndGet();
            return request.get();
        }
        var one = new Waiting(now + wait, request, new CompletableFuture<>());
        waiting.add(one);
        later(one, wait);
        var why = ended;
        if (why != null && left(one))
            one.done.completeExceptionally(why);
        return one.done;
    }

    private void later(Waiting one, long wait) {
        CompletableFuture.delayedExecutor(wait, TimeUnit.NANOSECONDS, executor).execute(() -> begin(one));
    }

    /// The timer's clock need not be ours: what comes too early goes back.
    private void begin(Waiting one) {
        long early = one.due - nanos.getAsLong();
        if (early > 0) {
            later(one, Math.min(early, TimeUnit.MILLISECONDS.toNanos(10)));
            return;
        }
        if (!left(one))
            return;
        try {
            var _ = one.request.get().whenComplete((_, failure) -> {
                if (failure == null)
                    one.done.complete(null);
                else
                    one.done.completeExceptionally(failure);
            });
        } catch (Throwable e) {
            one.done.completeExceptionally(e);
        }
    }

    @Override
    public boolean encrypted() {
        return volume.encrypted();
    }

    @Override
    public CompletableFuture<Void> read(long offset, ByteBuffer... into) {
        long bytes = Buffers.remaining(into);
        Objects.checkFromIndexSize(offset, bytes, sizeBytes());
        return whenAllowed(bytes, () -> volume.read(offset, into));
    }

    @Override
    public CompletableFuture<Void> write(long offset, ByteBuffer... from) {
        long bytes = Buffers.remaining(from);
        Objects.checkFromIndexSize(offset, bytes, sizeBytes());
        return whenAllowed(bytes, () -> volume.write(offset, from));
    }

    @Override
    public void alter(UnaryOperator<VolumeDefinition> change) {
        volume.alter(change);
        limitsMayHaveChanged();
    }

    /// Other limits begin with what a new volume has.
    private synchronized void limitsMayHaveChanged() {
        var now = limits.apply(volume.definition());
        if (!now.equals(throttle.limits()))
            throttle = new Throttle(now, nanos.getAsLong());
    }

    // ---- what is not limited

    @Override
    public CompletableFuture<Void> trim(long offset, long length) {
        return volume.trim(offset, length);
    }

    @Override
    public CompletableFuture<Void> zero(long offset, long length) {
        return volume.zero(offset, length);
    }

    @Override
    public CompletableFuture<Void> flush() {
        return volume.flush();
    }

    @Override
    public CompletableFuture<Void> flushHere() {
        return volume.flushHere();
    }

    @Override
    public List<Allocation> allocation(long offset, long length, int maxRuns) {
        return volume.allocation(offset, length, maxRuns);
    }

    @Override
    public Snapshot snapshot(SnapshotDefinition definition) {
        return volume.snapshot(definition);
    }

    @Override
    public void delete() {
        volume.delete();
    }

    @Override
    public String id() {
        return volume.id();
    }

    @Override
    public VolumeDefinition definition() {
        return volume.definition();
    }

    @Override
    public VolumeType type() {
        return volume.type();
    }

    @Override
    public long sizeBytes() {
        return volume.sizeBytes();
    }

    @Override
    public Instant created() {
        return volume.created();
    }

    @Override
    public Map<String, String> tags() {
        return volume.tags();
    }

    @Override
    public Map<String, String> attributes() {
        return volume.attributes();
    }

    @Override
    public long storedBytes() {
        return volume.storedBytes();
    }

    @Override
    public long uniqueBytes() {
        return volume.uniqueBytes();
    }

    @Override
    public String toString() {
        return id();
    }
}
