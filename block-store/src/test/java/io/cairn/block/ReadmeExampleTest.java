package io.cairn.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.testkit.ReadmeExample;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example that a newcomer copies is this one: taken from the text, compiled, and run in a process that has this module and what it needs
/// on its class path, and no more.
final class ReadmeExampleTest {
    private static final Path MODULE = Path.of("").toAbsolutePath();
    @TempDir
    Path directory;

    @Test
    void theExampleRunsOnAClassPathWithoutNetty() throws Exception {
        var example = ReadmeExample.only(MODULE.resolve("README.md"));
        var classPath = Stream.of(BlockStore.class, ReplicatedLog.class, Class.forName("org.rocksdb.RocksDB"),
                org.slf4j.Logger.class).map(ReadmeExample::home).toList();
        assertEquals("before: hello, now: world\n", new ReadmeExample(example, "Disk", classPath, directory).output());
        assertTrue(Files.isDirectory(directory.resolve("data/volumes")), "the data lies where the example says");
    }

    /// Not on the example's class path nor, more than that, on the one of this module's tests.
    @Test
    void neitherNettyNorJsonIsOnTheClassPath() throws Exception {
        var all = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of).filter(Files::exists)
                .toList();
        assertTrue(all.contains(ReadmeExample.home(BlockStore.class)), () -> "this is not the class path: " + all);
        for (var entry : all)
            for (var wire : List.of("io/netty/", "com/fasterxml/jackson/"))
                assertFalse(ReadmeExample.has(entry, wire), () -> entry + " has classes of " + wire);
        assertTrue(ReadmeExample.has(ReadmeExample.home(BlockStore.class), "io/cairn/block/"), "what is there is seen");
    }
}
