package io.cairn.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.cairn.replication.testkit.ReadmeExample;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README's example is taken from the text, compiled, and run with this module and what it needs on the class path, and no more.
final class ReadmeExampleTest {
    @TempDir
    Path directory;

    @Test
    void theExampleRuns() throws Exception {
        var classPath = Stream.of(ReplicatedLog.class, org.rocksdb.RocksDB.class, org.slf4j.Logger.class).map(ReadmeExample::home)
                .toList();
        assertEquals("world\n",
                new ReadmeExample(ReadmeExample.only(Path.of("README.md")), "Hello", classPath, directory).output());
    }
}
