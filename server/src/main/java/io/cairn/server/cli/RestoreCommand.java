package io.cairn.server.cli;

import io.cairn.replication.Archive;
import io.cairn.replication.CorruptArchiveException;
import io.cairn.replication.Restore;
import io.cairn.replication.Restore.Restored;
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
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
    @Option(names = "--timeline", paramLabel = "ID", description = "which timeline, of 16 hexadecimal digits (default: of each engine the newest that has TIME)")
    @Nullable
    String timeline;

    @Option(names = "--only", paramLabel = "objects|kv|volumes", description = "restore these alone; the others begin empty (default: all that is archived)")
    @Nullable
    String only;

    RestoreCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        var target = target(to);
        if (timeline != null)
            requireTimeline(timeline);
        var root = root();
        var wanted = wanted();
        var engines = wanted.stream().filter(engine -> Files.isDirectory(engine.in(root))).toList();
        if (engines.isEmpty())
            throw new CommandException("there is no archive in %s: %s is no directory".formatted(root,
                    wanted.stream().map(engine -> engine.in(root).toString()).collect(Collectors.joining(" or "))),
                    ExitCode.USAGE);
        try {
            RestoredDirectory.build(into, data -> {
                for (var engine : wanted)
                    if (engines.contains(engine))
                        restore(engine, engine.in(root), target, timelineOf(engine, engines, root), data);
                    else
                        invocation.out().println(engine.directory() + ": not in this archive, and so empty");
            });
        } catch (ServerStartException e) {
            throw new CommandException(String.valueOf(e.getMessage()), ExitCode.USAGE).because(e);
        } catch (RestoreRefusedException e) {
            throw new CommandException(String.valueOf(e.getMessage()), ExitCode.SOFTWARE).because(e);
        } catch (CorruptArchiveException e) {
            throw new CommandException("the archive in " + root + " is damaged: " + e.getMessage(), Main.DAMAGED).because(e);
        } catch (StoreFailedException e) {
            throw new CommandException(String.valueOf(e.getMessage()), ExitCode.SOFTWARE).because(e);
        }
        invocation.out().printf("restored into %s; start it with: bin/cairn server --data %s%n", into, into);
        return 0;
    }

    private void restore(StoredEngine engine, Path place, Target target, OptionalLong only, Path data) {
        Restored restored;
        try {
            restored = engine.restore(Archive.directory(place), target, only, data);
        } catch (RestoreRefusedException e) {
            throw new RestoreRefusedException(engine.directory() + ": " + e.getMessage());
        }
        invocation.out().printf("%s as of %s: log index %d, %d bytes read, timeline %016x%n", engine.directory(),
                Restore.instant(restored.stamp()), restored.index(), restored.bytes(), restored.timeline());
    }

    /// The timeline that was named is one engine's; the others choose theirs by the instant.
    private OptionalLong timelineOf(StoredEngine engine, List<StoredEngine> all, Path root) throws IOException {
        if (timeline == null)
            return OptionalLong.empty();
        var owner = all.getFirst(); // which says that it has none, when nobody has
        for (var each : all)
            if (!Archive.directory(each.in(root)).list("0/" + timeline + "/").isEmpty())
                owner = each;
        return engine == owner ? OptionalLong.of(Long.parseUnsignedLong(timeline, 16)) : OptionalLong.empty();
    }

    private List<StoredEngine> wanted() {
        var all = List.of(StoredEngine.values());
        if (only == null)
            return all;
        return List.of(all.stream().filter(engine -> engine.directory().equals(only)).findFirst().orElseThrow(
                () -> new CommandException("--only cannot be `" + only + "`; it must be objects, kv or volumes",
                        ExitCode.USAGE)));
    }

    private Path root() {
        return from != null
                ? from
                : config.settings(invocation).path(Setting.ARCHIVE).orElseThrow(
                        () -> new CommandException("no archive is configured; name its directory with --from", ExitCode.USAGE));
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

    private static void requireTimeline(String text) {
        if (!text.matches("[0-9a-f]{16}"))
            throw new CommandException("--timeline cannot be `" + text + "`; it must be 16 hexadecimal digits", ExitCode.USAGE);
    }
}
