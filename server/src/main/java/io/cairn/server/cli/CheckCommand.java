package io.cairn.server.cli;

import io.cairn.object.CheckReport;
import io.cairn.object.ObjectStore;
import io.cairn.replication.Damage;
import io.cairn.replication.StoreFailedException;
import java.nio.file.Files;
import java.util.concurrent.Callable;
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
        var objects = DataDirectory.of(config.settings(invocation)).path().resolve("objects");
        if (!Files.isDirectory(objects))
            throw new CommandException("there is no " + objects + "; name a server's data directory with --data", ExitCode.USAGE);
        try {
            var report = ObjectStore.check(objects, this::tell);
            tell(report);
            return report.sound() ? ExitCode.OK : ExitCode.SOFTWARE;
        } catch (StoreFailedException e) {
            throw new CommandException(String.valueOf(e.getMessage())).because(e);
        }
    }

    private void tell(Damage damage) {
        invocation.out().println("damaged: objects/" + (damage.file().isEmpty() ? "" : "0/") + Rows.printable(damage.text()));
    }

    private void tell(CheckReport report) {
        var out = invocation.out();
        out.printf("buckets %d, objects %d, older versions %d, delete markers %d: %d bytes%n", report.buckets(), report.objects(),
                report.versions(), report.markers(), report.objectBytes());
        out.printf("unfinished uploads %d: %d bytes in parts%n", report.uploads(), report.partBytes());
        out.printf("log %d bytes, %d alive, %d entries; extents %d bytes, %d alive; rows %d bytes%n", report.logBytes(),
                report.liveLogBytes(), report.entries(), report.extentBytes(), report.liveExtentBytes(), report.storeBytes());
        if (report.unapplied() > 0)
            out.printf("%d %s of the log %s not applied yet: what they changed is checked as bytes, not counted; "
                    + "open the store once to count it%n", report.unapplied(), report.unapplied() == 1 ? "entry" : "entries",
                    report.unapplied() == 1 ? "is" : "are");
        out.println(report.sound() ? "sound" : report.damages() + " damaged");
    }
}
