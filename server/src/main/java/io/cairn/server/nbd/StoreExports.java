package io.cairn.server.nbd;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockRefusedException;
import io.cairn.block.BlockStore;
import io.cairn.block.Snapshot;
import io.cairn.block.Volume;
import io.cairn.server.disk.FreeSpace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The volumes of a store, by id or by a name that no other has; and their snapshots, read-only, as `VOLUME@SNAPSHOT`, both by either, or by the
/// snapshot's id alone. As they are at the moment of asking.
public final class StoreExports implements Exports {
    private final BlockStore store;
    private final FreeSpace space;

    /// @param space of the store's disk: writes are refused (ENOSPC) while it is low
    public StoreExports(BlockStore store, FreeSpace space) {
        this.store = store;
        this.space = space;
    }

    @Override
    public @Nullable Export find(String name) {
        try {
            int at = name.lastIndexOf('@');
            if (at >= 0)
                return snapshot(name, name.substring(0, at), name.substring(at + 1));
            if (name.startsWith("snap-")) {
                var snapshot = snapshot(name);
                return snapshot == null ? null : Export.readOnly(name, snapshot);
            }
            var volume = only(store.volumes(), name);
            return volume == null ? null : Export.of(name, volume, space);
        } catch (BlockRefusedException e) {
            return null;
        }
    }

    private @Nullable Export snapshot(String whole, String of, String name) {
        Volume volume = only(store.volumes(), of);
        var volumeId = volume == null ? of : volume.id();
        Snapshot snapshot = only(store.snapshots().stream().filter(each -> each.volumeId().equals(volumeId)).toList(), name);
        return snapshot == null ? null : Export.readOnly(whole, snapshot);
    }

    /// The one of this id, else the only one of this name.
    private static <T extends BlockDevice> @Nullable T only(List<T> devices, String name) {
        T found = null;
        for (var device : devices) {
            if (device.id().equals(name))
                return device;
            if (!name.isEmpty() && device.name().equals(name)) {
                if (found != null)
                    return null;
                found = device;
            }
        }
        return found;
    }

    @Override
    public List<String> names() {
        var names = new ArrayList<String>();
        var volumes = new Names(store.volumes());
        var owners = new HashMap<String, String>();
        for (var volume : volumes.devices) {
            var name = volumes.of(volume);
            owners.put(volume.id(), name);
            names.add(name);
        }
        var snapshots = store.snapshots().stream()
                .collect(Collectors.groupingBy(Snapshot::volumeId, LinkedHashMap::new, Collectors.toList()));
        snapshots.forEach((volume, siblings) -> {
            var known = new Names(siblings);
            for (var snapshot : siblings)
                names.add(owners.getOrDefault(volume, volume) + "@" + known.of(snapshot));
        });
        return names;
    }

    @Override
    public Siblings siblings(Export export) {
        var volume = export.device() instanceof Snapshot snapshot ? snapshot.volumeId() : export.device().id();
        var snapshots = store.snapshots().stream().filter(each -> each.volumeId().equals(volume)).toList();
        var known = new Names(snapshots);
        var byName = new HashMap<String, Snapshot>();
        for (var snapshot : snapshots) {
            byName.put(snapshot.id(), snapshot);
            byName.put(known.of(snapshot), snapshot);
        }
        return new Siblings() {
            @Override
            public List<String> names() {
                return snapshots.stream().map(known::of).toList();
            }

            @Override
            public @Nullable Changes changesSince(String name) {
                var since = byName.containsKey(name) || !name.startsWith("snap-") ? byName.get(name) : snapshot(name);
                return since == null
                        ? null
                        : (offset, length, maxRuns) -> store.changes(since, export.device(), offset, length, maxRuns);
            }
        };
    }

    private @Nullable Snapshot snapshot(String id) {
        try {
            return store.snapshot(id);
        } catch (BlockRefusedException e) {
            return null;
        }
    }

    /// By what name each of some devices is found by [#find].
    private static final class Names {
        final List<? extends BlockDevice> devices;
        private final Map<String, Integer> count = new HashMap<>();

        Names(List<? extends BlockDevice> devices) {
            this.devices = devices;
            for (var device : devices)
                count.merge(device.name(), 1, Integer::sum);
        }

        String of(BlockDevice device) {
            var name = device.name();
            boolean unique = !name.isEmpty() && name.indexOf('@') < 0 && !name.startsWith("snap-")
                    && count.getOrDefault(name, 0) == 1;
            return unique ? name : device.id();
        }
    }

    /// The name by which [#find] finds it.
    public static <T extends BlockDevice> String nameOf(List<? extends T> devices, T device) {
        return new Names(devices).of(device);
    }
}
