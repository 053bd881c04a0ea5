package io.cairn.server.cli;

import static io.cairn.server.cli.Rows.Column.number;
import static io.cairn.server.cli.Rows.Column.text;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn snapshot`: takes, lists, compares and removes snapshots of a running server's volumes.
@Command(name = "snapshot", mixinStandardHelpOptions = true, description = "Takes, lists, compares and removes snapshots of volumes.")
final class SnapshotCommand {
    private final Invocation invocation;

    SnapshotCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Takes a snapshot and prints its NBD export name. Copies nothing.")
    int create(@Mixin ClientOptions client, @Parameters(paramLabel = "VOLUME") String volumeName,
            @Option(names = "--name", paramLabel = "NAME", defaultValue = "", description = "default: none, its id names it") String name) {
        if (!name.isEmpty())
            DiskNames.check(name);
        try (var ec2 = client.connectToVolumes(invocation)) {
            var names = new DiskNames(ec2);
            var volume = names.volume(volumeName);
            if (!name.isEmpty())
                names.requireFree(volume, name);
            invocation.out().println(names.export(ec2.createSnapshot(volume.id(), name, "")));
        } catch (Ec2Exception e) {
            throw e.forPeople();
        }
        return 0;
    }

    @Command(name = "list", aliases = "ls", mixinStandardHelpOptions = true, description = "Lists the snapshots.")
    int list(@Mixin ClientOptions client) throws IOException {
        boolean json = client.json(invocation);
        try (var ec2 = client.connectToVolumes(invocation)) {
            var volumes = ec2.volumes();
            var owners = volumes.stream().collect(Collectors.toMap(Ec2.Volume::id, volume -> DiskNames.nameOf(volume, volumes)));
            var siblings = ec2.snapshots().stream().collect(Collectors.groupingBy(Ec2.Snapshot::volumeId));
            try (var rows = new Rows(invocation, json, text("export", 32), text("id", 22), text("volume", 21), number("size", 10),
                    number("stored", 10), text("created", 0))) {
                for (var of : siblings.values())
                    list(rows, json, of, owners.getOrDefault(of.getFirst().volumeId(), of.getFirst().volumeId()));
            }
        } catch (Ec2Exception e) {
            throw e.forPeople();
        }
        return 0;
    }

    private static void list(Rows rows, boolean json, List<Ec2.Snapshot> siblings, String owner) throws IOException {
        for (var snapshot : siblings)
            rows.add(owner + "@" + DiskNames.nameOf(snapshot, siblings), snapshot.id(), snapshot.volumeId(),
                    VolumeCommand.size(json, snapshot.sizeBytes()), VolumeCommand.size(json, snapshot.storedBytes()),
                    snapshot.created());
    }

    @Command(name = "delete", aliases = "rm", mixinStandardHelpOptions = true, description = "Removes a snapshot; what was cloned from it stays.")
    int delete(@Mixin ClientOptions client, @Parameters(paramLabel = "VOLUME@SNAPSHOT") String export) {
        try (var ec2 = client.connectToVolumes(invocation)) {
            ec2.deleteSnapshot(new DiskNames(ec2).snapshot(export).id());
        } catch (Ec2Exception e) {
            throw e.forPeople();
        }
        return 0;
    }

    @Command(name = "diff", mixinStandardHelpOptions = true, description = "Lists the ranges, in whole blocks of 4 KiB, in which two volumes or snapshots differ. What the shorter one does not have counts as zeros.")
    int diff(@Mixin ClientOptions client, @Parameters(paramLabel = "EXPORT", description = "NAME or NAME@SNAPSHOT") String first,
            @Parameters(paramLabel = "EXPORT", description = "NAME or NAME@SNAPSHOT") String second) throws IOException {
        boolean json = client.json(invocation);
        try (var ec2 = client.connectToVolumes(invocation)) {
            var names = new DiskNames(ec2);
            var one = names.disk(first).id();
            var other = names.disk(second).id();
            var nbd = client.nbd(invocation);
            try (var a = NbdDisk.attach(nbd, one);
                    var b = NbdDisk.attach(nbd, other);
                    var changes = changes(nbd, a, b, one, other);
                    var progress = new Progress(invocation, "compared", Math.max(a.sizeBytes(), b.sizeBytes()));
                    var rows = new Rows(invocation, json, number("offset", 16), number("length", 16))) {
                new DiskDifference(a, b, changes == null ? null : changes::changed)
                        .each(progress, range -> rows.add(range.offset(), range.length()));
            }
        } catch (Ec2Exception e) {
            throw e.forPeople();
        }
        return 0;
    }

    /// The server knows where two disks may differ if one of them is a snapshot: asked of the larger, that is said of all that there is. Null when it does not.
    private static @Nullable NbdDisk changes(NbdAddress nbd, NbdDisk a, NbdDisk b, String one, String other) throws IOException {
        boolean sinceOne = isSnapshot(one) && b.sizeBytes() >= a.sizeBytes();
        if (!sinceOne && !(isSnapshot(other) && a.sizeBytes() >= b.sizeBytes()))
            return null;
        var asked = sinceOne ? NbdDisk.attachSince(nbd, other, one) : NbdDisk.attachSince(nbd, one, other);
        if (asked.tellsChanges())
            return asked;
        asked.close();
        return null;
    }

    private static boolean isSnapshot(String id) {
        return id.startsWith("snap-");
    }
}
