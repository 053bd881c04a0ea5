package io.cairn.server.nbd;

import io.cairn.block.BlockStore;
import io.cairn.server.http.EventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;

/// An NBD port over a store, for tests.
final class NbdServer implements AutoCloseable {
    final BlockStore store;
    private final EventLoops loops = new EventLoops(2);
    private final NbdDoor door;

    NbdServer(Path directory, Duration handshake) throws IOException {
        this(directory, PayloadMemory.ofThisProcess(), handshake, Duration.ofSeconds(30));
    }

    NbdServer(Path directory, PayloadMemory memory, Duration handshake, Duration transmission) throws IOException {
        store = BlockStore.open(directory);
        door = new NbdDoor(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new StoreExports(store), loops, memory,
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
