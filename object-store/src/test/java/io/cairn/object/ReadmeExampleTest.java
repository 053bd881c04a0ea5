package io.cairn.object;

import static org.junit.jupiter.api.Assertions.*;

import com.dynatrace.hash4j.hashing.Hashing;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.testkit.ReadmeExample;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        var example = ReadmeExample.only(MODULE.resolveSibling("README.md"));
        var classPath = Stream.of(ObjectStore.class, ReplicatedLog.class, Class.forName("org.rocksdb.RocksDB"), Caffeine.class,
                Hashing.class, org.slf4j.Logger.class).map(ReadmeExample::home).toList();
        var photo = new byte[12_345];
        Files.write(directory.resolve("cat.jpg"), photo);
        assertEquals(photo.length + "\n", new ReadmeExample(example, "Album", classPath, directory).output());
        assertTrue(Files.isDirectory(directory.resolve("data/objects")), "the data lies where the example says");
    }

    @Test
    void bothReadmesShowTheSameExample() throws IOException {
        assertEquals(ReadmeExample.only(MODULE.resolveSibling("README.md")), ReadmeExample.only(MODULE.resolve("README.md")));
    }

    /// Not on the example's class path nor, more than that, on the one of this module's tests.
    @Test
    void nettyIsNotOnTheClassPath() throws Exception {
        var all = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of).filter(Files::exists)
                .toList();
        assertTrue(all.contains(ReadmeExample.home(ObjectStore.class)), () -> "this is not the class path: " + all);
        for (var entry : all)
            assertFalse(ReadmeExample.has(entry, "io/netty/"), () -> entry + " has classes of Netty");
        assertTrue(ReadmeExample.has(ReadmeExample.home(ObjectStore.class), "io/cairn/object/"), "what is there is seen");
        assertTrue(ReadmeExample.has(ReadmeExample.home(org.slf4j.Logger.class), "org/slf4j/"), "what is there is seen in a jar");
    }
}
