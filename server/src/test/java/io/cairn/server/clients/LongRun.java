package io.cairn.server.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/// How much of a long test fits into the time that `cairn.long.minutes` gives to all of them, and whether the disk has room for it.
final class LongRun {
    private static final int FULL_MINUTES = 15;

    private LongRun() {}

    /// `full` when there are 15 minutes or more, in proportion less with fewer.
    static long scaled(long full) {
        return full * Math.clamp(Long.getLong("cairn.long.minutes", FULL_MINUTES), 1, FULL_MINUTES) / FULL_MINUTES;
    }

    /// Skips the test when the disk has not so much free.
    static void needFree(Path directory, long bytes) throws IOException {
        long free = Files.getFileStore(directory).getUsableSpace();
        if (free >= bytes)
            return;
        var message = "not run: needs %d MiB of free disk, %d are there".formatted(bytes >> 20, free >> 20);
        System.out.println(message);
        Assumptions.abort(message);
    }
}
