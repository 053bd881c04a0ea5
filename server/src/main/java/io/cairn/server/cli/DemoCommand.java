package io.cairn.server.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `cairn demo`: a walk through the engines that exist, on real files, in a server of its own; each step shows its result and fails when
/// it is not what it should be. Nothing stays behind.
@Command(name = "demo", mixinStandardHelpOptions = true, description = "Shows in half a minute what Cairn does, on real files, in a server of its own.")
final class DemoCommand implements Callable<Integer> {
    /// As a shell says it of one that SIGINT ended.
    private static final int INTERRUPTED = 130;
    private static final long NEEDED_BYTES = 1L << 30;
    private final Invocation invocation;

    @Option(names = "--files", paramLabel = "DIR", description = "files to store, up to 128 MiB of them (default: Cairn's own libraries)")
    @Nullable
    Path files;

    DemoCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var source = files == null ? libraries() : files;
        if (!Files.isDirectory(source))
            throw new CommandException(source + " is no directory; name one with files in it: bin/cairn demo --files DIR");
        var directory = Files.createTempDirectory("cairn-demo");
        // A demo that is interrupted must not leave a server or a directory.
        var steps = new ObjectsDemo(invocation, directory, source);
        var finished = new AtomicBoolean();
        invocation.beforeEnd().accept(() -> {
            steps.close();
            remove(directory);
            return finished.get() ? 0 : INTERRUPTED;
        });
        if (Files.getFileStore(directory).getUsableSpace() < NEEDED_BYTES)
            throw new CommandException("the demo needs 1 GiB of free disk in " + directory.getParent());
        try (steps) {
            steps.run();
        } finally {
            remove(directory);
            finished.set(true);
        }
        invocation.out().println("""

                That was in a directory of its own, which is gone. Your turn:
                  bin/cairn server                        starts one that stays
                  eval "$(bin/cairn env)" && aws s3 ls    points clients at it""");
        return 0;
    }

    /// Where this program's jar files lie.
    private static Path libraries() {
        var first = System.getProperty("java.class.path").split(System.getProperty("path.separator"))[0];
        var parent = Path.of(first).toAbsolutePath().getParent();
        return parent == null ? Path.of("") : parent;
    }

    private static void remove(Path directory) {
        if (!Files.exists(directory))
            return;
        try (var paths = Files.walk(directory)) {
            for (var path : paths.sorted(Comparator.reverseOrder()).toList())
                Files.deleteIfExists(path);
        } catch (IOException | UncheckedIOException e) {
            // It is a temporary directory; who is told to end does not wait for it.
        }
    }
}
