package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// `cairn server` on free ports with a data directory of its own, as a process like any user's: what is tested is what is shipped.
/// Its JVM gets the launcher's options.
final class RunningServer implements AutoCloseable {
    private static final int START_SECONDS = 60;
    private static final int STOP_SECONDS = 30;
    private static final int KILLED = 128 + 9;

    /// How one is started.
    ///
    /// @param directory for output, and for `data/` unless options say otherwise
    /// @param heap as `CAIRN_HEAP`
    /// @param fileKib no file of the process may grow beyond this; 0 for no such limit. A stand-in for a disk that fails
    /// @param options of `cairn server`
    record Launch(Path directory, Path data, String heap, int fileKib, List<String> options) {
        Launch(Path directory) {
            this(directory, directory.resolve("data"), "512m", 0, List.of());
        }

        Launch withData(Path other) {
            return new Launch(directory, other, heap, fileKib, options);
        }

        Launch withHeap(String other) {
            return new Launch(directory, data, other, fileKib, options);
        }

        Launch withFileKib(int other) {
            return new Launch(directory, data, heap, other, options);
        }

        Launch withOptions(String... others) {
            return new Launch(directory, data, heap, fileKib, List.of(others));
        }

        RunningServer start() throws IOException, InterruptedException {
            return RunningServer.start(this);
        }

        /// Begins to start one and kills it after a while, most often in the midst of its recovery.
        void startAndKill(int afterMillis) throws IOException, InterruptedException {
            var process = process();
            Thread.sleep(afterMillis);
            process.destroyForcibly();
            assertEquals(KILLED, process.waitFor(), () -> "it ended by itself:\n" + text(err()));
        }

        private Process process() throws IOException {
            var builder = new ProcessBuilder(command()).redirectOutput(out().toFile()).redirectError(err().toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("CAIRN_"));
            builder.environment().put("MALLOC_ARENA_MAX", "4");
            return builder.start();
        }

        private Path out() {
            return directory.resolve("server.out");
        }

        private Path err() {
            return directory.resolve("server.err");
        }

        private List<String> command() {
            var command = new ArrayList<String>();
            if (fileKib > 0) // sh counts in blocks of 512 bytes
                command.addAll(List.of("sh", "-c", "ulimit -f " + 2 * fileKib + "; exec \"$@\"", "sh"));
            command.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx" + heap, "-Xms32m",
                    "-XX:+UseG1GC", "-XX:+UseCompactObjectHeaders", "-XX:+ExitOnOutOfMemoryError",
                    "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-Xlog:disable",
                    "-Xlog:all=warning:stderr", "-Dlogback.configurationFile=logback.xml", "-cp",
                    System.getProperty("java.class.path"), "io.cairn.server.cli.Main", "server", "--data", data.toString(),
                    "--port-offset", "auto"));
            command.addAll(options);
            return command;
        }
    }

    private final Launch launch;
    private final Process process;
    private final URI endpoint;
    private final URI console;
    private final String endpoints;
    private final String accessKey;
    private final String secretKey;

    private RunningServer(Launch launch, Process process) throws IOException {
        this.launch = launch;
        this.process = process;
        var endpoints = Files.readString(launch.data.resolve("endpoints.json"));
        this.endpoint = url(endpoints, "aws");
        this.console = url(endpoints, "console");
        this.endpoints = endpoints;
        var keys = Files.readAllLines(launch.data.resolve("root-key"));
        this.accessKey = keys.get(0);
        this.secretKey = keys.get(1);
    }

    private static URI url(String endpoints, String name) {
        return URI.create(endpoints.replaceAll("(?s).*\"" + name + "\"\\s*:\\s*\\{[^}]*\"url\"\\s*:\\s*\"([^\"]*)\".*", "$1"));
    }

    /// @param directory for data and output; a test's temporary one
    static RunningServer start(Path directory) throws IOException, InterruptedException {
        return start(new Launch(directory));
    }

    private static RunningServer start(Launch launch) throws IOException, InterruptedException {
        var process = launch.process();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!Files.readString(launch.out()).contains("Ready in ")) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IllegalStateException("the server did not start:\n" + Files.readString(launch.err()));
            }
            Thread.sleep(20);
        }
        return new RunningServer(launch, process);
    }

    /// Without TLS.
    URI endpoint() {
        return endpoint;
    }

    /// The same port with TLS.
    URI secureEndpoint() {
        return URI.create("https://" + endpoint.getAuthority());
    }

    /// Where a volume or snapshot is attached.
    URI nbd(String export) {
        return url(endpoints, "nbd").resolve("/" + export);
    }

    /// Health and metrics.
    URI console() {
        return console;
    }

    /// The certificate to trust for [#secureEndpoint].
    Path authorityFile() {
        return launch.data.resolve("keys").resolve("ca.pem");
    }

    String accessKey() {
        return accessKey;
    }

    String secretKey() {
        return secretKey;
    }

    /// A number of KiB from `/proc/PID/status`: `VmRSS`, `VmHWM`.
    long memoryKib(String field) throws IOException {
        for (var line : Files.readAllLines(proc("status")))
            if (line.startsWith(field + ":"))
                return Long.parseLong(line.replaceAll("[^0-9]", ""));
        throw new IllegalStateException("no " + field + " of process " + process.pid());
    }

    /// How many files and sockets it has open.
    int descriptors() throws IOException {
        try (var open = Files.list(proc("fd"))) {
            return (int) open.count();
        }
    }

    private Path proc(String file) {
        return Path.of("/proc", Long.toString(process.pid()), file);
    }

    /// What it said on standard error up to now.
    String errors() throws IOException {
        return Files.readString(launch.err());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// SIGKILL.
    void kill() throws InterruptedException {
        process.destroyForcibly();
        int status = process.waitFor();
        assertEquals(KILLED, status, () -> "it ended by itself:\n" + text(launch.err()));
    }

    /// Waits until it ends by itself; the exit status.
    int awaitEnd() throws InterruptedException {
        if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS))
            throw new AssertionError("the server did not end within " + STOP_SECONDS + " s");
        return process.exitValue();
    }

    /// Stops it by SIGTERM and sees that it ends as it should; nothing when it has ended already.
    @Override
    public void close() throws IOException {
        if (!process.isAlive())
            return;
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS))
                throw new IllegalStateException("the server did not stop within " + STOP_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
        assertEquals(0, process.exitValue(), () -> "the server's exit status; it said:\n" + text(launch.err()));
    }
}
