package io.cairn.server.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.BlockStore;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.server.http.EventLoops;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A client loses its connection while a write is under way, connects again, and writes something newer to the same place: that stays.
class LeftBehindTest {
    @TempDir
    Path directory;
    private final EventLoops loops = new EventLoops(2);
    /// Completes when the first write may go on, and the loop that a test keeps.
    private final CompletableFuture<Void> held = new CompletableFuture<>();
    private final CountDownLatch loopKept = new CountDownLatch(1);
    private boolean keepsLoop;
    private final AtomicReference<CompletableFuture<Void>> first = new AtomicReference<>();
    private BlockStore store;
    private NbdDoor door;

    @BeforeEach
    void start() throws IOException {
        store = BlockStore.open(directory.resolve("volumes"));
        var volume = slowAtFirst(store.createVolume(VolumeDefinition.of(1 << 20)));
        door = new OneDisk(volume).open(directory.resolve("keys"), loops);
    }

    @AfterEach
    void stop() {
        held.complete(null);
        door.close();
        loops.close();
        store.close();
    }

    /// The first write is carried out when it is let go, as one that has to wait for the disk is.
    private Volume slowAtFirst(Volume volume) {
        return (Volume) Proxy.newProxyInstance(LeftBehindTest.class.getClassLoader(), new Class<?>[]{Volume.class},
                (_, method, given) -> {
                    if (keepsLoop && method.getName().equals("flushHere")) {
                        loopKept.countDown();
                        held.join();
                    }
                    if (keepsLoop || !method.getName().equals("write") || first.get() != null)
                        return method.invoke(volume, given);
                    var from = (ByteBuffer[]) given[1];
                    var done = held.thenCompose(_ -> volume.write((long) given[0], from));
                    first.set(done);
                    return done;
                });
    }

    private RawNbd connect() throws IOException {
        return new RawNbd(door.address().getPort()).greet();
    }

    private void leaveBehind() throws IOException, InterruptedException {
        int others = door.connections();
        try (var client = connect().go("disk")) {
            client.request(0, Nbd.CMD_WRITE, 1, 0, 4096, new byte[4096]);
            while (first.get() == null)
                Thread.sleep(1);
        }
        while (door.connections() > others)
            Thread.sleep(1);
    }

    /// Writes something newer, which has to wait, and reads it.
    private void isServedBehindIt(RawNbd client) throws IOException {
        var newer = new byte[4096];
        newer[0] = 2;
        client.request(0, Nbd.CMD_WRITE, 2, 0, 4096, newer);
        client.timeout(300);
        assertThrows(SocketTimeoutException.class, () -> client.simple(0));
        held.complete(null);
        client.timeout(10_000);
        assertEquals(2, client.simple(0).cookie());
        client.request(0, Nbd.CMD_READ, 3, 0, 1);
        assertEquals(2, client.simple(1).data()[0], "the older write came last");
    }

    /// As Linux does, whose client sends again on a connection that it has.
    @Test
    void whoIsAttachedAlreadyIsServedBehindIt() throws Exception {
        try (var other = connect().go("disk")) {
            other.request(0, Nbd.CMD_FLUSH, 1, 0, 0);
            assertEquals(0, other.simple(0).error());
            leaveBehind();
            isServedBehindIt(other);
            assertTrue(first.get().isDone());
        }
    }

    /// What a connection had sent, and its end, lie unread while its loop waits for the disk.
    @Test
    void whatWasSentToALoopThatWaitsForTheDiskComesFirst() throws Exception {
        keepsLoop = true;
        try (var client = connect().go("disk")) {
            for (int i = 0; i < 20; i++) {
                client.request(0, Nbd.CMD_WRITE, i, 8192, 512, new byte[512]);
                assertEquals(0, client.simple(0).error());
            }
            client.request(0, Nbd.CMD_FLUSH, 20, 0, 0);
            assertTrue(loopKept.await(10, TimeUnit.SECONDS));
            client.request(0, Nbd.CMD_WRITE, 21, 0, 4096, new byte[4096]);
        }
        try (var client = connect().go("disk")) {
            isServedBehindIt(client);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoeverComesNextIsServedBehindIt(boolean byName) throws Exception {
        leaveBehind();
        try (var client = connect()) {
            if (byName) {
                client.option(Nbd.OPT_EXPORT_NAME, "disk".getBytes(StandardCharsets.US_ASCII));
                assertEquals(1 << 20, client.in.readLong());
                assertTrue(client.in.readUnsignedShort() > 0);
            } else
                client.go("disk");
            isServedBehindIt(client);
        }
    }

    @Test
    void whoLeavesWhileItWaitsLeavesNothing() throws Exception {
        leaveBehind();
        connect().go("disk").close();
        while (door.connections() > 0)
            Thread.sleep(1);
        held.complete(null);
        first.get().join();
        try (var client = connect().go("disk")) {
            client.request(0, Nbd.CMD_READ, 3, 0, 1);
            assertEquals(0, client.simple(1).error());
        }
    }
}
