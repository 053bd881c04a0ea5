package io.cairn.kv.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// A directory for the files of one history: in memory, where there is enough of it. What a crash loses is decided elsewhere.
final class Scratch {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long MIN_MEMORY_BYTES = 2L << 30;

    private Scratch() {}

    static Path make() {
        try {
            boolean roomy = Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > MIN_MEMORY_BYTES;
            return Files.createTempDirectory(roomy ? MEMORY : Path.of(System.getProperty("java.io.tmpdir")), "cairn-items");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void delete(Path directory) {
        try (var paths = Files.walk(directory)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList())
                Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
