package io.cairn.bench.objects;

import io.cairn.bench.http.Keys;
import io.cairn.bench.process.CairnProcess;
import io.cairn.bench.process.ChildProcess;
import io.cairn.bench.score.Entrant;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// `bin/cairn server`, asked for objects.
record CairnServer(CairnProcess process) implements ObjectServer {
    /// @param launcher `bin/cairn` of a checkout or of a runnable directory
    static CairnServer start(Path launcher, Path directory) throws IOException, InterruptedException {
        return new CairnServer(CairnProcess.start(launcher, directory));
    }

    @Override
    public Entrant entrant() {
        return process.entrant();
    }

    @Override
    public int port() {
        return process.port();
    }

    @Override
    public Optional<Keys> keys() {
        return Optional.of(process.keys());
    }

    @Override
    public long cpuNanos() {
        return process.cpuNanos();
    }

    @Override
    public void settle() throws IOException, InterruptedException {
        process.restart();
    }

    @Override
    public Space space() {
        var group = process.data().resolve("objects").resolve("0");
        return new Space(ChildProcess.allocatedBytes(group.resolve("db")) + ChildProcess.allocatedBytes(group.resolve("extents")),
                "db/ and extents/; the log's recycled files do not grow with objects");
    }

    @Override
    public void close() {
        process.close();
    }
}
