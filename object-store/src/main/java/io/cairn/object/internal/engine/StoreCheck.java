package io.cairn.object.internal.engine;

import io.cairn.object.CheckReport;
import io.cairn.object.internal.row.ObjectSpace;
import io.cairn.replication.Damage;
import io.cairn.replication.Engine;
import io.cairn.replication.EngineDirectory;
import io.cairn.replication.LogInspection;
import io.cairn.replication.LogInspection.Totals;
import io.cairn.replication.StoreFailedException;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Files first, since they can be read whatever rows say; then rows, each extent that one names read once more, so that damage is told
/// with the object that it hits.
public final class StoreCheck {
    private StoreCheck() {}

    private static final class Counted implements Consumer<Damage> {
        private final Consumer<Damage> found;
        private long count;

        Counted(Consumer<Damage> found) {
            this.found = found;
        }

        @Override
        public void accept(Damage damage) {
            count++;
            found.accept(damage);
        }
    }

    public static CheckReport check(Path directory, Consumer<Damage> sink) {
        var found = new Counted(sink);
        try (var held = EngineDirectory.inspect(directory, Engine.OBJECTS, LogObjectStore.FORMAT);
                var log = LogInspection.open(held.group(0), ObjectSpace.group(0))) {
            var files = log.files(found);
            var rows = new RowCheck(log, found);
            try {
                rows.run();
            } catch (StoreFailedException | IllegalArgumentException e) {
                found.accept(new Damage("db", -1, "rows cannot be read: " + e.getMessage(), null));
            }
            return report(files, rows, found.count);
        }
    }

    private static CheckReport report(Totals files, RowCheck rows, long damages) {
        return new CheckReport(rows.buckets(), rows.objects, rows.versions, rows.markers, rows.objectBytes, rows.uploads,
                rows.partBytes, files.entries(), files.unapplied(), rows.liveLogBytes(), rows.liveExtentBytes(), files.logBytes(),
                files.extentBytes(), files.storeBytes(), damages);
    }
}
