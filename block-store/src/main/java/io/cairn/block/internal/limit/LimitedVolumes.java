package io.cairn.block.internal.limit;

import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.VolumeLimits;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What callers see of a store's volumes: with limits, one [LimitedVolume] for each, since its credits are the volume's; without, the volume itself, and
/// nothing is between. Any thread.
public final class LimitedVolumes {
    private final @Nullable Function<VolumeDefinition, VolumeLimits> limits;
    private final LongSupplier nanos;
    private final Executor executor;
    private final Map<String, LimitedVolume> volumes = new ConcurrentHashMap<>();

    /// @param limits null for none
    /// @param executor runs what had to wait
    public LimitedVolumes(@Nullable Function<VolumeDefinition, VolumeLimits> limits, InstantSource clock, Executor executor) {
        this.limits = limits;
        this.executor = executor;
        nanos = nanos(clock);
    }

    /// Of the system's clocks, the one that nobody sets.
    private static LongSupplier nanos(InstantSource clock) {
        return clock.equals(InstantSource.system()) ? System::nanoTime : () -> {
            var now = clock.instant();
            return now.getEpochSecond() * 1_000_000_000 + now.getNano();
        };
    }

    public Volume of(Volume volume) {
        var known = limits;
        return known == null
                ? volume
                : volumes.computeIfAbsent(volume.id(), _ -> new LimitedVolume(volume, known, nanos, executor));
    }

    /// A volume is gone: what waits for it fails.
    public void end(String id, RuntimeException why) {
        var ended = volumes.remove(id);
        if (ended != null)
            ended.end(why);
    }

    /// Whatever waits fails, and so does what would from now on: before the executor ends.
    public void endAll(RuntimeException why) {
        volumes.values().forEach(volume -> volume.end(why));
    }
}
