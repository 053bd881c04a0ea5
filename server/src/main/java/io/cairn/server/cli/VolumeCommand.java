package io.cairn.server.cli;

import static io.cairn.server.cli.Rows.Column.number;
import static io.cairn.server.cli.Rows.Column.text;

import io.cairn.server.cli.image.DiskImage;
import io.cairn.server.cli.image.ImageException;
import io.cairn.server.cli.image.ImageFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `cairn volume`: makes, lists, changes, copies and removes volumes of a running server. What a volume is and does is the server's; its data go over NBD.
@Command(name = "volume", mixinStandardHelpOptions = true, description = "Makes, lists, resizes, clones, imports, exports and removes volumes, which NBD clients attach.")
final class VolumeCommand {
    private static final String DEFAULT_TYPE = "gp3";
    private final Invocation invocation;

    VolumeCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Command(name = "create", mixinStandardHelpOptions = true, description = "Makes a blank volume and prints its NBD export name.")
    int create(@Mixin ClientOptions client, @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--size", required = true, paramLabel = "SIZE", description = "such as 10GiB or 512MiB; rounded up to 4 KiB") String size,
            @Option(names = "--type", paramLabel = "TYPE", defaultValue = DEFAULT_TYPE, description = "EC2's: gp3 (the default), gp2, st1, sc1, standard; or ephemeral: without snapshots, and empty again when the server starts") String type,
            @Option(names = "--encrypted", description = "encrypts it on the disk, for good, and its snapshots and clones with it") boolean encrypted) {
        long bytes = ByteSize.parse(size);
        DiskNames.check(name);
        try (var ec2 = client.connectToVolumes(invocation)) {
            var names = new DiskNames(ec2);
            names.requireFree(name);
            invocation.out().println(names.export(ec2.createVolume(name, bytes, type, encrypted)));
        } catch (Ec2Exception e) {
            throw e.forPeople();
        }
        return 0;
    }

    @Command(name = "list", aliases = "ls", mixinStandardHelpOptions = true, description = "Lists the volumes.")
    int list(@Mixin ClientOptions client) throws IOException {
        boolean json = client.json(invocation);
        try (var ec2 = client.connectToVolumes(invocation)) {
            var volumes = ec2.volumes();
            try (var rows = new Rows(invocation, json, text("export", 24), text("id", 21), number("size", 10),
                    number("stored", 10),
                    text("type", 9), text("created", 24), text("snapshot", 0))) {
                for (var volume : volumes)
                    rows.add(DiskNames.nameOf(volume, volumes), volume.id(), size(json, volume.sizeBytes()),
                            size(json, volume.storedBytes()), volume.type(), volume.created(),
                            volume.snapshotId().isEmpty() ? null : volume.snapshotId());
            }
        } catch (Ec2Exception e) {
            throw e.forPeople();
        }
        return 0;
    }

    /// Exact for programs, short for people.
    static Object size(boolean json, long bytes) {
        return json ? (Object) bytes : Progress.size(bytes);
    }

    @Command(name = "resize", mixinStandardHelpOptions = true, description = "Makes a volume larger; what attaches it afterwards sees the new size.")
    int resize(@Mixin ClientOptions client, @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--size", required = true, paramLabel = "SIZE", description = "such as 20GiB") String size) {
        long bytes = ByteSize.parse(size);
        try (var ec2 = client.connectToVolumes(invocation)) {
            ec2.resizeVolume(new DiskNames(ec2).volume(name).id(), bytes);
        } catch (Ec2Exception e) {
            throw e.forPeople();
        }
        return 0;
    }

    @Command(name = "delete", aliases = "rm", mixinStandardHelpOptions = true, description = "Removes a volume; its snapshots and clones stay.")
    int delete(@Mixin ClientOptions client, @Parameters(paramLabel = "NAME") String name) {
        try (var ec2 = client.connectToVolumes(invocation)) {
            ec2.deleteVolume(new DiskNames(ec2).volume(name).id());
        } catch (Ec2Exception e) {
            throw e.forPeople();
        }
        return 0;
    }

    @Command(name = "clone", mixinStandardHelpOptions = true, description = "Makes a volume that begins as a snapshot, or as another volume is now. Copies nothing.")
    int clone(@Mixin ClientOptions client,
            @Parameters(paramLabel = "EXPORT", description = "NAME or NAME@SNAPSHOT") String from,
            @Parameters(paramLabel = "NEWNAME") String name) {
        DiskNames.check(name);
        try (var ec2 = client.connectToVolumes(invocation)) {
            var names = new DiskNames(ec2);
            var disk = names.disk(from);
            names.requireFree(name);
            try (var instant = Instantaneous.of(ec2, disk)) {
                invocation.out().println(names.export(ec2.cloneVolume(name, instant.id(), DEFAULT_TYPE)));
            }
        } catch (Ec2Exception e) {
            throw e.forPeople();
        }
        return 0;
    }

    @Command(name = "import", mixinStandardHelpOptions = true, description = "Makes a volume of an image, raw or qcow2 as its first bytes say, and prints its NBD export name.")
    int importImage(@Mixin ClientOptions client, @Parameters(paramLabel = "FILE") Path file,
            @Parameters(paramLabel = "NAME") String name,
            @Option(names = "--type", paramLabel = "TYPE", defaultValue = DEFAULT_TYPE, description = "EC2's: gp3 (the default), gp2, st1, sc1, standard") String type,
            @Option(names = "--encrypted", description = "encrypts it on the disk, for good, and its snapshots and clones with it") boolean encrypted)
            throws IOException {
        DiskNames.check(name);
        if (!Files.isRegularFile(file))
            throw new CommandException(file + (Files.exists(file) ? " is no regular file" : " does not exist"));
        try (var image = DiskImage.open(file); var ec2 = client.connectToVolumes(invocation)) {
            if (image.sizeBytes() == 0)
                throw new CommandException(file + " holds a disk of 0 bytes, and a volume has at least one");
            var names = new DiskNames(ec2);
            names.requireFree(name);
            try (var progress = new Progress(invocation, name, image.sizeBytes())) {
                var imported = new VolumeImport(invocation, ec2, client.nbd(invocation)).run(image, name, type, encrypted,
                        progress);
                invocation.out().println(names.export(imported));
            }
        } catch (Ec2Exception e) {
            throw e.forPeople();
        } catch (ImageException e) {
            throw new CommandException(Rows.printable(String.valueOf(e.getMessage()))).because(e);
        }
        return 0;
    }

    @Command(name = "export", mixinStandardHelpOptions = true, description = "Writes a volume, as it is now, or a snapshot into an image. Holes stay holes.")
    int exportImage(@Mixin ClientOptions client,
            @Parameters(paramLabel = "EXPORT", description = "NAME or NAME@SNAPSHOT") String export,
            @Parameters(paramLabel = "FILE", description = "is replaced when there is one") Path file,
            @Option(names = "--format", paramLabel = "raw|qcow2", description = "default: qcow2 if FILE ends with .qcow2, else raw") @Nullable String format)
            throws IOException {
        var as = format == null ? ImageFormat.of(file) : format(format);
        if (Files.exists(file) && !Files.isRegularFile(file) || file.getFileName() == null)
            throw new CommandException(file + " is no regular file");
        try (var ec2 = client.connectToVolumes(invocation);
                var instant = Instantaneous.of(ec2, new DiskNames(ec2).disk(export));
                var disk = NbdDisk.attach(client.nbd(invocation), instant.id());
                var progress = new Progress(invocation, export, disk.sizeBytes())) {
            as.write(disk, file, progress);
        } catch (Ec2Exception e) {
            throw e.forPeople();
        }
        return 0;
    }

    private static ImageFormat format(String name) {
        for (var format : ImageFormat.values())
            if (format.name().toLowerCase(Locale.ROOT).equals(name))
                return format;
        throw new CommandException("--format cannot be `" + name + "`; it must be raw or qcow2", ExitCode.USAGE);
    }
}
