package io.cairn.server.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.VolumeDefinition;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients that announce payloads and do not send them, or ask for much and do not take it: what they hold of the memory that all share is bounded, comes
/// back when they are let go, and nobody else is kept from small requests meanwhile.
class StalledClientsTest {
    private static final int LARGE = 4 << 20;
    private static final long ROOM = 2L * LARGE;
    private static final long SIZE = 64 << 20;
    private final PayloadMemory memory = new PayloadMemory(ROOM);
    @TempDir
    private Path directory;
    private NbdServer server;

    @BeforeEach
    void start() throws IOException {
        server = new NbdServer(directory.resolve("volumes"), memory, Duration.ofSeconds(15), Duration.ofMillis(1500));
        var _ = server.store.createVolume(VolumeDefinition.of(SIZE).named("disk"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        for (long end = System.nanoTime() + 30_000_000_000L; !condition.getAsBoolean(); Thread.sleep(5))
            assertTrue(System.nanoTime() < end, what);
    }

    private RawNbd attached() throws IOException {
        return server.connect().greet().go("disk");
    }

    @Test
    void payloadsThatDoNotComeAreBoundedAndLetGo() throws Exception {
        var stalled = new ArrayList<RawNbd>();
        try {
            for (int i = 0; i < 5; i++) {
                var client = attached();
                stalled.add(client);
                client.request(0, Nbd.CMD_WRITE, i, 0, LARGE, new byte[1000]);
            }
            await("two have the memory", () -> memory.usedBytes() == ROOM);
            try (var small = attached()) {
                small.request(0, Nbd.CMD_WRITE, 7, 4096, 4096, new byte[4096]);
                small.request(0, Nbd.CMD_READ, 8, 4096, 4096);
                assertEquals(0, small.simple(0).error());
                assertEquals(4096, small.simple(4096).data().length);
                assertEquals(6, server.connections(), "small ones have not waited for any of them");
            }
            for (var client : stalled)
                assertTrue(client.isEnded());
            await("all is given back", () -> memory.usedBytes() == 0);
        } finally {
            for (var client : stalled)
                client.close();
        }
    }

    @Test
    void aLargeWriteThatComesSlowlyButSteadilyIsTaken() throws Exception {
        var content = new byte[LARGE];
        new Random(3).nextBytes(content);
        try (var client = attached()) {
            client.request(0, Nbd.CMD_WRITE, 1, 8192, LARGE);
            for (int at = 0; at < LARGE; at += LARGE / 16) {
                client.out.write(content, at, LARGE / 16);
                client.out.flush();
                Thread.sleep(150); // longer in all than a client may stop
            }
            assertEquals(0, client.simple(0).error());
            client.request(0, Nbd.CMD_READ, 2, 8192, LARGE);
            assertArrayEquals(content, client.simple(LARGE).data());
        }
        await("all is given back", () -> memory.usedBytes() == 0);
    }

    @Test
    void whatIsAskedOfAVolumeThatIsGoneGivesItsMemoryBack() throws Exception {
        try (var client = server.connect().greet().structured().go("disk")) {
            server.store.volumes().getFirst().delete();
            for (int i = 0; i < 5; i++) { // more than there is room for, if one were kept
                client.request(0, Nbd.CMD_READ, i, 0, LARGE);
                assertEquals(Nbd.ESHUTDOWN, client.chunk().error());
            }
        }
        await("all is given back", () -> memory.usedBytes() == 0);
    }

    /// Large and small, so that some stay where they were received and others are put together.
    @Test
    void aPayloadComesInPiecesOfAnySize() throws Exception {
        var random = new Random(4);
        var content = new byte[LARGE];
        try (var client = attached()) {
            for (int round = 0; round < 3; round++) {
                random.nextBytes(content);
                client.request(0, Nbd.CMD_WRITE, 1, 12_345, LARGE);
                for (int at = 0; at < LARGE;) {
                    int most = random.nextInt(4) == 0 ? 200_000 : 3000;
                    int count = Math.min(LARGE - at, 1 + random.nextInt(most));
                    client.out.write(content, at, count);
                    client.out.flush();
                    at += count;
                }
                assertEquals(0, client.simple(0).error());
                client.request(0, Nbd.CMD_READ, 2, 12_345, LARGE);
                assertArrayEquals(content, client.simple(LARGE).data());
            }
        }
        await("all is given back", () -> memory.usedBytes() == 0);
    }

    @Test
    void whoDoesNotTakeItsAnswersIsLetGo() throws Exception {
        server.store.volumes().getFirst().write(0, ByteBuffer.wrap(new byte[(int) SIZE / 2])).join();
        try (var client = attached(); var other = attached()) {
            for (int i = 0; i < 6; i++)
                client.request(0, Nbd.CMD_READ, i, 0, LARGE);
            await("it is let go", () -> server.connections() == 1);
            await("all is given back", () -> memory.usedBytes() == 0);
            other.request(0, Nbd.CMD_READ, 9, 0, LARGE);
            assertEquals(LARGE, other.simple(LARGE).data().length);
            assertFalse(other.in.available() > 0);
        }
    }

    /// What waits to be sent counts, also of small reads: clients that ask for many and take none do not fill the memory, and others are served.
    @Test
    void smallAnswersThatNobodyTakesAreBounded() throws Exception {
        server.store.volumes().getFirst().write(0, ByteBuffer.wrap(new byte[(int) SIZE / 2])).join();
        var allocated = ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric();
        long before = allocated.usedDirectMemory();
        var stalled = new ArrayList<RawNbd>();
        try (var other = attached()) {
            for (int i = 0; i < 40; i++) {
                var client = attached();
                stalled.add(client);
                for (int j = 0; j < 500; j++)
                    client.request(0, Nbd.CMD_READ, j, j * 65_536L % (SIZE / 2), 65_536);
            }
            long most = 0;
            boolean counted = false;
            while (server.connections() > 1) {
                most = Math.max(most, allocated.usedDirectMemory() - before);
                counted |= memory.usedBytes() > 0;
                other.request(0, Nbd.CMD_READ, 1, 0, 512);
                assertEquals(512, other.simple(512).data().length);
            }
            assertTrue(counted);
            // Half of the room, and of each of the 40 what is not counted, a request more, and slack of the allocator.
            assertTrue(most < ROOM / 2 + 40 * 4 * 65_536L + (16 << 20), most + " bytes");
            await("all is given back", () -> memory.usedBytes() == 0);
        } finally {
            for (var client : stalled)
                client.close();
        }
    }

    @Test
    void manyThatShareTheMemoryAreAllServed() throws Exception {
        var threads = new ArrayList<Thread>();
        var failures = Collections.synchronizedList(new ArrayList<Throwable>());
        for (int i = 0; i < 6; i++) {
            int number = i;
            threads.add(Thread.ofPlatform().start(() -> {
                try (var client = attached()) {
                    var content = new byte[LARGE];
                    new Random(number).nextBytes(content);
                    for (int round = 0; round < 4; round++) {
                        client.request(0, Nbd.CMD_WRITE, round, (long) number * LARGE, LARGE, content);
                        assertEquals(0, client.simple(0).error());
                        client.request(0, Nbd.CMD_READ, round, (long) number * LARGE, LARGE);
                        assertArrayEquals(content, client.simple(LARGE).data());
                    }
                } catch (Throwable e) {
                    failures.add(e);
                }
            }));
        }
        for (var thread : threads)
            thread.join();
        assertEquals(List.of(), failures);
        await("all is given back", () -> memory.usedBytes() == 0);
    }
}
