package io.cairn.bench.volumes;

import io.cairn.bench.process.CairnProcess;
import io.cairn.bench.process.ChildProcess;
import io.cairn.bench.score.Entrant;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `bin/cairn server` with one volume. One thread.
final class CairnServer implements VolumeServer {
    private static final String LOGGED = "cairn_volumes_logged_bytes ";
    private final CairnProcess process;
    private final String volume;
    private final List<String> snapshots = new ArrayList<>();

    private CairnServer(CairnProcess process, String volume) {
        this.process = process;
        this.volume = volume;
    }

    /// @param launcher `bin/cairn` of a checkout or of a runnable directory
    /// @param bytes of the volume
    static CairnServer start(Path launcher, Path directory, long bytes) throws IOException, InterruptedException {
        var process = CairnProcess.start(launcher, directory);
        try (var ec2 = new Ec2Client(process.port(), process.keys())) {
            return new CairnServer(process, ec2.createVolume(EXPORT, bytes));
        } catch (IOException | RuntimeException e) {
            process.close();
            throw e;
        }
    }

    CairnProcess process() {
        return process;
    }

    @Override
    public Entrant entrant() {
        var its = process.entrant();
        return new Entrant(its.name(), its.version(),
                "a flush is on disk (fdatasync) before its answer; SIGKILL and power cuts leave a prefix of the writes",
                its.commandLine());
    }

    @Override
    public int port() {
        return process.nbdPort();
    }

    @Override
    public Optional<String> lacksSnapshots() {
        return Optional.empty();
    }

    @Override
    public void snapshot() throws IOException {
        try (var ec2 = new Ec2Client(process.port(), process.keys())) {
            snapshots.add(ec2.createSnapshot(volume));
        }
    }

    @Override
    public void dropSnapshots() throws IOException {
        try (var ec2 = new Ec2Client(process.port(), process.keys())) {
            for (var snapshot : snapshots)
                ec2.deleteSnapshot(snapshot);
        }
        snapshots.clear();
    }

    /// Files of the log are written again once nothing in them lives, so their size says nothing: of the log it is the bytes that were written to it.
    @Override
    public long allocatedBytes() throws IOException {
        var volumes = process.data().resolve("volumes");
        return ChildProcess.allocatedBytes(volumes) - ChildProcess.allocatedBytes(volumes.resolve("0").resolve("log"))
                + loggedBytes();
    }

    private long loggedBytes() throws IOException {
        var metrics = URI.create("http://127.0.0.1:" + process.consolePort() + "/metrics").toURL();
        try (var in = metrics.openStream()) {
            for (var line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n"))
                if (line.startsWith(LOGGED))
                    return Math.round(Double.parseDouble(line.substring(LOGGED.length())));
        }
        throw new IOException("the server does not tell " + LOGGED);
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
