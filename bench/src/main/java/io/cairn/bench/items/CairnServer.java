package io.cairn.bench.items;

import io.cairn.bench.http.Keys;
import io.cairn.bench.process.CairnProcess;
import io.cairn.bench.score.Entrant;

/// `bin/cairn server`, asked for items.
record CairnServer(CairnProcess process) implements ItemServer {
    @Override
    public Entrant entrant() {
        return process.entrant();
    }

    @Override
    public int port() {
        return process.port();
    }

    @Override
    public Keys keys() {
        return process.keys();
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
