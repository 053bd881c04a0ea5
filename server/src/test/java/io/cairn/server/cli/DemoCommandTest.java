package io.cairn.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demo as a newcomer sees it, on few files.
class DemoCommandTest {
    @TempDir
    Path directory;

    @Test
    void everyStepShowsItsResultAndNothingStays() throws IOException {
        var files = Files.createDirectories(directory.resolve("files/sub"));
        for (int size : new int[]{0, 100, 100_000, 20_000_000}) {
            var content = new byte[size];
            new Random(size).nextBytes(content);
            Files.write(files.resolve("f" + size), content);
        }
        var temporary = Path.of(System.getProperty("java.io.tmpdir"));
        var before = demos(temporary);
        var run = new Run(directory);
        assertEquals(0, run.run("demo", "--files", directory.resolve("files").toString()), run::err);
        var out = run.out();
        for (var step : List.of("start", "upload       4 files", "list         4 keys", "download     all 4", "one winner",
                "versions",
                "copy         19.1 MiB", "table        made with an index and a stream; 60 items",
                "condition    16 clients buy the last copy at once (stock > 0): 1 did, 15 were refused",
                "query        by the index: 20 records of Blue Note", "stream       tells 60 items put and 1 changed",
                "volume       100 GiB made, attached over NBD; 32 MiB written", "snapshot ",
                "diff         10,000 bytes of it were overwritten: 3 blocks",
                "clone        a volume made of the snapshot", "kill -9",
                "start again", "compare",
                "items        all 60 are there", "volumes      2 volumes and 20 snapshots are there"))
            assertTrue(out.contains(step), () -> step + " is not in:\n" + out);
        assertTrue(out.contains("bin/cairn server"), out);
        assertEquals(before, demos(temporary));
    }

    @Test
    void withoutFilesItSaysWhatToDo() {
        var run = new Run(directory);
        assertEquals(1, run.run("demo", "--files", directory.toString()));
        assertTrue(run.err().contains("no files in"), run::err);
        assertEquals(1, run.run("demo", "--files", directory.resolve("none").toString()));
        assertTrue(run.err().contains("is no directory"), run::err);
    }

    private static List<Path> demos(Path temporary) throws IOException {
        try (var paths = Files.list(temporary)) {
            return paths.filter(path -> path.getFileName().toString().startsWith("cairn-demo")).toList();
        }
    }
}
