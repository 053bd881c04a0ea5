package io.cairn.server.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.BlockStore;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.server.http.EventLoops;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A loop writes and syncs by itself for a client that waits for each answer and shares the loop with nobody, and for no other.
class FlushHereTest {
    private static final int MANY = 40;
    @TempDir
    Path directory;
    private final EventLoops loops = new EventLoops(1);
    private final AtomicInteger here = new AtomicInteger();
    private final AtomicInteger elsewhere = new AtomicInteger();
    private BlockStore store;
    private NbdDoor door;

    @BeforeEach
    void start() throws IOException {
        store = BlockStore.open(directory.resolve("volumes"));
        var volume = counting(store.createVolume(VolumeDefinition.of(1 << 20)));
        door = new OneDisk(volume).open(directory.resolve("keys"), loops);
    }

    @AfterEach
    void stop() {
        door.close();
        loops.close();
        store.close();
    }

    private Volume counting(Volume volume) {
        return (Volume) Proxy.newProxyInstance(FlushHereTest.class.getClassLoader(), new Class<?>[]{Volume.class},
                (_, method, given) -> {
                    if (method.getName().equals("flushHere"))
                        here.incrementAndGet();
                    else if (method.getName().equals("flush"))
                        elsewhere.incrementAndGet();
                    return method.invoke(volume, given);
                });
    }

    private RawNbd attach() throws IOException {
        return new RawNbd(door.address().getPort()).greet().go("disk");
    }

    /// Two requests each: a write, and a flush or one with FUA.
    private static void flushOneByOne(RawNbd client, int times) throws IOException {
        for (int i = 0; i < times; i++) {
            client.request(0, Nbd.CMD_WRITE, i, i * 512L, 512, new byte[512]);
            assertEquals(0, client.simple(0).error());
            if (i % 2 == 0)
                client.request(0, Nbd.CMD_FLUSH, i, 0, 0);
            else
                client.request(Nbd.CMD_FLAG_FUA, Nbd.CMD_WRITE, i, 4096, 512, new byte[512]);
            assertEquals(0, client.simple(0).error());
        }
    }

    @Test
    void oneThatIsAloneAndWaitsIsServedByItsLoop() throws Exception {
        try (var client = attach()) {
            flushOneByOne(client, MANY);
            assertTrue(here.get() >= MANY - 10, () -> here + " of " + MANY);
            assertEquals(MANY, here.get() + elsewhere.get());
            int before = here.get();
            try (var other = attach()) {
                flushOneByOne(client, MANY);
                flushOneByOne(other, MANY);
                assertEquals(before, here.get(), "two share the loop");
                other.request(0, Nbd.CMD_DISC, 1, 0, 0);
                assertTrue(other.isEnded());
            }
            flushOneByOne(client, MANY);
            assertTrue(here.get() > before, "it is alone again");
        }
    }

    @Test
    void oneThatSendsSeveralAtOnceIsNotKeptFromSendingMore() throws Exception {
        try (var client = attach()) {
            flushOneByOne(client, MANY);
            int before = here.get();
            for (int i = 0; i < 10; i++) {
                var out = new DataOutputStream(client.out);
                for (int j = 0; j < 10; j++) {
                    header(out, Nbd.CMD_WRITE, 512);
                    out.write(new byte[512]);
                    header(out, Nbd.CMD_FLUSH, 0);
                }
                out.flush();
                for (int j = 0; j < 20; j++)
                    assertEquals(0, client.simple(0).error());
            }
            assertEquals(before, here.get());
        }
    }

    private static void header(DataOutputStream out, int type, int length) throws IOException {
        out.writeInt(Nbd.REQUEST_MAGIC);
        out.writeShort(0);
        out.writeShort(type);
        out.writeLong(1);
        out.writeLong(0);
        out.writeInt(length);
    }
}
