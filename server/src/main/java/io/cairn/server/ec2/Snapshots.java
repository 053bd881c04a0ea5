package io.cairn.server.ec2;

import io.cairn.block.BlockRefusedException;
import io.cairn.block.Reason;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/// Calls for snapshots.
final class Snapshots {
    private static final String DESCRIPTION = "description";

    private Snapshots() {}

    static void create(Call call) {
        var form = call.form();
        var volume = Volumes.find(call, form.required("VolumeId"));
        var description = form.text("Description");
        var tags = Tags.specified(form, "snapshot");
        var location = form.text("Location");
        if (location != null && !location.equals("regional"))
            throw Ec2RefusedException.of("UnsupportedOperation", "This server has no local zones.");
        call.begin();
        var snapshot = volume.snapshot(
                new SnapshotDefinition(tags, description == null ? Map.of() : Map.of(DESCRIPTION, description)));
        describe(call, snapshot, Pages.storedBytes(snapshot).orElse(0)); // it was made, even when it is deleted already
    }

    static void delete(Call call) {
        var snapshot = find(call, call.form().required("SnapshotId"));
        call.begin();
        standing(snapshot.id(), () -> {
            snapshot.delete();
            return snapshot;
        });
        call.xml().element("return", true);
    }

    static Snapshot find(Call call, String id) {
        return standing(id, () -> call.store().snapshot(id));
    }

    /// What `action` gives, which needs the snapshot: when that is missing, also deleted since it was found, the refusal says so.
    static <T> T standing(String id, Supplier<T> action) {
        try {
            return action.get();
        } catch (BlockRefusedException e) {
            if (e.reason() == Reason.NOT_FOUND)
                throw notFound(id);
            throw e;
        }
    }

    private static Ec2RefusedException notFound(String id) {
        return Ec2RefusedException.of("InvalidSnapshot.NotFound", "The snapshot '" + id + "' does not exist.");
    }

    static void describe(Call call) {
        var form = call.form();
        var ids = form.list("SnapshotId");
        var owners = form.list("Owner");
        form.list("RestorableBy");
        List<Snapshot> snapshots = ids.isEmpty()
                ? call.store().snapshots()
                : ids.stream().map(id -> find(call, id)).toList();
        var account = call.settings().account();
        if (!owners.isEmpty() && !owners.contains("self") && !owners.contains(account))
            snapshots = List.of();
        var page = Pages.of(form, Filters.apply(form, snapshots, properties(account)));
        call.begin();
        Pages.write(call.xml(), "snapshotSet", page, (snapshot, stored) -> describe(call, snapshot, stored),
                ids.isEmpty() ? null : Snapshots::notFound);
    }

    private static Map<String, Function<Snapshot, String>> properties(String account) {
        return Map.of("snapshot-id", Snapshot::id, "volume-id", Snapshot::volumeId, "volume-size",
                snapshot -> Long.toString(Volumes.gibibytes(snapshot.sizeBytes())), "status", _ -> "completed", "owner-id",
                _ -> account,
                DESCRIPTION, snapshot -> snapshot.attributes().getOrDefault(DESCRIPTION, ""), "encrypted",
                snapshot -> Boolean.toString(snapshot.encrypted()),
                "progress",
                _ -> "100%", "storage-tier", _ -> "standard", "start-time", snapshot -> snapshot.created().toString());
    }

    private static void describe(Call call, Snapshot snapshot, long storedBytes) {
        var xml = call.xml();
        xml.element("snapshotId", snapshot.id()).element("volumeId", snapshot.volumeId()).element("status", "completed")
                .element("startTime", snapshot.created()).element("completionTime", snapshot.created())
                .element("progress", "100%")
                .element("ownerId", call.settings().account())
                .element("volumeSize", Volumes.gibibytes(snapshot.sizeBytes())).element("sizeBytes", snapshot.sizeBytes())
                .element("fullSnapshotSizeInBytes", storedBytes)
                .element(DESCRIPTION, Tags.shown(snapshot.attributes().getOrDefault(DESCRIPTION, "")))
                .element("encrypted", snapshot.encrypted())
                .element("storageTier", "standard");
        Tags.write(xml, snapshot.tags());
    }
}
