package io.cairn.replication.internal.log;

import io.cairn.replication.Extent.Home;
import io.cairn.replication.internal.archive.BlobRef;
import io.cairn.replication.internal.archive.CheckpointManifest;
import io.cairn.replication.internal.archive.CheckpointManifest.Entry;
import io.cairn.replication.internal.archive.Timeline;
import io.cairn.replication.internal.extent.FileNames;
import io.cairn.replication.internal.store.AppliedState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.zip.CRC32C;

/// Puts a checkpoint's files into the archive. Files of the store are blobs named by their SHA-256, so what did not change since the
/// last checkpoint is not put again; log files and extents that segments brought are named where they are, and only those from before
/// the timeline are put.
final class BaseCheckpoint {
    private static final int BUFFER_BYTES = 1 << 20;
    private final Path directory;
    private final ArchivedTimeline timeline;
    private final BooleanSupplier stopped;

    /// @param stopped asked between files: then `InterruptedException`
    BaseCheckpoint(Path directory, ArchivedTimeline timeline, BooleanSupplier stopped) {
        this.directory = directory;
        this.timeline = timeline;
        this.stopped = stopped;
    }

    /// Puts the files and returns the manifest that names them, which is not put yet.
    CheckpointManifest upload(AppliedState state) throws IOException, InterruptedException {
        var entries = new ArrayList<Entry>();
        for (var file : list("db"))
            if (!file.equals("LOCK") && !file.equals("LOG") && !file.startsWith("LOG.old"))
                entries.add(new Entry("db/" + file, List.of(content(directory.resolve("db").resolve(file)))));
        for (var file : list("log")) {
            long number = FileNames.number(Home.LOG, file).orElseThrow();
            // From that file on, segments have the log.
            if (number < state.file())
                entries.add(new Entry("log/" + file, logFile(number, directory.resolve("log").resolve(file))));
        }
        for (var file : list("extents"))
            entries.add(new Entry("extents/" + file, List.of(extentFile(file))));
        var before = timeline.checkpoint();
        return new CheckpointManifest(timeline.timeline().id(), before == null ? 1 : before.sequence() + 1, state.index(),
                state.stamp(), state.file(), state.offset(), entries);
    }

    private List<String> list(String kind) throws IOException {
        try (var files = Files.list(directory.resolve(kind))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private List<BlobRef> logFile(long number, Path file) throws IOException, InterruptedException {
        var known = timeline.logFile(number);
        return known != null ? known : List.of(content(file));
    }

    private BlobRef extentFile(String name) throws IOException, InterruptedException {
        requireGoingOn();
        long number = FileNames.number(Home.OWN_FILE, name).orElseThrow();
        var known = timeline.extentFile(number);
        if (known != null)
            return known;
        var file = directory.resolve("extents").resolve(name);
        try (var in = Files.newInputStream(file)) {
            return timeline.putExtent(number, Files.size(file), in);
        }
    }

    private BlobRef content(Path file) throws IOException, InterruptedException {
        requireGoingOn();
        var sha256 = sha256();
        var crc = new CRC32C();
        long bytes = 0;
        try (var in = Files.newInputStream(file)) {
            var buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                sha256.update(buffer, 0, count);
                crc.update(buffer, 0, count);
                bytes += count;
            }
        }
        var name = Timeline.FILES + HexFormat.of().formatHex(sha256.digest());
        if (!timeline.hasContent(name))
            try (var in = Files.newInputStream(file)) {
                timeline.putContent(name, bytes, in);
            }
        return new BlobRef(name, bytes, (int) crc.getValue());
    }

    private void requireGoingOn() throws InterruptedException {
        if (stopped.getAsBoolean())
            throw new InterruptedException("the log is closing");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
