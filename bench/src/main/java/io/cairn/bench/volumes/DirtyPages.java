package io.cairn.bench.volumes;

import io.cairn.bench.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What was written to files and is not on their disk yet.
final class DirtyPages {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private DirtyPages() {}

    /// Returns when the whole file system of `directory` is on its disk: one contestant's dirty pages would slow the next one's syncs.
    static void writeBack(Path directory) throws IOException, InterruptedException {
        ChildProcess.output(List.of("sync", "--file-system", directory.toString()), LIMIT);
    }
}
