package io.cairn.server.cli;

import io.cairn.object.ObjectStore;
import io.cairn.replication.Archive;
import io.cairn.replication.CorruptArchiveException;
import io.cairn.replication.Restore;
import io.cairn.replication.Restore.Target;
import io.cairn.replication.RestoreRefusedException;
import io.cairn.replication.StoreFailedException;
import io.cairn.server.RestoredDirectory;
import io.cairn.server.ServerStartException;
import io.cairn.server.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cairn restore`: builds a data directory from an archive. Reads the archive alone; the server that writes it may run on.
@Command(name = "restore", mixinStandardHelpOptions = true, description = {
        "Makes a data directory as it was at an instant, from an archive.",
        "Everything changed up to that instant is there, nothing later. The archive is only read."})
final class RestoreCommand implements Callable<Integer> {
    private final Invocation invocation;
    @Mixin
    private final ConfigOptions config = new ConfigOptions();

    @Option(names = "--to", required = true, paramLabel = "TIME", description = "instant, such as 2026-05-01T12:30:00Z or 2026-05-01T14:30:00.25+02:00, or latest")
    String to = "";
    @Option(names = "--into", required = true, paramLabel = "DIR", description = "the data directory to make; it must not exist")
    Path into = Path.of("");
    @Option(names = "--from", paramLabel = "ARCHIVE", description = "the directory given as --archive to the server (default: as configured)")
    @Nullable
    Path from;
    @Option(names = "--timeline", paramLabel = "ID", description = "which timeline, of 16 hexadecimal digits (default: the newest that has TIME)")
    @Nullable
    String timeline;

    RestoreCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        var target = target(to);
        var only = timeline == null ? OptionalLong.empty() : OptionalLong.of(timeline(timeline));
        var place = archive();
        var archive = Archive.directory(place);
        try {
            RestoredDirectory.build(into, data -> {
                var restored = ObjectStore.restore(archive, target, only, data.resolve("objects"));
                invocation.out().printf("objects as of %s: log index %d, %d bytes read, timeline %016x%n",
                        Restore.instant(restored.stamp()), restored.index(), restored.bytes(), restored.timeline());
            });
        } catch (ServerStartException e) {
            throw new CommandException(String.valueOf(e.getMessage()), ExitCode.USAGE).because(e);
        } catch (RestoreRefusedException e) {
            throw new CommandException(String.valueOf(e.getMessage()), ExitCode.SOFTWARE).because(e);
        } catch (CorruptArchiveException e) {
            throw new CommandException("the archive in " + place + " is damaged: " + e.getMessage(), Main.DAMAGED).because(e);
        } catch (StoreFailedException e) {
            throw new CommandException(String.valueOf(e.getMessage()), ExitCode.SOFTWARE).because(e);
        }
        invocation.out().printf("restored into %s; start it with: bin/cairn server --data %s%n", into, into);
        return 0;
    }

    private Path archive() {
        var root = from != null
                ? from
                : config.settings(invocation).path(Setting.ARCHIVE).orElseThrow(
                        () -> new CommandException("no archive is configured; name its directory with --from", ExitCode.USAGE));
        var place = Assembly.objectArchive(root);
        if (!Files.isDirectory(place))
            throw new CommandException("there is no archive in " + root + ": " + place + " is no directory", ExitCode.USAGE);
        return place;
    }

    private static Target target(String text) {
        if (text.equals("latest"))
            return new Target.Latest();
        try {
            return new Target.At(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeException | ArithmeticException e) {
            throw new CommandException(
                    "--to cannot be `" + text + "`; it must be an instant such as 2026-05-01T12:30:00Z, or latest",
                    ExitCode.USAGE).because(e);
        }
    }

    private static long timeline(String text) {
        if (!text.matches("[0-9a-f]{16}"))
            throw new CommandException("--timeline cannot be `" + text + "`; it must be 16 hexadecimal digits", ExitCode.USAGE);
        return Long.parseUnsignedLong(text, 16);
    }
}
