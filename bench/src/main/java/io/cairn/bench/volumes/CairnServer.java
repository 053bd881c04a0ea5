package io.cairn.bench.volumes;

import io.cairn.bench.process.CairnProcess;
import io.cairn.bench.process.ChildProcess;
import io.cairn.bench.score.Entrant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `bin/cairn server` with one volume. One thread.
final class CairnServer implements VolumeServer {
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

    @Override
    public long allocatedBytes() {
        return ChildProcess.allocatedBytes(process.data().resolve("volumes"));
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
