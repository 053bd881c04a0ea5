package io.cairn.bench.items;

import io.cairn.bench.http.HttpConnection;
import io.cairn.bench.http.Keys;
import io.cairn.bench.match.WrongAnswerException;
import io.cairn.bench.process.ChildProcess;
import io.cairn.bench.process.FreePorts;
import io.cairn.bench.score.Entrant;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What most people develop against, which `bench/peers/fetch-dynamodb-local` brings and `run-dynamodb-local` starts in the foreground.
/// It looks at no signature.
final class DynamoDbLocal implements ItemServer {
    static final String MEMORY = "dynamodb-local-memory";
    static final String DISK = "dynamodb-local-disk";
    private static final Duration FETCH = Duration.ofMinutes(10);
    private static final Duration START = Duration.ofMinutes(2);
    private static final Keys KEYS = new Keys("CAIRNBENCH", "benchsecretofnoworth");
    private final String name;
    private final String version;
    private final int port;
    private final List<String> command;
    private final ChildProcess process;

    private DynamoDbLocal(String name, String version, int port, List<String> command, Path log)
            throws IOException, InterruptedException {
        this.name = name;
        this.version = version;
        this.port = port;
        this.command = command;
        process = ChildProcess.start(name, command, Map.of("JAVA_HOME", System.getProperty("java.home")), log);
        try {
            process.awaitReady(this::answers, START);
        } catch (IOException | InterruptedException e) {
            process.close();
            throw e;
        }
    }

    /// @param name [#MEMORY] or [#DISK]
    /// @param scripts `bench/peers`
    static DynamoDbLocal start(String name, Path scripts, Path directory) throws IOException, InterruptedException {
        var fetched = ChildProcess.output(List.of(scripts.resolve("fetch-dynamodb-local").toString()), FETCH);
        var folder = Path.of(fetched.substring(fetched.lastIndexOf('\n') + 1));
        Files.createDirectories(directory);
        int port = FreePorts.inARow(1);
        var command = new ArrayList<>(List.of(scripts.resolve("run-dynamodb-local").toString(), folder.toString(),
                Integer.toString(port)));
        if (name.equals(DISK))
            command.add(directory.resolve("data").toString());
        return new DynamoDbLocal(name, Files.readString(folder.resolve("version")).strip(), port, command,
                directory.resolve("server.log"));
    }

    private boolean answers() throws IOException {
        try (var connection = new HttpConnection(port)) {
            connection.exchange(("GET / HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII),
                    null, HttpConnection.Sink.DISCARD);
            return true;
        } catch (WrongAnswerException e) {
            return e.getMessage() != null && e.getMessage().startsWith("status 4"); // a GET is not its protocol
        }
    }

    @Override
    public Entrant entrant() {
        var words = new ArrayList<>(command);
        words.set(0, "bench/peers/run-dynamodb-local");
        return new Entrant(name, version,
                name.equals(DISK) ? "SQLite, a synced transaction a write" : "none: all is in memory", String.join(" ", words));
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Keys keys() {
        return KEYS;
    }

    @Override
    public long cpuNanos() {
        return process.cpuNanos();
    }

    @Override
    public void close() {
        process.close();
    }
}
