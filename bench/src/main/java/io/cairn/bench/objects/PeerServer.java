package io.cairn.bench.objects;

import io.cairn.bench.http.HttpConnection;
import io.cairn.bench.http.Keys;
import io.cairn.bench.match.WrongAnswerException;
import io.cairn.bench.process.ChildProcess;
import io.cairn.bench.process.FreePorts;
import io.cairn.bench.score.Entrant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Another object server, which `bench/peers/fetch-NAME` brings into a folder and `bench/peers/run-NAME` starts in the foreground.
final class PeerServer implements ObjectServer {
    private static final Duration FETCH = Duration.ofMinutes(10);
    private static final Duration START = Duration.ofMinutes(2);
    private static final Keys KEYS = new Keys("CAIRNBENCH", "benchsecretofnoworth");

    /// The peers that are known, by the names of their scripts.
    enum Kind {
        NGINX("nginx", "none: nothing is synced; no identity, no MD5", "files", false), //
        S3PROXY("s3proxy", "none: nothing is synced", "files", true), //
        CEPH("ceph", "BlueStore on a file: every write is in its synced log before its answer; one copy", "", true);

        private final String script;
        private final String durability;
        private final String files;
        private final boolean s3;

        Kind(String script, String durability, String files, boolean s3) {
            this.script = script;
            this.durability = durability;
            this.files = files;
            this.s3 = s3;
        }

        String script() {
            return script;
        }
    }

    private final Kind kind;
    private final String version;
    private final Path directory;
    private final int port;
    private final List<String> command;
    private final ChildProcess process;

    private PeerServer(Kind kind, String version, Path directory, List<String> command, int port)
            throws IOException, InterruptedException {
        this.kind = kind;
        this.version = version;
        this.directory = directory;
        this.port = port;
        this.command = command;
        process = ChildProcess.start(kind.script, command, Map.of("JAVA_HOME", System.getProperty("java.home")),
                directory.resolve("server.log"));
        try {
            process.awaitReady(this::answers, START);
        } catch (IOException | InterruptedException e) {
            process.close();
            throw e;
        }
    }

    /// @param scripts `bench/peers`
    /// @param directory for its data
    static PeerServer start(Kind kind, Path scripts, Path directory) throws IOException, InterruptedException {
        var fetched = ChildProcess.output(List.of(scripts.resolve("fetch-" + kind.script).toString()), FETCH);
        var folder = Path.of(fetched.substring(fetched.lastIndexOf('\n') + 1));
        Files.createDirectories(directory);
        int port = FreePorts.inARow(3); // Ceph's monitor takes the two behind
        var command = new ArrayList<>(List.of(scripts.resolve("run-" + kind.script).toString(), folder.toString(),
                directory.toString(), Integer.toString(port)));
        if (kind.s3)
            command.addAll(List.of(KEYS.access(), KEYS.secret()));
        return new PeerServer(kind, Files.readString(folder.resolve("version")).strip(), directory, command, port);
    }

    /// Whether it answers as it will be asked, whatever the answer is.
    private boolean answers() throws IOException {
        try (var connection = new HttpConnection(port)) {
            connection.exchange(Requests.to(this).get("/"), null, HttpConnection.Sink.DISCARD);
            return true;
        } catch (WrongAnswerException e) {
            return e.getMessage() != null && e.getMessage().startsWith("status 4"); // nginx shows no directory
        }
    }

    @Override
    public Entrant entrant() {
        var words = new ArrayList<>(command);
        words.set(0, "bench/peers/run-" + kind.script);
        return new Entrant(kind.script, version, kind.durability, String.join(" ", words));
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Optional<Keys> keys() {
        return kind.s3 ? Optional.of(KEYS) : Optional.empty();
    }

    @Override
    public long cpuNanos() {
        return process.cpuNanos();
    }

    @Override
    public void settle() throws IOException, InterruptedException {
        ChildProcess.output(List.of("sync"), START); // a file an object: written back, its blocks are as they will stay
    }

    @Override
    public Space space() {
        if (kind.files.isEmpty())
            return new Space(-1, "its store is one file; what an object takes of it cannot be told from outside");
        return new Space(ChildProcess.allocatedBytes(directory.resolve(kind.files)), "its files");
    }

    @Override
    public void close() {
        process.close();
    }
}
