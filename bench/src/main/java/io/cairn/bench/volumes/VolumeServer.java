package io.cairn.bench.volumes;

import io.cairn.bench.match.Contestant;
import java.io.IOException;
import java.util.Optional;

/// A server that exports one volume by NBD, over TCP on the loopback address.
interface VolumeServer extends Contestant {
    /// Name of the export, the same of all.
    String EXPORT = "disk";

    int port();

    default String uri() {
        return "nbd://127.0.0.1:" + port() + "/" + EXPORT;
    }

    /// Why it can take no snapshot; empty when it can.
    Optional<String> lacksSnapshots();

    /// Takes a snapshot of the volume. Ports stay as they are.
    void snapshot() throws IOException, InterruptedException;

    /// Removes the snapshots taken so far.
    void dropSnapshots() throws IOException, InterruptedException;

    /// Disk that its data take, holes not counted (`du`).
    long allocatedBytes() throws IOException;
}
