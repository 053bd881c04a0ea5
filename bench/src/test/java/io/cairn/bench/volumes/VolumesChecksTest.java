package io.cairn.bench.volumes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.bench.match.Match;
import io.cairn.bench.match.WrongAnswerException;
import io.cairn.bench.score.Entrant;
import io.cairn.bench.score.Score;
import io.cairn.bench.volumes.SnapshotTarget.Shape;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Wrong answers that cost a contestant its figure.
class VolumesChecksTest {
    private static final Match MATCH = new Match(0, 1, Duration.ofMillis(20), line -> {
    });
    private static final long MAGIC_AND_OPTION = 0x49484156454f5054L;
    @TempDir
    Path directory;

    /// Memory that forgets every write of which the block's number ends in 7, once it is full.
    private static final class Forgetful extends EmbeddedVolume {
        private final ByteBuffer bytes = ByteBuffer.allocate(64 * BLOCK_BYTES);
        private final boolean forgets;
        private int writes;

        Forgetful(boolean forgets) {
            super(64 * BLOCK_BYTES);
            this.forgets = forgets;
        }

        @Override
        synchronized void read(long offset, ByteBuffer block) {
            block.put(bytes.slice((int) offset, BLOCK_BYTES));
        }

        @Override
        synchronized void write(long offset, ByteBuffer block) {
            if (!forgets || writes++ < blocks() || offset / BLOCK_BYTES % 10 != 7)
                bytes.put((int) offset, block, block.position(), block.remaining());
        }

        @Override
        void flush() {}

        @Override
        public Entrant entrant() {
            return new Entrant("memory", "1", "none", "memory");
        }

        @Override
        public void close() {}
    }

    private Score embedded(boolean writes, boolean forgets) throws InterruptedException {
        var scenario = new EmbeddedScenario("line", "Line", writes, 4, 2, List.of(), directory, new AtomicLong());
        return MATCH.run(scenario, List.of(new Forgetful(forgets))).scores().getFirst();
    }

    @Test
    void aWriteThatWasForgottenIsSeen() throws InterruptedException {
        assertInstanceOf(Score.Measured.class, embedded(true, false));
        assertInstanceOf(Score.Measured.class, embedded(false, false));
        var reason = assertInstanceOf(Score.Absent.class, embedded(true, true)).reason();
        assertTrue(reason.startsWith("wrong answer: block "), reason);
    }

    /// Has one block; its snapshots keep what it had, or show what it has.
    private static final class OneBlock extends SnapshotTarget {
        private final boolean shares;
        private final List<byte[]> kept = new ArrayList<>();
        private byte[] block = new byte[0];

        OneBlock(boolean shares) {
            super(new Shape(1L << 30, 1), "memory");
            this.shares = shares;
        }

        @Override
        Session open() {
            return new Session() {
                @Override
                public void write(long offset, byte[] bytes) {
                    if (offset == 0)
                        block = bytes;
                }

                @Override
                public String snapshot() {
                    kept.add(block);
                    return Integer.toString(kept.size() - 1);
                }

                @Override
                public byte[] read(String snapshot, long offset) {
                    return shares ? block : kept.get(Integer.parseInt(snapshot));
                }

                @Override
                public void delete(String snapshot) {}

                @Override
                public void close() {}
            };
        }

        @Override
        public long cpuNanos() {
            return 0;
        }

        @Override
        public void close() {}
    }

    @Test
    void aSnapshotThatShowsLaterWritesIsSeen() throws InterruptedException {
        var scenario = new SnapshotTimeScenario("line", "Line", "in memory", false, 64, 3, List.of());
        assertInstanceOf(Score.Measured.class, MATCH.run(scenario, List.of(new OneBlock(false))).scores().getFirst());
        var reason = assertInstanceOf(Score.Absent.class, MATCH.run(scenario, List.of(new OneBlock(true))).scores().getFirst())
                .reason();
        assertTrue(reason.startsWith("wrong answer: snapshot "), reason);
    }

    @Test
    void volumesAreNamedBySizeAndSnapshots() {
        assertEquals("1 TiB with 1,000 snapshots", new Shape(1L << 40, 1000).name());
        assertEquals("64 GiB with 1 snapshot", new Shape(64L << 30, 1).name());
        assertEquals(3L << 38, new Shape(1L << 40, 1).offset(7, 4));
    }

    /// What a client is told by a server that says these bytes, whatever it hears.
    private static WrongAnswerException refusal(String hex) throws Exception {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var server = Thread.ofPlatform().daemon().start(() -> {
                try (var socket = listener.accept()) {
                    socket.getOutputStream().write(HexFormat.of().parseHex(hex));
                    socket.getInputStream().readAllBytes(); // until the client goes
                } catch (IOException e) {
                    return; // it went at once
                }
            });
            var thrown = assertThrows(WrongAnswerException.class,
                    () -> new NbdConnection(listener.getLocalPort(), "disk").close());
            server.join(Duration.ofSeconds(30));
            return thrown;
        }
    }

    @Test
    void aRefusedExportIsToldInTheServersWords() throws Exception {
        var greeting = "4e42444d41474943" + HexFormat.of().toHexDigits(MAGIC_AND_OPTION) + "0003";
        var unknown = "0003e889045565a9" + "00000007" + "80000006" + "00000004" + "6e6f6e65";
        assertEquals("NBD_OPT_GO was answered with 80000006: none", refusal(greeting + unknown).getMessage());
        var acknowledged = "0003e889045565a9" + "00000007" + "00000001" + "00000000";
        assertEquals("NBD_OPT_GO was acknowledged without NBD_INFO_EXPORT", refusal(greeting + acknowledged).getMessage());
        assertEquals("not a newstyle NBD server", refusal("485454502f312e3120343030204261642052657175657374").getMessage());
    }
}
