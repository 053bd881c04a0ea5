package io.cairn.server.cli;

import io.cairn.block.BlockStore;
import io.cairn.block.KeySource;
import io.cairn.kv.KvStore;
import io.cairn.object.ObjectStore;
import io.cairn.replication.Damage;
import io.cairn.replication.StoreFailedException;
import io.cairn.server.iam.InvalidCredentialsException;
import io.cairn.server.keys.VolumeKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;

/// `cairn check`: reads every byte of a data directory that no server uses, and changes none.
@Command(name = "check", mixinStandardHelpOptions = true, description = {
        "Reads all stored bytes that have checksums and holds them against these and one another: stop the server first. Exit code 0 when all is sound, 1 when damage was found.",
        "Entries of the log that are not applied yet, after a kill or a restore, are checked as bytes only; the next start applies them. After a power cut, damage to precisely the last group of the log cannot be told from a write that was cut off. ARCHIVED and RocksDB's IDENTITY, OPTIONS and LOG have no checksums."})
final class CheckCommand implements Callable<Integer> {
    private final Invocation invocation;
    @Mixin
    private final ConfigOptions config = new ConfigOptions();

    CheckCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        var data = DataDirectory.of(config.settings(invocation)).path();
        var engines = Arrays.stream(StoredEngine.values()).filter(engine -> Files.isDirectory(engine.in(data))).toList();
        if (engines.isEmpty())
            throw new CommandException("there is no " + StoredEngine.OBJECTS.in(data) + ", no " + StoredEngine.ITEMS.in(data)
                    + " and no " + StoredEngine.VOLUMES.in(data)
                    + "; name a server's data directory with --data", ExitCode.USAGE);
        var keys = keys(data);
        long damages = 0;
        @Nullable
        StoreFailedException failure = null;
        for (var engine : engines)
            try {
                damages += check(engine, engine.in(data), keys);
            } catch (StoreFailedException e) { // the other may be read
                failure = failure == null ? e : failure;
            }
        if (failure != null)
            throw new CommandException(String.valueOf(failure.getMessage())).because(failure);
        invocation.out().println(damages == 0 ? "sound" : damages + " damaged");
        return damages == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private KeySource keys(Path data) {
        try {
            return VolumeKeys.of(data, invocation.environment());
        } catch (InvalidCredentialsException e) {
            throw new CommandException(String.valueOf(e.getMessage()), ExitCode.USAGE).because(e);
        }
    }

    private long check(StoredEngine engine, Path directory, KeySource keys) {
        return switch (engine) {
            case OBJECTS -> objects(directory);
            case ITEMS -> items(directory);
            case VOLUMES -> volumes(directory, keys);
        };
    }

    private void tell(StoredEngine engine, Damage damage) {
        invocation.out().println("damaged: " + engine.directory() + "/" + (damage.file().isEmpty() ? "" : "0/")
                + Rows.printable(damage.text()));
    }

    private long objects(Path directory) {
        var report = ObjectStore.check(directory, damage -> tell(StoredEngine.OBJECTS, damage));
        var out = invocation.out();
        out.printf("buckets %d, objects %d, older versions %d, delete markers %d: %d bytes%n", report.buckets(), report.objects(),
                report.versions(), report.markers(), report.objectBytes());
        out.printf("unfinished uploads %d: %d bytes in parts%n", report.uploads(), report.partBytes());
        out.printf("log %d bytes, %d alive, %d entries; extents %d bytes, %d alive; rows %d bytes%n", report.logBytes(),
                report.liveLogBytes(), report.entries(), report.extentBytes(), report.liveExtentBytes(), report.storeBytes());
        unapplied(report.unapplied());
        return report.damages();
    }

    private long items(Path directory) {
        var report = KvStore.check(directory, damage -> tell(StoredEngine.ITEMS, damage));
        var out = invocation.out();
        out.printf("tables %d, items %d: %d bytes; index rows %d, stream records %d%n", report.tables(), report.items(),
                report.itemBytes(), report.indexRows(), report.streamRecords());
        out.printf("log %d bytes, %d entries; extents %d bytes; rows %d bytes%n", report.logBytes(), report.entries(),
                report.extentBytes(), report.storeBytes());
        unapplied(report.unapplied());
        return report.damages();
    }

    private long volumes(Path directory, KeySource keys) {
        var report = BlockStore.check(directory, keys, damage -> tell(StoredEngine.VOLUMES, damage));
        var out = invocation.out();
        out.printf("volumes %d, snapshots %d: %d bytes in blocks%n", report.volumes(), report.snapshots(), report.storedBytes());
        if (report.unopenedBlocks() > 0)
            out.printf(
                    "%d encrypted blocks could not be opened: their bytes are checked, what they say is not; the master key is missing or another one%n",
                    report.unopenedBlocks());
        out.printf("log %d bytes, %d entries; extents %d bytes; rows %d bytes%n", report.logBytes(), report.entries(),
                report.extentBytes(), report.storeBytes());
        unapplied(report.unapplied());
        return report.damages();
    }

    private void unapplied(long entries) {
        if (entries > 0)
            invocation.out().printf("%d %s of the log %s not applied yet: what they changed is checked as bytes, not counted; "
                    + "open the store once to count it%n", entries, entries == 1 ? "entry" : "entries",
                    entries == 1 ? "is" : "are");
    }
}
