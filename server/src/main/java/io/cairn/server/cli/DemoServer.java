package io.cairn.server.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/// A server as a process of its own, from the program that runs now, on free ports and a directory that the demo removes.
final class DemoServer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    private static final int STOP_SECONDS = 30;
    private static final String HEAP = "-Xmx512m";
    /// Options of this JVM that a server wants as well.
    private static final List<String> PASSED_ON = List.of("-XX:AOTCache=", "-XX:+UseCompactObjectHeaders", "-Xlog:");

    private final Process process;
    private final DataDirectory data;
    private final Path output;
    private final long begun;

    private DemoServer(Process process, DataDirectory data, Path output, long begun) {
        this.process = process;
        this.data = data;
        this.output = output;
        this.begun = begun;
    }

    /// Begins to start one; [#awaitReady] follows.
    ///
    /// @param directory for data and output; may hold data of a server that was killed
    static DemoServer begin(Path directory) throws IOException {
        long begun = System.nanoTime();
        var data = directory.resolve("data");
        Files.deleteIfExists(data.resolve("endpoints.json"));
        var output = directory.resolve("server.log");
        var builder = new ProcessBuilder(command(data)).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("CAIRN_") || name.startsWith("AWS_"));
        builder.environment().put("MALLOC_ARENA_MAX", "4");
        return new DemoServer(builder.start(), new DataDirectory(data), output, begun);
    }

    /// Returns how many milliseconds it took from the start of the process until it answered.
    long awaitReady() throws IOException, InterruptedException {
        while (!Files.exists(data.path().resolve("endpoints.json")) || !Files.readString(output).contains("Ready in ")) {
            if (!process.isAlive() || System.nanoTime() - begun > START_LIMIT.toNanos()) {
                process.destroyForcibly();
                throw new CommandException("the demo's server did not start:\n" + Files.readString(output));
            }
            Thread.sleep(10);
        }
        return (System.nanoTime() - begun) / 1_000_000;
    }

    private static List<String> command(Path data) {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (var option : ManagementFactory.getRuntimeMXBean().getInputArguments())
            if (PASSED_ON.stream().anyMatch(option::startsWith))
                command.add(option);
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", HEAP,
                "-XX:+UseG1GC",
                "-XX:+ExitOnOutOfMemoryError", "-cp", System.getProperty("java.class.path"), Main.class.getName(), "server",
                "--config", "/dev/null", "--data", data.toString(), "--port-offset", "auto"));
        return command;
    }

    URI endpoint() {
        return data.endpoint();
    }

    S3Client connect() {
        return new S3Client(data.endpoint(), data.rootKey().orElseThrow(), "us-east-1", trust());
    }

    DynamoDb connectToItems() {
        return new DynamoDb(data.endpoint(), data.rootKey().orElseThrow(), "us-east-1", trust());
    }

    Ec2 connectToVolumes() {
        return new Ec2(data.endpoint(), data.rootKey().orElseThrow(), "us-east-1", trust());
    }

    NbdAddress nbd() {
        var uri = data.endpoints().get("nbd");
        if (uri == null)
            throw new CommandException("the demo's server has no port for NBD");
        return new NbdAddress(new InetSocketAddress(uri.getHost(), uri.getPort()), null);
    }

    private static SSLContext trust() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has it", e);
        }
    }

    /// SIGKILL.
    void kill() throws InterruptedException {
        process.toHandle().destroyForcibly();
        process.waitFor();
    }

    /// SIGTERM.
    @Override
    public void close() {
        process.destroy();
        try {
            if (process.waitFor(STOP_SECONDS, TimeUnit.SECONDS))
                return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
    }
}
