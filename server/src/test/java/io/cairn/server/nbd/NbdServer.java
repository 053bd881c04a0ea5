package io.cairn.server.nbd;

import io.cairn.block.BlockStore;
import io.cairn.server.FaceFactory.Security;
import io.cairn.server.disk.FreeSpace;
import io.cairn.server.http.EventLoops;
import io.cairn.server.tls.CertificateAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// An NBD port over a store, for tests.
final class NbdServer implements AutoCloseable {
    final BlockStore store;
    final CertificateAuthority authority;
    private final EventLoops loops = new EventLoops(2);
    private final NbdDoor door;
    /// What is free on the disk, as the server is told.
    final AtomicLong free = new AtomicLong(Long.MAX_VALUE);

    NbdServer(Path directory, Duration handshake) throws IOException {
        this(directory, PayloadMemory.ofThisProcess(), handshake, Duration.ofSeconds(30));
    }

    NbdServer(Path directory, PayloadMemory memory, Duration handshake, Duration transmission) throws IOException {
        this(directory, memory, handshake, transmission, false);
    }

    /// @param tlsRequired whether clients have to show a certificate of `authority`
    NbdServer(Path directory, PayloadMemory memory, Duration handshake, Duration transmission, boolean tlsRequired)
            throws IOException {
        store = BlockStore.open(directory);
        authority = new CertificateAuthority(directory.resolveSibling("keys"), InstantSource.system());
        var security = new Security(authority.serverContext(List.of("127.0.0.1"), tlsRequired), tlsRequired);
        door = new NbdDoor(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new StoreExports(store, new FreeSpace(free::get, 1 << 20, System::nanoTime)), loops, security,
                memory,
                new NbdDoor.Patience(handshake, transmission));
    }

    int connections() {
        return door.connections();
    }

    int port() {
        return door.address().getPort();
    }

    String url(String export) {
        return "nbd://127.0.0.1:" + port() + "/" + export;
    }

    RawNbd connect() throws IOException {
        return new RawNbd(port());
    }

    @Override
    public void close() {
        door.close();
        loops.close();
        store.close();
    }
}
