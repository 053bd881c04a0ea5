package io.cairn.bench.process;

import io.cairn.bench.http.Keys;
import io.cairn.bench.score.Entrant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// `bin/cairn server` as any user starts it, with a data directory of its own, on free ports. One thread.
public final class CairnProcess implements AutoCloseable {
    public static final String NAME = "Cairn";
    private static final Pattern URL = Pattern.compile("\"(\\w+)\"\\s*:\\s*\\{[^{}]*?\"url\"\\s*:\\s*\"\\w+://[^:\"]+:(\\d+)");
    /// The launcher may have to build first.
    private static final Duration START = Duration.ofMinutes(8);
    private final Path launcher;
    private final Path directory;
    private final Path data;
    private final String version;
    private ChildProcess process;
    private int port;
    private int consolePort;
    private int nbdPort;
    private Keys keys;

    private CairnProcess(Path launcher, Path directory, String version) throws IOException, InterruptedException {
        this.launcher = launcher;
        this.directory = directory;
        this.version = version;
        data = directory.resolve("data");
        process = launch();
        var lines = Files.readAllLines(data.resolve("root-key"));
        keys = new Keys(lines.get(0), lines.get(1));
    }

    /// @param launcher `bin/cairn` of a checkout or of a runnable directory
    /// @param directory for its data and its log
    public static CairnProcess start(Path launcher, Path directory) throws IOException, InterruptedException {
        var version = ChildProcess.output(List.of(launcher.toString(), "--version"), START);
        return new CairnProcess(launcher, directory, version);
    }

    private List<String> command() {
        return List.of(launcher.toString(), "server", "--data", data.toString(), "--port-offset", "auto", "--log", "warn");
    }

    private ChildProcess launch() throws IOException, InterruptedException {
        var endpoints = data.resolve("endpoints.json");
        Files.deleteIfExists(endpoints); // of the server before
        var started = ChildProcess.start(NAME, command(), Map.of(), directory.resolve("server.log"));
        try {
            started.awaitReady(() -> Files.exists(endpoints) && readPorts(Files.readString(endpoints)), START);
        } catch (IOException | InterruptedException e) {
            started.close();
            throw e;
        }
        return started;
    }

    private boolean readPorts(String json) {
        port = 0;
        consolePort = 0;
        nbdPort = 0;
        var urls = URL.matcher(json);
        while (urls.find()) {
            if (urls.group(1).equals("aws"))
                port = Integer.parseInt(urls.group(2));
            if (urls.group(1).equals("console"))
                consolePort = Integer.parseInt(urls.group(2));
            if (urls.group(1).equals("nbd"))
                nbdPort = Integer.parseInt(urls.group(2));
        }
        return port != 0 && consolePort != 0;
    }

    public Entrant entrant() {
        return new Entrant(NAME, version, "every write is on disk (fdatasync) before its answer", String.join(" ", command()));
    }

    /// Where AWS APIs are answered.
    public int port() {
        return port;
    }

    /// Where `/health/live` is answered.
    public int consolePort() {
        return consolePort;
    }

    /// Where volumes are exported.
    public int nbdPort() {
        if (nbdPort == 0)
            throw new IllegalStateException(launcher + " exports no volumes: endpoints.json has no nbd");
        return nbdPort;
    }

    public long pid() {
        return process.pid();
    }

    /// Of root.
    public Keys keys() {
        return keys;
    }

    public Path data() {
        return data;
    }

    public long cpuNanos() {
        return process.cpuNanos();
    }

    /// Ends it and starts it again over the same data; ports may be others.
    public void restart() throws IOException, InterruptedException {
        process.close();
        process = launch();
    }

    /// Ends it by SIGKILL; [#restart] starts it again.
    public void kill() {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }
}
