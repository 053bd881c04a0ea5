package io.cairn.bench.volumes;

import io.cairn.bench.match.Contestant;
import io.cairn.bench.match.WrongAnswerException;
import io.cairn.bench.score.Entrant;
import java.io.IOException;
import java.nio.file.Path;

/// Two servers that are killed and started again: one over a volume that is written, and one over a volume that never is. One thread.
///
/// @param bytes of each volume
record RestartedServer(CairnServer written, CairnServer empty, long bytes) implements Contestant {
    static RestartedServer start(Path launcher, Path directory, long bytes) throws IOException, InterruptedException {
        var written = CairnServer.start(launcher, directory.resolve("written"), bytes);
        try {
            return new RestartedServer(written, CairnServer.start(launcher, directory.resolve("empty"), bytes), bytes);
        } catch (IOException | InterruptedException | RuntimeException e) {
            written.close();
            throw e;
        }
    }

    /// Time in milliseconds from the start of the launcher until NBD_OPT_GO is answered, after SIGKILL.
    double restartMillis(CairnServer server) throws IOException, InterruptedException {
        server.process().kill();
        long began = System.nanoTime();
        server.process().restart();
        try (var connection = new NbdConnection(server.port(), VolumeServer.EXPORT)) {
            double millis = (System.nanoTime() - began) / 1e6;
            if (connection.sizeBytes() != bytes)
                throw new WrongAnswerException("an export of " + connection.sizeBytes() + " bytes, not " + bytes);
            connection.disconnect();
            return millis;
        }
    }

    @Override
    public Entrant entrant() {
        return written.entrant();
    }

    @Override
    public long cpuNanos() {
        return written.cpuNanos();
    }

    @Override
    public void close() {
        written.close();
        empty.close();
    }
}
