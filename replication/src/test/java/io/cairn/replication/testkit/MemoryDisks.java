package io.cairn.replication.testkit;

import io.cairn.replication.LogOptions;
import io.cairn.replication.disk.Disk;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/// The disks of one machine: one [MemoryDisk] for each directory, under one [Power].
public final class MemoryDisks implements LogOptions.Disks {
    private final Power power = new Power();
    private final Map<Path, MemoryDisk> disks = new ConcurrentHashMap<>();

    @Override
    public Disk open(Path directory) {
        return disk(directory);
    }

    public MemoryDisk disk(Path directory) {
        return disks.computeIfAbsent(directory, _ -> new MemoryDisk(power));
    }

    public Power power() {
        return power;
    }

    /// The same machine after power loss. This one is dead.
    public MemoryDisks powerCut(RandomGenerator random) {
        var after = new MemoryDisks();
        synchronized (power) {
            new TreeMap<>(disks).forEach((path, disk) -> after.disks.put(path, disk.powerCut(random, after.power)));
        }
        return after;
    }

    /// The same machine after power loss, with nothing but what was synced.
    public MemoryDisks worstPowerCut() {
        var after = new MemoryDisks();
        synchronized (power) {
            disks.forEach((path, disk) -> after.disks.put(path, disk.worstPowerCut(after.power)));
        }
        return after;
    }

    /// The same machine after the process died. This one is dead.
    public MemoryDisks processCrash() {
        var after = new MemoryDisks();
        synchronized (power) {
            disks.forEach((path, disk) -> after.disks.put(path, disk.processCrash(after.power)));
        }
        return after;
    }
}
