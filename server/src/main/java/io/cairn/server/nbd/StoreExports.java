package io.cairn.server.nbd;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockRefusedException;
import io.cairn.block.BlockStore;
import io.cairn.block.Snapshot;
import io.cairn.block.Volume;
import io.cairn.server.disk.FreeSpace;
import java.util.ArrayList;
import java.util.List;
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
                var snapshot = only(store.snapshots(), name);
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
        var volumes = store.volumes();
        for (var volume : volumes)
            names.add(nameOf(volumes, volume));
        var snapshots = store.snapshots();
        for (var snapshot : snapshots) {
            var owner = volumes.stream().filter(volume -> volume.id().equals(snapshot.volumeId())).findFirst();
            var siblings = snapshots.stream().filter(each -> each.volumeId().equals(snapshot.volumeId())).toList();
            names.add(
                    owner.map(volume -> nameOf(volumes, volume)).orElse(snapshot.volumeId()) + "@" + nameOf(siblings, snapshot));
        }
        return names;
    }

    @Override
    public List<String> snapshotsOf(Export export) {
        var siblings = siblings(export);
        return siblings.stream().map(snapshot -> nameOf(siblings, snapshot)).toList();
    }

    private List<Snapshot> siblings(Export export) {
        var volume = export.device() instanceof Snapshot snapshot ? snapshot.volumeId() : export.device().id();
        return store.snapshots().stream().filter(each -> each.volumeId().equals(volume)).toList();
    }

    @Override
    public @Nullable Changes changesSince(Export export, String snapshot) {
        var since = snapshot.startsWith("snap-") ? only(store.snapshots(), snapshot) : only(siblings(export), snapshot);
        if (since == null)
            return null;
        return (offset, length, maxRuns) -> store.changes(since, export.device(), offset, length, maxRuns);
    }

    /// The name by which [#find] finds it.
    public static <T extends BlockDevice> String nameOf(List<? extends T> devices, T device) {
        var name = device.name();
        boolean unique = !name.isEmpty() && name.indexOf('@') < 0 && !name.startsWith("snap-")
                && devices.stream().filter(each -> each.name().equals(name)).count() == 1;
        return unique ? name : device.id();
    }
}
