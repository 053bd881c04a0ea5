package io.cairn.server.cli;

import io.cairn.server.cli.image.Contents;
import io.cairn.server.cli.image.Range;
import io.cairn.server.cli.image.Walk;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntPredicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// One export, attached over NBD (the protocol's document, `doc/proto.md`; fixed newstyle, structured replies, `base:allocation`).
///
/// Every request waits for its answer; threads that ask at the same time have their requests under way at the same time, and a thread of its own
/// takes the answers in whatever order they come. Any thread. What comes is not believed: an answer that nobody asked for, or that does not
/// fit, breaks the connection, and then all that wait fail.
final class NbdDisk implements Contents {
    static final int PORT = 10809;
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final long INIT_MAGIC = 0x4e42444d41474943L;
    private static final long OPTION_MAGIC = 0x49484156454F5054L;
    private static final long OPTION_REPLY_MAGIC = 0x3e889045565a9L;
    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int SIMPLE_REPLY_MAGIC = 0x67446698;
    private static final int STRUCTURED_REPLY_MAGIC = 0x668e33ef;

    private static final int FLAG_FIXED_NEWSTYLE = 1;
    private static final int FLAG_NO_ZEROES = 1 << 1;
    private static final int OPT_STARTTLS = 5;
    private static final int OPT_GO = 7;
    private static final int OPT_STRUCTURED_REPLY = 8;
    private static final int OPT_SET_META_CONTEXT = 10;
    private static final int REP_ACK = 1;
    private static final int REP_INFO = 3;
    private static final int REP_META_CONTEXT = 4;
    private static final int INFO_EXPORT = 0;
    private static final int INFO_BLOCK_SIZE = 3;
    private static final int MAX_OPTION_REPLY = 64 << 10;
    private static final String ALLOCATION = "base:allocation";
    private static final String DIRTY_SINCE = "cairn:dirty-since-";

    private static final int CMD_READ = 0;
    private static final int CMD_WRITE = 1;
    private static final int CMD_DISC = 2;
    private static final int CMD_FLUSH = 3;
    private static final int CMD_BLOCK_STATUS = 7;
    private static final int REPLY_DONE = 1;
    private static final int REPLY_NONE = 0;
    private static final int REPLY_OFFSET_DATA = 1;
    private static final int REPLY_OFFSET_HOLE = 2;
    private static final int REPLY_BLOCK_STATUS = 5;
    private static final int REPLY_ERROR_BIT = 1 << 15;
    private static final int STATE_ZERO = 1 << 1;
    private static final int STATE_DIRTY = 1;
    /// A status has 8 bytes for each run of an export that may have very many.
    private static final int MAX_STATUS_BYTES = 8 << 20;
    /// What is asked about at once; lengths have 32 bits.
    private static final long MAX_STATUS_LENGTH = 1L << 30;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private final Map<Long, Request> waiting = new ConcurrentHashMap<>();
    private final AtomicLong cookies = new AtomicLong();
    private boolean structured;
    /// The server's number for what ranges are asked about; -1 when it knows nothing of that.
    private int contextId = -1;
    private long sizeBytes;
    private volatile @Nullable IOException broken;

    /// @param flags of the run, as `base:allocation` has them
    private record Status(long length, int flags) {}

    /// What one thread waits for.
    private static final class Request {
        final int type;
        final long offset;
        final int length;
        /// Where what is read goes; empty for all but reads.
        final ByteBuffer into;
        final List<Status> statuses = new ArrayList<>();
        final CompletableFuture<Void> done = new CompletableFuture<>();
        long received;
        @Nullable
        IOException error;

        Request(int type, long offset, int length, ByteBuffer into) {
            this.type = type;
            this.offset = offset;
            this.length = length;
            this.into = into;
        }
    }

    private NbdDisk(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 << 10));
        this.out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 64 << 10));
    }

    static NbdDisk attach(NbdAddress server, String export) throws IOException {
        return attach(server, export, ALLOCATION);
    }

    /// One that can be asked what has [#changed].
    ///
    /// @param snapshot id
    static NbdDisk attachSince(NbdAddress server, String export, String snapshot) throws IOException {
        return attach(server, export, DIRTY_SINCE + snapshot);
    }

    private static NbdDisk attach(NbdAddress server, String export, String context) throws IOException {
        var address = server.address();
        var socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(TIMEOUT_MILLIS); // while nobody else speaks
            connect(socket, address);
            var disk = new NbdDisk(socket);
            disk.greet();
            if (server.tls() != null)
                disk = disk.secured(server.tls(), address);
            disk.negotiate(export, context);
            socket.setSoTimeout(0);
            Thread.ofVirtual().name("nbd-answers").start(disk::takeAnswers);
            return disk;
        } catch (SocketTimeoutException e) {
            socket.close();
            throw new IOException("what listens at " + address.getHostString() + ":" + address.getPort() + " does not speak NBD",
                    e);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static void connect(Socket socket, InetSocketAddress address) {
        try {
            socket.connect(address, TIMEOUT_MILLIS);
        } catch (IOException e) {
            throw new CommandException(
                    "no NBD server at " + address.getHostString() + ":" + address.getPort() + " (" + e.getMessage()
                            + "); if it is elsewhere, say where in CAIRN_NBD")
                    .because(e);
        }
    }

    // ---- the handshake

    private void greet() throws IOException {
        if (in.readLong() != INIT_MAGIC || in.readLong() != OPTION_MAGIC)
            throw strange("begins with something else than NBD's newstyle greeting");
        int flags = in.readUnsignedShort();
        if ((flags & FLAG_FIXED_NEWSTYLE) == 0)
            throw strange("does not have the fixed newstyle handshake");
        out.writeInt(flags & (FLAG_FIXED_NEWSTYLE | FLAG_NO_ZEROES));
    }

    private NbdDisk secured(SSLContext tls, InetSocketAddress address) throws IOException {
        option(OPT_STARTTLS, ByteBuffer.allocate(0));
        var reply = optionReply(OPT_STARTTLS);
        if (reply.type != REP_ACK)
            throw new IOException("TLS is refused: " + StandardCharsets.UTF_8.decode(reply.data));
        var secured = (SSLSocket) tls.getSocketFactory().createSocket(socket, address.getHostString(), address.getPort(), true);
        var parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return new NbdDisk(secured);
    }

    /// One answer to an option.
    private record OptionReply(int type, ByteBuffer data) {
        boolean isError() { return type < 0; }
    }

    private void negotiate(String export, String context) throws IOException {
        option(OPT_STRUCTURED_REPLY, ByteBuffer.allocate(0));
        structured = optionReply(OPT_STRUCTURED_REPLY).type == REP_ACK;
        var name = export.getBytes(StandardCharsets.UTF_8);
        if (structured)
            negotiateContext(name, context);
        option(OPT_GO, ByteBuffer.allocate(4 + name.length + 4).putInt(name.length).put(name).putShort((short) 1)
                .putShort((short) INFO_BLOCK_SIZE));
        boolean known = false;
        for (var reply = optionReply(OPT_GO); reply.type != REP_ACK; reply = optionReply(OPT_GO)) {
            if (reply.isError())
                throw new IOException("`" + export + "` cannot be attached: " + StandardCharsets.UTF_8.decode(reply.data));
            if (reply.type == REP_INFO && reply.data.remaining() >= 2)
                known |= takeInfo(reply.data);
        }
        if (!known)
            throw strange("does not say how large the export is");
    }

    private void negotiateContext(byte[] name, String context) throws IOException {
        var query = context.getBytes(StandardCharsets.UTF_8);
        option(OPT_SET_META_CONTEXT, ByteBuffer.allocate(12 + name.length + query.length).putInt(name.length).put(name).putInt(1)
                .putInt(query.length).put(query));
        for (var reply = optionReply(OPT_SET_META_CONTEXT); reply.type != REP_ACK
                && !reply.isError(); reply = optionReply(OPT_SET_META_CONTEXT))
            if (reply.type == REP_META_CONTEXT && reply.data.remaining() == 4 + query.length)
                contextId = reply.data.getInt();
    }

    /// Returns whether it was the size.
    private boolean takeInfo(ByteBuffer data) throws IOException {
        int kind = data.getShort();
        if (kind == INFO_EXPORT && data.remaining() == 10) {
            sizeBytes = data.getLong();
            if (sizeBytes < 0)
                throw strange("has an export of " + Long.toUnsignedString(sizeBytes) + " bytes");
            return true;
        }
        if (kind == INFO_BLOCK_SIZE && data.remaining() == 12
                && Integer.toUnsignedLong(data.getInt(data.position() + 8)) < Walk.PART_BYTES)
            throw strange("takes no requests of " + Walk.PART_BYTES + " bytes");
        return false;
    }

    private void option(int option, ByteBuffer data) throws IOException {
        out.writeLong(OPTION_MAGIC);
        out.writeInt(option);
        out.writeInt(data.capacity());
        out.write(data.array(), data.arrayOffset(), data.capacity());
        out.flush();
    }

    private OptionReply optionReply(int option) throws IOException {
        long magic = in.readLong();
        int to = in.readInt();
        int type = in.readInt();
        int length = in.readInt();
        if (magic != OPTION_REPLY_MAGIC || to != option || length < 0 || length > MAX_OPTION_REPLY)
            throw strange("answers option " + option + " in no way that is known");
        return new OptionReply(type, bytes(length));
    }

    private ByteBuffer bytes(int count) throws IOException {
        var bytes = new byte[count];
        in.readFully(bytes);
        return ByteBuffer.wrap(bytes);
    }

    private IOException strange(String what) {
        return new IOException("what listens at port " + socket.getPort() + " " + what);
    }

    // ---- requests

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
        var place = into.slice();
        request(new Request(CMD_READ, offset, place.remaining(), place), null);
        into.position(into.limit());
    }

    /// Takes all that remains of `from`, which has an array.
    void write(long offset, ByteBuffer from) throws IOException {
        request(new Request(CMD_WRITE, offset, from.remaining(), ByteBuffer.allocate(0)), from);
        from.position(from.limit());
    }

    /// All writes that have returned are on disk when this returns.
    void flush() throws IOException {
        request(new Request(CMD_FLUSH, 0, 0, ByteBuffer.allocate(0)), null);
    }

    @Override
    public List<Range> stored(long from, long to) throws IOException {
        // a hole that is not said to read as zeros may read as anything
        return ranges(from, to, flags -> (flags & STATE_ZERO) == 0);
    }

    /// Whether the server tells what has [#changed].
    boolean tellsChanges() {
        return contextId != -1;
    }

    /// The parts of `[from, to)` that may differ from the snapshot it was attached for, as [#stored] gives those.
    List<Range> changed(long from, long to) throws IOException {
        return ranges(from, to, flags -> (flags & STATE_DIRTY) != 0);
    }

    private List<Range> ranges(long from, long to, IntPredicate wanted) throws IOException {
        var ranges = new ArrayList<Range>();
        long at = from;
        long begin = -1;
        while (at < to) {
            for (var status : statuses(at, Math.min(to - at, MAX_STATUS_LENGTH))) {
                boolean is = wanted.test(status.flags);
                if (is && begin < 0)
                    begin = at;
                if (!is && begin >= 0) {
                    ranges.add(new Range(begin, at - begin));
                    begin = -1;
                }
                at = Math.min(to, at + status.length);
                if (at == to)
                    break;
            }
        }
        if (begin >= 0)
            ranges.add(new Range(begin, to - begin));
        return ranges;
    }

    private List<Status> statuses(long offset, long length) throws IOException {
        if (contextId == -1)
            return List.of(new Status(length, 0));
        var request = new Request(CMD_BLOCK_STATUS, offset, (int) length, ByteBuffer.allocate(0));
        request(request, null);
        return request.statuses;
    }

    private void request(Request request, @Nullable ByteBuffer payload) throws IOException {
        long cookie = cookies.getAndIncrement();
        waiting.put(cookie, request);
        try {
            if (broken != null)
                throw broken();
            send(cookie, request, payload);
            request.done.get(ServerConnection.ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause() == null ? e.getMessage() : e.getCause().getMessage(), e);
        } catch (TimeoutException e) {
            throw new IOException(
                    "the NBD server has not answered for " + ServerConnection.ANSWER_TIMEOUT.toMinutes() + " minutes", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } finally {
            waiting.remove(cookie);
        }
    }

    private IOException broken() {
        return new IOException(broken == null ? "the NBD connection broke" : broken.getMessage(), broken);
    }

    private void send(long cookie, Request request, @Nullable ByteBuffer payload) throws IOException {
        synchronized (out) {
            out.writeInt(REQUEST_MAGIC);
            out.writeShort(0);
            out.writeShort(request.type);
            out.writeLong(cookie);
            out.writeLong(request.offset);
            out.writeInt(request.length);
            if (payload != null)
                out.write(payload.array(), payload.arrayOffset() + payload.position(), payload.remaining());
            out.flush();
        }
    }

    // ---- answers

    private void takeAnswers() {
        try {
            while (true)
                takeAnswer();
        } catch (IOException | RuntimeException e) {
            fail(new IOException("the NBD connection broke (" + (e.getMessage() == null ? "it was ended" : e.getMessage())
                    + "); see whether the server runs with: bin/cairn status", e));
        }
    }

    private void fail(IOException cause) {
        broken = cause;
        for (var request : waiting.values())
            request.done.completeExceptionally(cause);
    }

    private Request waiting(long cookie) throws IOException {
        var request = waiting.get(cookie);
        if (request == null)
            throw new IOException("an answer came that nobody asked for");
        return request;
    }

    private void takeAnswer() throws IOException {
        int magic = in.readInt();
        if (magic == SIMPLE_REPLY_MAGIC) {
            int error = in.readInt();
            var request = waiting(in.readLong());
            if (error != 0)
                request.error = error(request, error, "");
            else if (request.type == CMD_READ) {
                if (structured)
                    throw new IOException("a read was answered without its structure");
                receive(request, request.offset, request.length);
            }
            complete(request);
        } else if (magic == STRUCTURED_REPLY_MAGIC && structured)
            takeChunk();
        else
            throw new IOException("no answer begins with %#x".formatted(magic));
    }

    private void takeChunk() throws IOException {
        int flags = in.readUnsignedShort();
        int type = in.readUnsignedShort();
        var request = waiting(in.readLong());
        int length = in.readInt();
        boolean read = request.type == CMD_READ;
        if ((type & REPLY_ERROR_BIT) != 0 && length >= 6 && length <= MAX_OPTION_REPLY) {
            var data = bytes(length);
            int error = data.getInt();
            int text = data.getShort() & 0xFFFF;
            request.error = error(request, error,
                    StandardCharsets.UTF_8.decode(data.limit(Math.min(data.limit(), 6 + text))).toString());
        } else if (type == REPLY_OFFSET_DATA && read && length >= 8)
            receive(request, in.readLong(), length - 8);
        else if (type == REPLY_OFFSET_HOLE && read && length == 12) {
            long offset = in.readLong();
            int count = in.readInt();
            var into = request.into;
            int at = into.arrayOffset() + place(request, offset, count);
            Arrays.fill(into.array(), at, at + count, (byte) 0);
        } else if (type == REPLY_BLOCK_STATUS && request.type == CMD_BLOCK_STATUS && length >= 12 && length % 8 == 4
                && length <= MAX_STATUS_BYTES)
            takeStatuses(request, length);
        else if (type != REPLY_NONE || length != 0)
            throw new IOException("no answer is known of type %d and %d bytes".formatted(type, Integer.toUnsignedLong(length)));
        if ((flags & REPLY_DONE) != 0)
            complete(request);
    }

    private void takeStatuses(Request request, int length) throws IOException {
        if (in.readInt() != contextId)
            throw new IOException("the status of something that was not asked for");
        for (int i = 0; i < length / 8; i++) {
            var status = new Status(Integer.toUnsignedLong(in.readInt()), in.readInt());
            if (status.length == 0)
                throw new IOException("a status of no bytes");
            request.statuses.add(status);
        }
    }

    private void receive(Request request, long offset, int count) throws IOException {
        var into = request.into;
        in.readFully(into.array(), into.arrayOffset() + place(request, offset, count), count);
    }

    /// The place in `into` for `count` bytes of the disk at `offset`; they are part of what was asked for.
    private static int place(Request request, long offset, int count) throws IOException {
        long within = offset - request.offset;
        if (within < 0 || count < 0 || within > request.length || count > request.length - within)
            throw new IOException("bytes came that were not asked for");
        request.received += count;
        return (int) within;
    }

    private void complete(Request request) throws IOException {
        if (request.error != null)
            request.done.completeExceptionally(request.error);
        else if (request.type == CMD_READ && request.received != request.length
                || request.type == CMD_BLOCK_STATUS && request.statuses.isEmpty())
            throw new IOException("an answer ended before all of it had come");
        else
            request.done.complete(null);
    }

    private static IOException error(Request request, int error, String message) {
        var why = switch (error) {
            case 1 -> "it is read-only";
            case 5 -> "the server could not read or write its disk; its log says more";
            case 12 -> "the server has no memory for it";
            case 22 -> "the request is not valid";
            case 28 -> "it lies past the end, or the server's disk is full";
            case 108 -> "the volume or snapshot was removed, or the server is stopping";
            default -> "error " + error;
        };
        var what = switch (request.type) {
            case CMD_READ -> "read";
            case CMD_WRITE -> "written";
            case CMD_FLUSH -> "flushed";
            default -> "asked about";
        };
        return new IOException("%d bytes at %d cannot be %s: %s%s".formatted(request.length, request.offset, what, why,
                message.isEmpty() ? "" : " (" + Rows.printable(message) + ")"));
    }

    @Override
    public void close() throws IOException {
        if (broken == null)
            try {
                send(cookies.getAndIncrement(), new Request(CMD_DISC, 0, 0, ByteBuffer.allocate(0)), null);
            } catch (IOException e) {
                broken = e; // it is ended in any case
            }
        socket.close();
    }
}
