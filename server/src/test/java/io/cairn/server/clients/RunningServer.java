package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// `cairn server` on free ports with a data directory of its own, as a process like any user's: what is tested is what is shipped.
final class RunningServer implements AutoCloseable {
    private static final int START_SECONDS = 60;
    private static final int STOP_SECONDS = 30;

    private final Process process;
    private final Path directory;
    private final URI endpoint;
    private final String accessKey;
    private final String secretKey;

    private RunningServer(Process process, Path directory) throws IOException {
        this.process = process;
        this.directory = directory;
        var url = Files.readString(data().resolve("endpoints.json")).replaceAll(
                "(?s).*\"aws\"\\s*:\\s*\\{[^}]*\"url\"\\s*:\\s*\"([^\"]*)\".*",
                "$1");
        this.endpoint = URI.create(url);
        var keys = Files.readAllLines(data().resolve("root-key"));
        this.accessKey = keys.get(0);
        this.secretKey = keys.get(1);
    }

    /// @param directory for data and output; a test's temporary one
    static RunningServer start(Path directory) throws IOException, InterruptedException {
        var out = directory.resolve("server.out");
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = List.of(java, "-Xmx512m", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"), "io.cairn.server.cli.Main", "server", "--data",
                directory.resolve("data").toString(), "--port-offset", "auto");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("CAIRN_"));
        var process = builder.start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!Files.readString(out).contains("Ready in ")) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                throw new IllegalStateException("the server did not start:\n" + Files.readString(out));
            }
            Thread.sleep(20);
        }
        return new RunningServer(process, directory);
    }

    private Path data() {
        return directory.resolve("data");
    }

    /// Without TLS.
    URI endpoint() {
        return endpoint;
    }

    /// The same port with TLS.
    URI secureEndpoint() {
        return URI.create("https://" + endpoint.getAuthority());
    }

    /// The certificate to trust for [#secureEndpoint].
    Path authorityFile() {
        return data().resolve("keys").resolve("ca.pem");
    }

    String accessKey() {
        return accessKey;
    }

    String secretKey() {
        return secretKey;
    }

    /// Stops it by SIGTERM and sees that it ends as it should.
    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS))
                throw new IllegalStateException("the server did not stop within " + STOP_SECONDS + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            process.destroyForcibly();
        }
        assertEquals(0, process.exitValue(), () -> "the server's exit status; its output:\n" + output());
    }

    private String output() {
        try {
            return Files.readString(directory.resolve("server.out"));
        } catch (IOException e) {
            return e.toString();
        }
    }
}
