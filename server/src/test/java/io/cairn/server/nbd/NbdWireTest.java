package io.cairn.server.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.SnapshotDefinition;
import io.cairn.block.VolumeDefinition;
import io.cairn.server.http.LeakCounter;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the server says to a client that talks right, and to those that do not: the error that the protocol has for it, and nobody else is disturbed.
class NbdWireTest {
    private static final int SIZE = 1 << 20;
    @TempDir
    Path directory;
    private NbdServer server;

    @BeforeEach
    void start() throws IOException {
        server = new NbdServer(directory.resolve("volumes"), Duration.ofSeconds(4));
        server.store.createVolume(VolumeDefinition.of(SIZE).named("disk"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static byte[] bytes(long seed, int count) {
        var bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void writesReadsAndFlushes() throws IOException {
        serves();
    }

    private void serves() throws IOException {
        var written = bytes(1, 70_000);
        try (var client = server.connect().greet().go("disk")) {
            client.request(Nbd.CMD_FLAG_FUA, Nbd.CMD_WRITE, 7, 1234, written.length, written);
            assertEquals(0, client.simple(0).error());
            client.request(0, Nbd.CMD_READ, 8, 1234, written.length);
            var read = client.simple(written.length);
            assertEquals(8, read.cookie());
            assertArrayEquals(written, read.data());
            client.request(0, Nbd.CMD_TRIM, 9, 0, SIZE);
            assertEquals(0, client.simple(0).error());
            client.request(0, Nbd.CMD_FLUSH, 10, 0, 0);
            assertEquals(0, client.simple(0).error());
            client.request(0, Nbd.CMD_READ, 11, 0, SIZE);
            assertArrayEquals(new byte[SIZE], client.simple(SIZE).data());
            client.request(0, Nbd.CMD_DISC, 12, 0, 0);
            assertTrue(client.isEnded());
        }
    }

    @Test
    void requestsThatAreWrongAreAnsweredAsTheDocumentSays() throws IOException {
        server.store.volumes().getFirst().snapshot(SnapshotDefinition.named("before"));
        try (var client = server.connect().greet().go("disk")) {
            wrong(client, Nbd.CMD_READ, SIZE - 10, 11, Nbd.EINVAL);
            wrong(client, Nbd.CMD_WRITE, SIZE - 10, 11, Nbd.ENOSPC);
            wrong(client, Nbd.CMD_WRITE_ZEROES, SIZE, 1, Nbd.ENOSPC);
            wrong(client, Nbd.CMD_TRIM, SIZE, 1, Nbd.EINVAL);
            wrong(client, Nbd.CMD_READ, -1, 1, Nbd.EINVAL);
            wrong(client, Nbd.CMD_READ, Long.MAX_VALUE, 0xFFFF_FFFFL, Nbd.EINVAL);
            wrong(client, 99, 0, 0, Nbd.EINVAL);
            wrong(client, Nbd.CMD_BLOCK_STATUS, 0, 10, Nbd.EINVAL);
            client.request(1 << 9, Nbd.CMD_READ, 5, 0, 1);
            assertEquals(Nbd.EINVAL, client.simple(1).error(), "unknown flag");
            client.request(0, Nbd.CMD_READ, 6, 0, 1);
            assertEquals(0, client.simple(1).error(), "and it goes on");
        }
        try (var client = server.connect().greet().go("disk@before")) {
            wrong(client, Nbd.CMD_WRITE, 0, 1, Nbd.EPERM);
            wrong(client, Nbd.CMD_TRIM, 0, 1, Nbd.EPERM);
            client.request(0, Nbd.CMD_READ, 6, 0, 1);
            assertEquals(0, client.simple(1).error());
        }
    }

    @Test
    void aVolumeGrowsByResize() throws IOException {
        server.store.volumes().getFirst().snapshot(SnapshotDefinition.named("before"));
        try (var client = server.connect().greet().go("disk"); var other = server.connect().greet().go("disk")) {
            wrong(client, Nbd.CMD_READ, 2 * SIZE - 1, 1, Nbd.EINVAL);
            wrong(client, Nbd.CMD_RESIZE, SIZE / 2, 0, Nbd.EINVAL);
            wrong(client, Nbd.CMD_RESIZE, 2 * SIZE, 1, Nbd.EINVAL);
            wrong(client, Nbd.CMD_RESIZE, -1, 0, Nbd.EINVAL);
            wrong(client, Nbd.CMD_RESIZE, Long.MAX_VALUE, 0, Nbd.EINVAL);
            client.request(0, Nbd.CMD_RESIZE, 1, 2 * SIZE, 0);
            assertEquals(0, client.simple(0).error());
            assertEquals(2 * SIZE, server.store.volumes().getFirst().sizeBytes());
            other.request(0, Nbd.CMD_READ, 2, 2 * SIZE - 1, 1);
            assertArrayEquals(new byte[1], other.simple(1).data());
        }
        try (var client = server.connect().greet().go("disk@before")) {
            wrong(client, Nbd.CMD_RESIZE, 2 * SIZE, 0, Nbd.EPERM);
        }
    }

    @Test
    void aReadOfNothingHasNoDataChunk() throws IOException {
        try (var client = server.connect().greet().structured().go("disk")) {
            client.request(0, Nbd.CMD_READ, 5, 4096, 0);
            var reply = client.chunk();
            assertEquals(Nbd.REPLY_NONE, reply.type());
            assertEquals(0, reply.data().length);
        }
        try (var client = server.connect().greet().go("disk")) {
            client.request(0, Nbd.CMD_READ, 5, 4096, 0);
            assertEquals(0, client.simple(0).error());
        }
    }

    /// One client's question about a large device that is in many pieces keeps nobody from reading meanwhile, and its answer may be short.
    @Test
    void statusOfALargeRangeIsAnsweredInParts() throws Exception {
        var large = server.store.createVolume(VolumeDefinition.of(64L << 40).named("large"));
        large.zero(0, 64L << 30).join();
        try (var client = server.connect().greet().structured()) {
            client.option(Nbd.OPT_SET_META_CONTEXT, query("large", MetaContext.ALLOCATION));
            assertEquals(2, client.replies().size());
            client.go("large");
            long at = 0;
            while (at < 64L << 30) {
                client.request(Nbd.CMD_FLAG_REQ_ONE, Nbd.CMD_BLOCK_STATUS, 1, at, 0xFFFF_F000L);
                var status = java.nio.ByteBuffer.wrap(client.chunk().data());
                assertEquals(12, status.remaining());
                long length = status.getInt(4) & 0xFFFF_FFFFL;
                assertTrue(length > 0);
                assertEquals(Nbd.STATE_ZERO, status.getInt(8));
                at += length;
            }
            client.request(0, Nbd.CMD_BLOCK_STATUS, 1, (64L << 30) - 8192, 1 << 20);
            var status = java.nio.ByteBuffer.wrap(client.chunk().data());
            assertEquals(8192, status.getInt(4));
            assertEquals(Nbd.STATE_ZERO, status.getInt(8));
            assertEquals((1 << 20) - 8192, status.getInt(12));
            assertEquals(Nbd.STATE_ZERO | Nbd.STATE_HOLE, status.getInt(16));
        }
    }

    @Test
    void tooManyQueriesAreRefused() throws IOException {
        var queries = new String[Negotiation.MAX_QUERIES + 1];
        java.util.Arrays.setAll(queries, i -> MetaContext.DIRTY_SINCE + i);
        try (var client = server.connect().greet().structured()) {
            refused(client, Nbd.OPT_SET_META_CONTEXT, query("disk", queries), Nbd.REP_ERR_TOO_BIG);
            client.option(Nbd.OPT_SET_META_CONTEXT,
                    query("disk", java.util.Arrays.copyOf(queries, Negotiation.MAX_QUERIES)));
            assertEquals(Nbd.REP_ACK, client.replies().getLast().type());
        }
    }

    private static void wrong(RawNbd client, int type, long offset, long length, int error) throws IOException {
        client.request(0, type, 42, offset, length, type == Nbd.CMD_WRITE ? new byte[(int) length] : new byte[0]);
        var reply = client.simple((int) length);
        assertEquals(42, reply.cookie());
        assertEquals(error, reply.error(), "type " + type + " at " + offset);
    }

    @Test
    void optionsThatAreWrongAreRefusedAndTheNextIsHeard() throws IOException {
        try (var client = server.connect().greet()) {
            refused(client, 12345, new byte[3], Nbd.REP_ERR_UNSUP);
            refused(client, Nbd.OPT_LIST, new byte[1], Nbd.REP_ERR_INVALID);
            refused(client, Nbd.OPT_STRUCTURED_REPLY, new byte[1], Nbd.REP_ERR_INVALID);
            refused(client, Nbd.OPT_GO, new byte[0], Nbd.REP_ERR_INVALID);
            refused(client, Nbd.OPT_GO, new byte[]{0x7f, 0, 0, 0, 0, 0}, Nbd.REP_ERR_INVALID);
            refused(client, Nbd.OPT_GO, RawNbd.name("nothing"), Nbd.REP_ERR_UNKNOWN);
            refused(client, Nbd.OPT_INFO, new byte[Negotiation.MAX_OPTION_BYTES + 1], Nbd.REP_ERR_TOO_BIG);
            refused(client, Nbd.OPT_SET_META_CONTEXT, RawNbd.name("disk"), Nbd.REP_ERR_INVALID);
            client.option(Nbd.OPT_LIST, new byte[0]);
            var listed = client.replies();
            assertEquals(2, listed.size());
            assertEquals("\0\0\0\4disk", listed.getFirst().text());
            client.option(Nbd.OPT_ABORT, new byte[0]);
            assertEquals(Nbd.REP_ACK, client.optionReply().type());
            assertTrue(client.isEnded());
        }
    }

    private static void refused(RawNbd client, int option, byte[] data, int error) throws IOException {
        client.option(option, data);
        var reply = client.optionReply();
        assertEquals(option, reply.option());
        assertEquals(Integer.toHexString(error), Integer.toHexString(reply.type()), reply::text);
    }

    @Test
    void whatIsNoNbdEndsItsOwnConnection() throws IOException {
        for (var garbage : List.of("GET / HTTP/1.1\r\n\r\n", "\0\0\0\3garbage that is no option at all")) {
            try (var client = server.connect()) {
                client.in.readNBytes(18);
                client.out.write(garbage.getBytes(StandardCharsets.ISO_8859_1));
                client.out.flush();
                assertTrue(client.isEnded(), garbage);
            }
        }
        try (var client = server.connect().greet().go("disk")) {
            client.out.write(new byte[28]);
            client.out.flush();
            assertTrue(client.isEnded(), "a request without its magic");
        }
        serves();
    }

    /// Every prefix of a handshake with a request behind it, and then silence or a cut line.
    @Test
    void aHandshakeThatStopsAnywhereDisturbsNobody() throws IOException {
        var whole = new ByteArrayOutputStream();
        var out = new DataOutputStream(whole);
        out.writeInt(3);
        out.writeLong(Nbd.OPTION_MAGIC);
        out.writeInt(Nbd.OPT_GO);
        var data = RawNbd.name("disk", Nbd.INFO_NAME, Nbd.INFO_BLOCK_SIZE);
        out.writeInt(data.length);
        out.write(data);
        out.writeInt(Nbd.REQUEST_MAGIC);
        out.writeShort(0);
        out.writeShort(Nbd.CMD_WRITE);
        out.writeLong(1);
        out.writeLong(0);
        out.writeInt(8);
        out.write(new byte[8]);
        var open = new ArrayList<RawNbd>();
        try {
            for (int length = 0; length <= whole.size(); length++) {
                var client = server.connect();
                client.out.write(whole.toByteArray(), 0, length);
                client.out.flush();
                if (length % 2 == 0)
                    client.close();
                else
                    open.add(client);
            }
            serves();
        } finally {
            for (var client : open)
                client.close();
        }
    }

    /// More answers than the line takes: the server waits, and goes on where it was.
    @Test
    void aClientThatAsksForMuchAndReadsLateGetsAll() throws IOException {
        var written = bytes(3, SIZE);
        server.store.volumes().getFirst().write(0, ByteBuffer.wrap(written)).join();
        try (var client = server.connect().greet().go("disk")) {
            int count = 400;
            int length = 256 << 10;
            for (int i = 0; i < count; i++)
                client.request(0, Nbd.CMD_READ, i, (long) i % 4 * length, length);
            var answered = new BitSet();
            for (int i = 0; i < count; i++)
                answered.set(answered(client, written, length));
            assertEquals(count, answered.cardinality());
        }
    }

    /// Takes one answer, whichever comes first, and gives its cookie.
    private static int answered(RawNbd client, byte[] written, int length) throws IOException {
        var reply = client.simple(length);
        int from = (int) reply.cookie() % 4 * length;
        assertArrayEquals(Arrays.copyOfRange(written, from, from + length), reply.data(), "at " + from);
        return (int) reply.cookie();
    }

    /// So many at once that the last of them just fills what may wait to be written.
    @Test
    void aClientThatKeepsSoManyInFlightGetsAll() throws IOException {
        var written = bytes(4, SIZE);
        server.store.volumes().getFirst().write(0, ByteBuffer.wrap(written)).join();
        int length = 256 << 10;
        for (int window : List.of(15, 16, 17, 64))
            try (var client = server.connect().greet().go("disk")) {
                var answered = new BitSet();
                for (int i = 0; i < 300 + window; i++) {
                    if (i < 300)
                        client.request(0, Nbd.CMD_READ, i, (long) i % 4 * length, length);
                    if (i >= window)
                        answered.set(answered(client, written, length));
                }
                assertEquals(300, answered.cardinality());
            }
    }

    /// The option has no answer but the export, so what cannot be one ends the connection.
    @Test
    void aNameThatIsNoTextEndsTheConnectionWhereItHasNoAnswer() throws IOException {
        try (var client = server.connect().greet()) {
            client.option(Nbd.OPT_EXPORT_NAME, new byte[]{(byte) 0xff});
            assertTrue(client.isEnded());
        }
        serves();
    }

    /// The client asks for its end before it has taken what it asked for.
    @Test
    void allAnswersAreSentBeforeTheEndThatWasAskedFor() throws IOException {
        int size = 32 << 20;
        var written = bytes(6, size);
        var volume = server.store.createVolume(VolumeDefinition.of(size).named("large"));
        volume.write(0, ByteBuffer.wrap(written)).join();
        try (var client = server.connect().greet().go("large")) {
            client.request(0, Nbd.CMD_READ, 1, 0, size);
            client.request(0, Nbd.CMD_READ, 2, 0, 10);
            client.request(0, Nbd.CMD_DISC, 3, 0, 0);
            var all = new ArrayList<RawNbd.Reply>();
            for (int i = 0; i < 2; i++)
                all.add(answer(client, size));
            all.sort(Comparator.comparingLong(RawNbd.Reply::cookie));
            assertArrayEquals(written, all.getFirst().data());
            assertEquals(10, all.getLast().data().length);
            assertTrue(client.isEnded());
        }
    }

    /// @param size of what the first of two requests asked for
    private static RawNbd.Reply answer(RawNbd client, int size) throws IOException {
        assertEquals(Nbd.SIMPLE_REPLY_MAGIC, client.in.readInt());
        assertEquals(0, client.in.readInt());
        long cookie = client.in.readLong();
        return new RawNbd.Reply(0, 0, cookie, client.in.readNBytes(cookie == 1 ? size : 10));
    }

    @Test
    void contextsAreForgottenWhenOthersCannotBeSet() throws IOException {
        for (var wrong : List.of(new byte[]{0}, new byte[Negotiation.MAX_OPTION_BYTES + 1]))
            try (var client = server.connect().greet().structured()) {
                client.option(Nbd.OPT_SET_META_CONTEXT, query("disk", MetaContext.ALLOCATION));
                assertEquals(Nbd.REP_ACK, client.replies().getLast().type());
                client.option(Nbd.OPT_SET_META_CONTEXT, wrong);
                assertTrue(client.replies().getLast().type() < 0);
                client.go("disk").request(0, Nbd.CMD_BLOCK_STATUS, 1, 0, 4096);
                assertEquals(Nbd.EINVAL, client.chunk().error());
            }
    }

    @Test
    void fiveHundredClientsAtOnceAreServed() throws IOException, InterruptedException {
        long before = descriptors();
        var clients = new ArrayList<RawNbd>();
        try {
            for (int i = 0; i < 500; i++)
                clients.add(server.connect().greet().go("disk"));
            for (int i = 0; i < 500; i++)
                clients.get(i).request(0, Nbd.CMD_READ, i, 0, 4096);
            for (int i = 0; i < 500; i++)
                assertEquals(i, clients.get(i).simple(4096).cookie());
        } finally {
            for (var client : clients)
                client.close();
        }
        awaitNoClients();
        awaitDescriptors(before);
    }

    @Test
    void clientsThatLeaveWithAnswersInFlightDisturbNobody() throws IOException, InterruptedException {
        server.store.volumes().getFirst().write(0, ByteBuffer.wrap(bytes(5, SIZE))).join();
        serves();
        long before = descriptors();
        for (int i = 0; i < 30; i++)
            try (var client = server.connect().greet().go("disk")) {
                for (int each = 0; each < 40; each++)
                    client.request(0, Nbd.CMD_READ, each, 0, SIZE);
                client.request(Nbd.CMD_FLAG_FUA, Nbd.CMD_WRITE, 1, 0, 10, new byte[10]);
            }
        serves();
        awaitNoClients();
        awaitDescriptors(before);
        assertEquals(List.of(), LeakCounter.found());
    }

    /// Of this process: the server's, and the clients'.
    private static long descriptors() throws IOException {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    /// The store may have opened a file or two meanwhile.
    private static void awaitDescriptors(long before) throws IOException, InterruptedException {
        for (int i = 0; i < 200 && descriptors() > before + 8; i++)
            Thread.sleep(20);
        assertTrue(descriptors() <= before + 8, descriptors() + " files and sockets are open, " + before + " were before");
    }

    @Test
    void aClientThatDoesNotAttachInTimeIsLetGoAndOneThatHasIsNot() throws IOException, InterruptedException {
        try (var slow = server.connect(); var attached = server.connect().greet().go("disk")) {
            slow.in.readNBytes(18);
            assertTrue(slow.isEnded(), "after four seconds");
            Thread.sleep(200);
            attached.request(0, Nbd.CMD_READ, 1, 0, 1);
            assertEquals(0, attached.simple(1).error());
        }
    }

    private void awaitNoClients() throws InterruptedException {
        for (int i = 0; i < 200 && server.connections() > 0; i++)
            Thread.sleep(20);
        assertEquals(0, server.connections());
    }

    @Test
    void structuredRepliesAndBlockStatus() throws IOException {
        server.store.volumes().getFirst().write(8192, ByteBuffer.wrap(bytes(2, 4096))).join();
        try (var client = server.connect().greet().structured()) {
            client.option(Nbd.OPT_SET_META_CONTEXT, query("disk", MetaContext.ALLOCATION));
            assertEquals(Nbd.REP_META_CONTEXT, client.replies().getFirst().type());
            client.go("disk");
            client.request(0, Nbd.CMD_BLOCK_STATUS, 3, 4096, 16384);
            var status = ByteBuffer.wrap(client.chunk().data());
            assertEquals(MetaContext.ALLOCATION_ID, status.getInt());
            assertEquals(List.of(4096, 3, 4096, 0, 8192, 3),
                    List.of(status.getInt(), status.getInt(), status.getInt(), status.getInt(), status.getInt(),
                            status.getInt()));
            client.request(Nbd.CMD_FLAG_REQ_ONE, Nbd.CMD_BLOCK_STATUS, 3, 0, SIZE);
            assertEquals(12, client.chunk().data().length);
            client.request(0, Nbd.CMD_READ, 4, 8192, 4096);
            var read = client.chunk();
            assertEquals(Nbd.REPLY_OFFSET_DATA, read.type());
            assertEquals(4096 + 8, read.data().length);
            client.request(0, Nbd.CMD_READ, 5, SIZE, 1);
            assertEquals(Nbd.EINVAL, client.chunk().error());
        }
    }

    @Test
    void whatHasChangedSinceASnapshot() throws IOException {
        var volume = server.store.volumes().getFirst();
        volume.write(0, ByteBuffer.wrap(bytes(1, 65536))).join();
        var first = volume.snapshot(SnapshotDefinition.named("first"));
        volume.write(8192, ByteBuffer.wrap(bytes(2, 4096))).join();
        var second = volume.snapshot(SnapshotDefinition.named("second"));
        volume.write(20480, ByteBuffer.wrap(bytes(3, 4096))).join();
        try (var client = server.connect().greet().structured()) {
            client.option(Nbd.OPT_LIST_META_CONTEXT, query("disk"));
            var all = List.of("base:allocation", "cairn:dirty-since-first", "cairn:dirty-since-second");
            assertEquals(all, contexts(client));
            client.option(Nbd.OPT_LIST_META_CONTEXT, query("disk", "cairn:"));
            assertEquals(all.subList(1, 3), contexts(client));
            client.option(Nbd.OPT_LIST_META_CONTEXT, query("disk", "cairn:dirty-since-second", "x:y"));
            assertEquals(all.subList(2, 3), contexts(client));
            // What there is not is passed over.
            client.option(Nbd.OPT_SET_META_CONTEXT, query("disk", "cairn:dirty-since-third", "cairn:dirty-since-first",
                    MetaContext.ALLOCATION, "cairn:dirty-since-" + second.id()));
            assertEquals(List.of("cairn:dirty-since-first", "base:allocation", "cairn:dirty-since-" + second.id()),
                    contexts(client));
            client.go("disk");
            client.request(0, Nbd.CMD_BLOCK_STATUS, 3, 0, SIZE);
            assertEquals(List.of(8192, 0, 4096, 1, 8192, 0, 4096, 1, SIZE - 24576, 0), runs(client.chunk(0), 2));
            assertEquals(List.of(65536, 0, SIZE - 65536, 3), runs(client.chunk(0), MetaContext.ALLOCATION_ID));
            assertEquals(List.of(20480, 0, 4096, 1, SIZE - 24576, 0), runs(client.chunk(), 4));
            client.request(Nbd.CMD_FLAG_REQ_ONE, Nbd.CMD_BLOCK_STATUS, 3, 8192, 12288);
            assertEquals(List.of(4096, 1), runs(client.chunk(0), 2));
            assertEquals(List.of(12288, 0), runs(client.chunk(0), MetaContext.ALLOCATION_ID));
            assertEquals(List.of(12288, 0), runs(client.chunk(), 4));
            first.delete();
            client.request(0, Nbd.CMD_BLOCK_STATUS, 4, 0, SIZE);
            assertEquals(Nbd.ESHUTDOWN, client.chunk().error());
        }
    }

    private static byte[] query(String export, String... queries) throws IOException {
        var query = new ByteArrayOutputStream();
        var data = new DataOutputStream(query);
        data.writeInt(export.length());
        data.writeBytes(export);
        data.writeInt(queries.length);
        for (var each : queries) {
            data.writeInt(each.length());
            data.writeBytes(each);
        }
        return query.toByteArray();
    }

    private static List<String> contexts(RawNbd client) throws IOException {
        return client.replies().stream().filter(reply -> reply.type() == Nbd.REP_META_CONTEXT)
                .map(reply -> reply.text().substring(4)).toList();
    }

    private static List<Integer> runs(RawNbd.Reply status, int id) {
        var data = ByteBuffer.wrap(status.data());
        assertEquals(id, data.getInt());
        var all = new ArrayList<Integer>();
        while (data.hasRemaining())
            all.add(data.getInt());
        return all;
    }

    @Test
    void aDiskThatIsNearlyFullTakesNoWritesAndGoesOnOtherwise() throws Exception {
        try (var client = server.connect().greet().go("disk")) {
            client.request(0, Nbd.CMD_WRITE, 1, 0, 4096, bytes(1, 4096));
            assertEquals(0, client.simple(0).error());
            server.free.set(1 << 20);
            Thread.sleep(100); // the disk is not asked each time
            client.request(0, Nbd.CMD_WRITE, 2, 0, 4096, bytes(2, 4096));
            assertEquals(Nbd.ENOSPC, client.simple(0).error());
            client.request(0, Nbd.CMD_READ, 3, 0, 4096);
            assertArrayEquals(bytes(1, 4096), client.simple(4096).data());
            client.request(Nbd.CMD_FLAG_NO_HOLE, Nbd.CMD_WRITE_ZEROES, 3, 0, 4096);
            assertEquals(Nbd.ENOSPC, client.simple(0).error(), "their place takes some");
            client.request(0, Nbd.CMD_WRITE_ZEROES, 3, 0, 4096);
            assertEquals(0, client.simple(0).error());
            client.request(Nbd.CMD_FLAG_FUA, Nbd.CMD_TRIM, 4, 0, 4096);
            assertEquals(0, client.simple(0).error());
            client.request(0, Nbd.CMD_FLUSH, 5, 0, 0);
            assertEquals(0, client.simple(0).error());
            server.free.set(Long.MAX_VALUE);
            Thread.sleep(100);
            client.request(0, Nbd.CMD_WRITE, 6, 0, 4096, bytes(3, 4096));
            assertEquals(0, client.simple(0).error());
        }
    }

    @Test
    void largeReadsLeaveHolesOut() throws IOException {
        var content = bytes(3, 4096);
        var volume = server.store.volumes().getFirst();
        volume.write(8192, ByteBuffer.wrap(content)).join();
        try (var client = server.connect().greet().structured().go("disk")) {
            client.request(0, Nbd.CMD_READ, 4, 4096, 65536);
            var hole = client.chunk(0);
            assertEquals(Nbd.REPLY_OFFSET_HOLE, hole.type());
            assertEquals(List.of(4096L, 4096), offsetAndLength(hole));
            var data = client.chunk(0);
            assertEquals(Nbd.REPLY_OFFSET_DATA, data.type());
            assertArrayEquals(content, Arrays.copyOfRange(data.data(), 8, data.data().length));
            assertEquals(List.of(12288L, 65536 - 8192), offsetAndLength(client.chunk()));
            // What may not be divided comes whole.
            client.request(Nbd.CMD_FLAG_DF, Nbd.CMD_READ, 5, 4096, 65536);
            var whole = client.chunk();
            assertEquals(Nbd.REPLY_OFFSET_DATA, whole.type());
            assertArrayEquals(content, Arrays.copyOfRange(whole.data(), 8 + 4096, 8 + 8192));
            assertEquals(8 + 65536, whole.data().length);
        }
        // More pieces than an answer has chunks: the rest is one.
        var larger = server.store.createVolume(VolumeDefinition.of(4 << 20).named("larger"));
        for (int i = 0; i < 200; i++)
            larger.write((1 << 20) + i * 8192, ByteBuffer.wrap(content)).join();
        try (var client = server.connect().greet().structured().go("larger")) {
            client.request(0, Nbd.CMD_READ, 6, 1 << 20, 200 * 8192);
            var expected = new byte[200 * 8192];
            for (int i = 0; i < 200; i++)
                System.arraycopy(content, 0, expected, i * 8192, 4096);
            var got = new byte[200 * 8192];
            for (int i = 0; i < 64; i++)
                put(client.chunk(0), got);
            put(client.chunk(), got);
            assertArrayEquals(expected, got);
        }
    }

    private static List<Object> offsetAndLength(RawNbd.Reply hole) {
        assertEquals(Nbd.REPLY_OFFSET_HOLE, hole.type());
        var data = ByteBuffer.wrap(hole.data());
        return List.of(data.getLong(), data.getInt());
    }

    private static void put(RawNbd.Reply chunk, byte[] into) {
        if (chunk.type() == Nbd.REPLY_OFFSET_DATA)
            System.arraycopy(chunk.data(), 8, into, (int) ByteBuffer.wrap(chunk.data()).getLong() - (1 << 20),
                    chunk.data().length - 8);
    }
}
