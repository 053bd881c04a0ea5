package io.cairn.server.cli;

import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.ExitCode;

/// Finds volumes and snapshots by what people call them, with the rules of the server's NBD exports: by id, else by the tag `Name` if no other has
/// it. A snapshot is `VOLUME@SNAPSHOT`, or its id alone; its volume may be gone, and is named by its id then.
final class DiskNames {
    private static final String SNAPSHOT_PREFIX = "snap-";
    private static final String NAME = "tag:Name";
    private final Ec2 ec2;

    DiskNames(Ec2 ec2) {
        this.ec2 = ec2;
    }

    static boolean isSnapshot(String export) {
        return export.indexOf('@') >= 0 || export.startsWith(SNAPSHOT_PREFIX);
    }

    /// Refuses a name by which nothing could be found.
    static void check(String name) {
        if (name.isEmpty() || name.indexOf('@') >= 0 || name.startsWith(SNAPSHOT_PREFIX) || name.startsWith("vol-"))
            throw new CommandException(
                    "`" + Rows.printable(name)
                            + "` cannot be a name: one is not empty, has no @ and does not begin as ids do (vol-, snap-)",
                    ExitCode.USAGE);
    }

    Ec2.Volume volume(String name) {
        if (isSnapshot(name))
            throw new CommandException("`" + Rows.printable(name) + "` is a snapshot's name, and a volume is needed",
                    ExitCode.USAGE);
        return only(volumes(name), "volume", name, "bin/cairn volume ls");
    }

    private List<Ec2.Volume> volumes(String name) {
        var byId = ec2.volumes("volume-id", name);
        return byId.isEmpty() ? ec2.volumes(NAME, name) : byId;
    }

    Ec2.Snapshot snapshot(String export) {
        if (!isSnapshot(export))
            throw new CommandException(
                    "`" + Rows.printable(export) + "` is a volume's name; a snapshot is VOLUME@SNAPSHOT, or its id",
                    ExitCode.USAGE);
        int at = export.lastIndexOf('@');
        if (at < 0)
            return only(ec2.snapshots("snapshot-id", export), "snapshot", export, "bin/cairn snapshot ls");
        var volume = export.substring(0, at);
        var name = export.substring(at + 1);
        var owners = volumes(volume);
        // Of a volume that was removed its snapshots still know the id.
        var owner = owners.isEmpty() ? volume : only(owners, "volume", volume, "bin/cairn volume ls").id();
        var siblings = ec2.snapshots("volume-id", owner);
        if (owners.isEmpty() && siblings.isEmpty())
            throw unknown("volume", volume, "bin/cairn volume ls");
        var byId = siblings.stream().filter(snapshot -> snapshot.id().equals(name)).toList();
        var found = byId.isEmpty()
                ? siblings.stream().filter(snapshot -> !name.isEmpty() && snapshot.name().equals(name)).toList()
                : byId;
        return only(found, "snapshot", export, "bin/cairn snapshot ls");
    }

    Ec2.Disk disk(String export) {
        return isSnapshot(export) ? snapshot(export) : volume(export);
    }

    private static <T extends Ec2.Disk> T only(List<T> found, String kind, String name, String list) {
        if (found.isEmpty())
            throw unknown(kind, name, list);
        if (found.size() > 1)
            throw new CommandException(
                    "`%s` is ambiguous: %d %ss have this name; use an id: %s".formatted(Rows.printable(name), found.size(),
                            kind, found.stream().limit(5).map(Ec2.Disk::id).collect(Collectors.joining(", "))));
        return found.getFirst();
    }

    private static CommandException unknown(String kind, String name, String list) {
        return new CommandException(
                "there is no %s `%s`; see which there are with: %s".formatted(kind, Rows.printable(name), list));
    }

    /// Refuses a name that a volume has: none of the two could be named by it then.
    void requireFree(String name) {
        check(name);
        if (!ec2.volumes(NAME, name).isEmpty())
            throw new CommandException("there is a volume `" + name
                    + "` already; choose another name, or remove it first with: bin/cairn volume delete");
    }

    /// The same for a snapshot of one volume.
    void requireFree(Ec2.Volume volume, String name) {
        check(name);
        if (ec2.snapshots("volume-id", volume.id()).stream().anyMatch(snapshot -> snapshot.name().equals(name)))
            throw new CommandException("there is a snapshot `" + name
                    + "` of it already; choose another name, or remove it first with: bin/cairn snapshot delete");
    }

    /// The name by which `disk` is found among `all`, those that it may be confused with.
    static <T extends Ec2.Disk> String nameOf(T disk, List<T> all) {
        var name = disk.name();
        boolean unique = !name.isEmpty() && name.indexOf('@') < 0 && !name.startsWith(SNAPSHOT_PREFIX)
                && all.stream().filter(each -> each.name().equals(name)).count() == 1;
        return unique ? name : disk.id();
    }

    /// What NBD clients ask for.
    String export(Ec2.Volume volume) {
        return nameOf(volume, volume.name().isEmpty() ? List.of() : ec2.volumes(NAME, volume.name()));
    }

    String export(Ec2.Snapshot snapshot) {
        var owner = ec2.volumes("volume-id", snapshot.volumeId()).stream().findFirst();
        return owner.map(this::export).orElse(snapshot.volumeId()) + "@"
                + nameOf(snapshot, ec2.snapshots("volume-id", snapshot.volumeId()));
    }
}
