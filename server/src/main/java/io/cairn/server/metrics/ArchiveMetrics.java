package io.cairn.server.metrics;

import io.cairn.replication.ArchiveStatus;
import java.util.function.Supplier;

/// How far an engine is archived, as series.
public final class ArchiveMetrics {
    private ArchiveMetrics() {}

    public static void register(Registry registry, String engine, Supplier<ArchiveStatus> status) {
        registry.gauge("cairn_archive_reached_seconds",
                "Instant up to which can be restored, seconds since 1970; 0 before the first base",
                () -> status.get().stamp() / 1e6, "engine", engine);
        registry.gauge("cairn_archive_index", "Newest log entry that can be restored", () -> status.get().index(), "engine",
                engine);
        registry.gauge("cairn_archive_behind_entries", "Log entries that are not archived yet", () -> status.get().behindIndex(),
                "engine", engine);
        registry.gauge("cairn_archive_lag_seconds", "How far the newest change lies ahead of the newest archived one",
                () -> status.get().lagMicros() / 1e6, "engine", engine);
        registry.gauge("cairn_archive_written_bytes", "Bytes put into the archive since the start", () -> status.get().bytes(),
                "engine", engine);
        registry.gauge("cairn_archive_failing", "1 while the archive refuses what is put",
                () -> status.get().failure().isPresent() ? 1 : 0,
                "engine", engine);
        registry.gauge("cairn_archive_gaps", "Timelines given up since the start: instants in between cannot be restored",
                () -> status.get().gaps(), "engine", engine);
    }
}
