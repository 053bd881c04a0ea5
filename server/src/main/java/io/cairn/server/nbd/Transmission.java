package io.cairn.server.nbd;

import io.cairn.block.Allocation;
import io.cairn.block.Allocation.State;
import io.cairn.block.BlockDevice;
import io.cairn.block.BlockRefusedException;
import io.cairn.block.CorruptBlockException;
import io.cairn.block.Volume;
import io.cairn.server.http.EventLoops;
import io.cairn.server.nbd.Attachments.Attachment;
import io.cairn.server.nbd.MetaContext.Run;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Requests of one connection. Each is answered when it is done, in whatever order; a request that is wrong is answered with an error and costs
/// nobody else anything. Nothing more is taken in while [#MAX_IN_FLIGHT_BYTES] or [#MAX_IN_FLIGHT] requests are under way, while the client does not take its answers, or while there is no
/// room in the memory that all connections share. A client that stops in the middle of a payload, or does not take an answer that is
/// ready, is let go: it holds memory that others wait for.
///
/// RESIZE is the experimental extension's: a request without a length, whose offset is the new size; a volume grows, and does not shrink. All connections
/// may use what it has become at once.
final class Transmission {
    static final long MAX_IN_FLIGHT_BYTES = 64L << 20;
    /// A volume with limits lets so many times eight wait.
    static final int MAX_IN_FLIGHT = 512;
    /// Payloads up to here are taken as they lie in what was received; larger ones have memory of their own.
    static final int SMALL_BYTES = 64 << 10;
    private static final Logger LOG = LoggerFactory.getLogger(Transmission.class);
    /// Answers to small reads that wait to be sent are counted from here on: one request each is in the socket's buffer before anybody asks.
    private static final int UNCOUNTED_BYTES = 64 << 10;
    private static final int COMPACT_BYTES = 28;
    private static final int EXTENDED_BYTES = 32;
    private static final int MAX_DESCRIPTORS = 1024;
    /// What a status may speak of in a compact header's answer.
    private static final long MAX_COMPACT_STATUS = 0xFFFF_F000L;
    /// 8192 blocks, which are looked at one by one.
    private static final long QUICK_STATUS_BYTES = 32L << 20;
    /// Reads of so much, or more, leave holes out.
    private static final int SPARSE_BYTES = 32 << 10;
    private static final int MAX_READ_CHUNKS = 64;
    /// A client that sent so many requests one by one is taken for one that waits for each answer.
    private static final int ONE_BY_ONE = 16;
    private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();
    private static final int CHUNK_HEADER_BYTES = 32 + 8;

    private final ChannelHandlerContext context;
    private final Negotiation.Agreed agreed;
    private final BlockDevice device;
    private final @Nullable Volume volume;
    private final PayloadMemory memory;
    private final Attachment attachment;
    private final Runnable resume;
    private final Stall stall;
    private long inFlightBytes;
    /// Of answers to small reads, what is counted and the client has not taken.
    private long unsentBytes;
    private int inFlight;
    private boolean paused;
    private boolean disconnected;
    private boolean closed;
    /// Completes when nothing is under way any more; null as long as the connection is there.
    private @Nullable CompletableFuture<Void> allDone;
    private boolean toldOfKey;
    /// Requests since the network was last read.
    private int cameTogether;
    /// How often in a row one request came alone.
    private int cameAlone;

    /// A write whose bytes are still coming, or a request that waits for memory.
    private @Nullable Request next;
    private boolean granted;
    private @Nullable Payload payload;
    private long skipping;

    /// @param length of the request; a write's payload follows it
    private record Request(int flags, int type, long cookie, long offset, long length, int error) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        boolean isRead() { return type == Nbd.CMD_READ; }
    }

    Transmission(ChannelHandlerContext context, Negotiation.Agreed agreed, PayloadMemory memory, Duration patience,
            Runnable resume) {
        this.context = context;
        this.agreed = agreed;
        this.device = agreed.export().device();
        this.volume = agreed.export().volume();
        this.memory = memory;
        this.attachment = agreed.attachment();
        this.resume = resume;
        stall = new Stall(context.channel(), patience);
    }

    /// Takes the next thing, if there is room for its answer and all of it is there.
    void take(ByteBuf in) {
        if (disconnected)
            in.skipBytes(in.readableBytes());
        else if (next != null)
            goOn(next, in);
        else if (mustWait())
            pause();
        else if (!attachment.gone().isDone())
            waitForOthers();
        else if (memory.isFull() && !memory.take(0, () -> context.executor().execute(this::roomAgain)))
            pause();
        else
            takeRequest(in);
    }

    private boolean mustWait() {
        return inFlightBytes >= MAX_IN_FLIGHT_BYTES || inFlight >= MAX_IN_FLIGHT || !context.channel().isWritable()
                || unsentBytes > 0 && memory.isTight();
    }

    private void waitForOthers() {
        pause();
        var _ = attachment.gone().whenComplete((_, _) -> context.executor().execute(this::roomAgain));
    }

    private void pause() {
        paused = true;
        context.channel().config().setAutoRead(false);
    }

    /// The client has taken answers, or a request is done, or memory was granted.
    void roomAgain() {
        if (!paused || mustWait() || next != null && !granted && !isSmall(next))
            return;
        paused = false;
        context.channel().config().setAutoRead(true);
        resume.run();
    }

    /// The connection is gone. Requests that are under way give back themselves what they have, and whoever else is attached, or will be, waits for them.
    void closed() {
        closed = true;
        if (inFlight > 0)
            allDone = new CompletableFuture<>();
        attachment.end(allDone);
        stall.end();
        if (payload != null)
            payload.release();
        payload = null;
        if (next != null && granted)
            memory.giveBack(next.length);
        next = null;
    }

    private void takeRequest(ByteBuf in) {
        if (in.readableBytes() < (agreed.extended() ? EXTENDED_BYTES : COMPACT_BYTES))
            return;
        int magic = in.readInt();
        if (magic != (agreed.extended() ? Nbd.EXTENDED_REQUEST_MAGIC : Nbd.REQUEST_MAGIC)) {
            var _ = context.close(); // where the next request begins nobody knows
            return;
        }
        cameTogether++;
        int flags = in.readUnsignedShort();
        int type = in.readUnsignedShort();
        long cookie = in.readLong();
        long offset = in.readLong();
        long length = agreed.extended() ? in.readLong() : in.readUnsignedInt();
        boolean hasPayload = type == Nbd.CMD_WRITE || agreed.extended() && (flags & Nbd.CMD_FLAG_PAYLOAD_LEN) != 0;
        var request = new Request(flags, type, cookie, offset, length, check(flags, type, offset, length));
        if (hasPayload && length < 0) {
            var _ = context.close();
            return;
        }
        if (request.error != 0 && hasPayload)
            skipping = length;
        else if (!hasPayload && (!request.isRead() || request.error != 0 || isSmall(request))) {
            carryOut(request, null);
            return;
        }
        next = request;
        granted = request.error == 0 && !isSmall(request)
                && memory.take(length, () -> context.executor().execute(() -> granted(request)));
        if (granted || isSmall(request))
            stall.expect(request.isRead() ? 0 : length);
        goOn(request, in);
    }

    /// All is taken that came together.
    void readComplete() {
        if (cameTogether > 1)
            cameAlone = 0;
        else
            cameAlone += cameTogether;
        cameTogether = 0;
    }

    /// A client that waits for each answer, and shares neither its loop nor the device with anybody, keeps nobody waiting but itself while the loop writes and syncs for it, and has
    /// its answer sooner: nothing goes to another thread and back.
    private CompletableFuture<Void> flush() {
        boolean here = cameAlone >= ONE_BY_ONE && cameTogether == 1 && inFlight == 0 && attachment.isAlone()
                && EventLoops.isAlone(context.channel());
        return here ? volume().flushHere() : volume().flush();
    }

    private static boolean isSmall(Request request) {
        return request.error != 0 || request.length <= SMALL_BYTES;
    }

    private void granted(Request request) {
        if (closed) {
            memory.giveBack(request.length);
            return;
        }
        granted = true;
        if (request.isRead()) {
            begin(request, null);
            context.flush();
        } else
            stall.expect(request.length);
        roomAgain();
    }

    private void goOn(Request request, ByteBuf in) {
        if (skipping > 0) {
            int count = (int) Math.min(skipping, in.readableBytes());
            if (count > 0)
                stall.came();
            in.skipBytes(count);
            skipping -= count;
            if (skipping == 0)
                begin(request, null);
        } else if (!isSmall(request) && !granted)
            pause();
        else if (request.isRead() || request.error != 0)
            begin(request, null);
        else if (isSmall(request)) {
            if (in.readableBytes() >= request.length)
                begin(request, in.readRetainedSlice((int) request.length));
        } else {
            var data = payload;
            if (data == null) {
                data = new Payload(context.alloc(), (int) request.length);
                payload = data;
            }
            if (in.isReadable())
                stall.came();
            data.take(in);
            if (data.isWhole()) {
                payload = null;
                begin(request, data.whole());
            }
        }
    }

    /// @param data belongs to the request from now on
    private void begin(Request request, @Nullable ByteBuf data) {
        next = null;
        granted = false;
        stall.arrived();
        carryOut(request, data);
    }

    /// What is wrong with a request; 0 for nothing.
    private int check(int flags, int type, long offset, long length) {
        int known = switch (type) {
            case Nbd.CMD_READ -> agreed.structured() ? Nbd.CMD_FLAG_DF : 0;
            case Nbd.CMD_WRITE -> Nbd.CMD_FLAG_FUA | (agreed.extended() ? Nbd.CMD_FLAG_PAYLOAD_LEN : 0);
            case Nbd.CMD_TRIM -> Nbd.CMD_FLAG_FUA;
            case Nbd.CMD_WRITE_ZEROES -> Nbd.CMD_FLAG_FUA | Nbd.CMD_FLAG_NO_HOLE | Nbd.CMD_FLAG_FAST_ZERO;
            case Nbd.CMD_BLOCK_STATUS -> Nbd.CMD_FLAG_REQ_ONE;
            case Nbd.CMD_DISC, Nbd.CMD_FLUSH, Nbd.CMD_CACHE, Nbd.CMD_RESIZE -> 0;
            default -> -1;
        };
        if (known < 0 || (flags & ~(known | Nbd.CMD_FLAG_FUA)) != 0) // FUA is to be taken with any
            return Nbd.EINVAL;
        if (type == Nbd.CMD_DISC)
            return 0;
        if (type == Nbd.CMD_FLUSH)
            return offset == 0 && length == 0 ? 0 : Nbd.EINVAL;
        if (type == Nbd.CMD_RESIZE)
            return volume == null ? Nbd.EPERM : offset < 0 || length != 0 ? Nbd.EINVAL : 0;
        boolean changes = type == Nbd.CMD_WRITE || type == Nbd.CMD_TRIM || type == Nbd.CMD_WRITE_ZEROES;
        if (changes && volume == null)
            return Nbd.EPERM;
        if (type == Nbd.CMD_BLOCK_STATUS && (agreed.contexts().isEmpty() || length == 0))
            return Nbd.EINVAL;
        if (offset < 0 || length < 0 || offset > device.sizeBytes() || length > device.sizeBytes() - offset)
            return changes && type != Nbd.CMD_TRIM ? Nbd.ENOSPC : Nbd.EINVAL;
        long more = changes ? newBytes(flags, type, length) : 0;
        if (more > 0 && !agreed.export().space().has(more))
            return Nbd.ENOSPC;
        if ((type == Nbd.CMD_READ || type == Nbd.CMD_WRITE) && length > Nbd.MAX_PAYLOAD)
            return agreed.structured() && type == Nbd.CMD_READ ? Nbd.EOVERFLOW : Nbd.EINVAL;
        return 0;
    }

    /// What a change may take of the disk, about. Zeros that keep their place take a row of the block map, of up to 4 KiB, for 2 MiB.
    private static long newBytes(int flags, int type, long length) {
        return type == Nbd.CMD_WRITE ? length : (flags & Nbd.CMD_FLAG_NO_HOLE) == 0 ? 0 : length / 512;
    }

    private void carryOut(Request request, @Nullable ByteBuf data) {
        if (request.type == Nbd.CMD_DISC) {
            disconnected = true;
            endWhenDone();
            return;
        }
        if (request.error != 0) {
            answerError(request, request.error);
            return;
        }
        try {
            switch (request.type) {
                case Nbd.CMD_READ -> read(request);
                case Nbd.CMD_WRITE -> write(request, data == null ? Unpooled.EMPTY_BUFFER : data);
                case Nbd.CMD_TRIM -> changed(request, volume().trim(request.offset, request.length));
                case Nbd.CMD_WRITE_ZEROES -> changed(request, request.has(Nbd.CMD_FLAG_NO_HOLE)
                        ? volume().zero(request.offset, request.length)
                        : volume().trim(request.offset, request.length));
                case Nbd.CMD_FLUSH ->
                    whenDone(0, volume == null ? CompletableFuture.completedFuture(null) : flush(),
                            failure -> answer(request, failure));
                case Nbd.CMD_BLOCK_STATUS -> status(request);
                case Nbd.CMD_RESIZE -> changed(request, CompletableFuture.runAsync(
                        () -> volume().alter(definition -> definition.withSize(request.offset)), THREADS));
                default -> answerDone(request); // CACHE: the kernel's page cache does that
            }
        } catch (RuntimeException e) {
            answerError(request, errorOf(e));
        }
    }

    private Volume volume() {
        if (volume == null)
            throw new IllegalStateException("checked before");
        return volume;
    }

    private void write(Request request, ByteBuf data) {
        long taken = isSmall(request) ? 0 : request.length;
        CompletableFuture<Void> done;
        try {
            done = volume().write(request.offset, data.nioBuffers());
        } catch (RuntimeException e) {
            done = CompletableFuture.failedFuture(e);
        }
        if (done.isDone()) {
            free(data, taken);
            changed(request, done);
            return;
        }
        var flushed = request.has(Nbd.CMD_FLAG_FUA) ? done.thenCompose(_ -> volume().flush()) : done;
        whenDone(request.length, flushed, failure -> {
            free(data, taken);
            answer(request, failure);
        });
    }

    private void free(ByteBuf data, long taken) {
        data.release();
        if (taken > 0)
            memory.giveBack(taken);
    }

    private void changed(Request request, CompletableFuture<Void> done) {
        var flushed = !request.has(Nbd.CMD_FLAG_FUA)
                ? done
                : done.isDone() && !done.isCompletedExceptionally() ? flush() : done.thenCompose(_ -> volume().flush());
        whenDone(0, flushed, failure -> answer(request, failure));
    }

    /// Runs `answer` on the event loop, now or later; also when the connection is gone, for it gives back what the request has.
    ///
    /// @param bytes what the request takes of memory meanwhile
    private void whenDone(long bytes, CompletableFuture<Void> done, Consumer<@Nullable Throwable> answer) {
        if (done.isDone()) {
            answer.accept(failureOf(done));
            return;
        }
        inFlight++;
        inFlightBytes += bytes;
        long counted = bytes <= SMALL_BYTES ? bytes : 0; // of a larger one the memory was taken before
        memory.count(counted);
        var _ = done.whenComplete((_, failure) -> context.executor().execute(() -> {
            if (--inFlight == 0 && allDone != null)
                allDone.complete(null);
            inFlightBytes -= bytes;
            memory.giveBack(counted);
            answer.accept(failure);
            context.flush();
            endWhenDone();
            roomAgain();
        }));
    }

    private static @Nullable Throwable failureOf(CompletableFuture<Void> done) {
        return done.isCompletedExceptionally() ? done.exceptionNow() : null;
    }

    private void endWhenDone() {
        if (disconnected && inFlight == 0) { // answers that the client has not taken yet are sent before the end
            var _ = context.writeAndFlush(context.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void answer(Request request, @Nullable Throwable failure) {
        if (failure == null)
            answerDone(request);
        else
            answerError(request, errorOf(failure));
    }

    private int errorOf(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (cause) {
            case BlockRefusedException refused -> switch (refused.reason()) {
                case KEY_UNAVAILABLE -> {
                    if (!toldOfKey)
                        LOG.warn("{}", refused.getMessage());
                    toldOfKey = true; // once a connection, or a client would fill the log
                    yield Nbd.EPERM;
                }
                case OVERLOADED -> Nbd.ENOMEM;
                case INVALID, UNSUPPORTED -> Nbd.EINVAL;
                case NOT_FOUND -> Nbd.ESHUTDOWN; // deleted meanwhile
            };
            case IndexOutOfBoundsException _ -> Nbd.EINVAL;
            case CorruptBlockException e -> {
                LOG.error("{}", e.getMessage());
                yield Nbd.EIO;
            }
            default -> {
                LOG.warn("a request to {} has failed", device.id(), cause);
                yield Nbd.EIO;
            }
        };
    }

    // ---- answers

    private void read(Request request) {
        if (request.length == 0) { // a chunk of data has at least one byte
            answerDone(request);
            return;
        }
        long taken = isSmall(request) ? 0 : request.length;
        List<Allocation> runs;
        try {
            runs = runsToRead(request);
        } catch (RuntimeException e) {
            memory.giveBack(taken);
            throw e;
        }
        var out = context.alloc().directBuffer((int) request.length + CHUNK_HEADER_BYTES * Math.max(1, runs.size() + 1));
        CompletableFuture<Void> done;
        try {
            done = runs.isEmpty() ? readWhole(request, out) : readRuns(request, runs, out);
        } catch (RuntimeException e) {
            done = CompletableFuture.failedFuture(e);
        }
        whenDone(request.length, done, failure -> {
            if (failure == null && !closed)
                send(out, taken);
            else {
                free(out, taken);
                answer(request, failure);
            }
        });
    }

    /// Empty for a read that is answered whole.
    private List<Allocation> runsToRead(Request request) {
        if (!agreed.structured() || request.has(Nbd.CMD_FLAG_DF) || request.length < SPARSE_BYTES)
            return List.of();
        var runs = device.allocation(request.offset, request.length, MAX_READ_CHUNKS);
        return runs.size() == 1 && runs.getFirst().state() == State.STORED ? List.of() : runs;
    }

    private CompletableFuture<Void> readWhole(Request request, ByteBuf out) {
        int length = (int) request.length;
        if (agreed.structured())
            chunk(out, request, Nbd.REPLY_FLAG_DONE, Nbd.REPLY_OFFSET_DATA, 8L + length).writeLong(request.offset);
        else
            simple(out, request, 0);
        return readInto(out, request.offset, length);
    }

    private CompletableFuture<Void> readInto(ByteBuf out, long offset, int length) {
        int at = out.writerIndex();
        out.writerIndex(at + length);
        return device.read(offset, out.nioBuffer(at, length));
    }

    /// A chunk for each run, so that holes cost nothing to send; what is behind the last run is one more.
    private CompletableFuture<Void> readRuns(Request request, List<Allocation> runs, ByteBuf out) {
        var parts = new ArrayList<CompletableFuture<Void>>();
        long end = request.offset + request.length;
        long at = request.offset;
        for (var run : runs) {
            int flags = at + run.bytes() == end ? Nbd.REPLY_FLAG_DONE : 0;
            if (run.state() == State.STORED) {
                chunk(out, request, flags, Nbd.REPLY_OFFSET_DATA, 8L + run.bytes()).writeLong(at);
                parts.add(readInto(out, at, (int) run.bytes()));
            } else
                chunk(out, request, flags, Nbd.REPLY_OFFSET_HOLE, 12).writeLong(at).writeInt((int) run.bytes());
            at += run.bytes();
        }
        if (at < end) {
            chunk(out, request, Nbd.REPLY_FLAG_DONE, Nbd.REPLY_OFFSET_DATA, 8L + end - at).writeLong(at);
            parts.add(readInto(out, at, (int) (end - at)));
        }
        return CompletableFuture.allOf(parts.toArray(new CompletableFuture<?>[0]));
    }

    private void send(ByteBuf out, long taken) {
        var waiting = context.channel().unsafe().outboundBuffer();
        if (taken > 0) {
            var _ = context.write(out).addListener(_ -> memory.giveBack(taken));
        } else if (waiting != null && waiting.totalPendingWriteBytes() > UNCOUNTED_BYTES) {
            int bytes = out.readableBytes();
            unsentBytes += bytes;
            memory.count(bytes);
            var _ = context.write(out).addListener(_ -> {
                unsentBytes -= bytes;
                memory.giveBack(bytes);
                roomAgain();
            });
        } else {
            var _ = context.write(out, context.voidPromise());
        }
    }

    /// The allocation of a short range is told at once; what reads more of block maps does it on a thread of its own.
    private void status(Request request) {
        boolean one = request.has(Nbd.CMD_FLAG_REQ_ONE);
        long length = agreed.extended() ? request.length : Math.min(request.length, MAX_COMPACT_STATUS);
        Supplier<List<List<Run>>> look = () -> agreed.contexts().stream()
                .map(each -> each.source().runs(request.offset, length, one ? 1 : MAX_DESCRIPTORS)).toList();
        boolean quick = length <= QUICK_STATUS_BYTES
                && agreed.contexts().stream().allMatch(each -> each.id() == MetaContext.ALLOCATION_ID);
        if (quick) {
            status(request, look.get());
            return;
        }
        var found = CompletableFuture.supplyAsync(look, THREADS);
        whenDone(SMALL_BYTES, found.thenApply(_ -> null), failure -> {
            if (failure == null)
                status(request, found.join());
            else
                answerError(request, errorOf(failure));
        });
    }

    private void status(Request request, List<List<Run>> runs) {
        for (int i = 0; i < runs.size(); i++) {
            var parts = runs.get(i);
            int flags = i == runs.size() - 1 ? Nbd.REPLY_FLAG_DONE : 0;
            int id = agreed.contexts().get(i).id();
            var out = context.alloc().buffer(64 + 16 * parts.size());
            if (agreed.extended()) {
                chunk(out, request, flags, Nbd.REPLY_BLOCK_STATUS_EXT, 8 + 16L * parts.size());
                out.writeInt(id).writeInt(parts.size());
                for (var part : parts)
                    out.writeLong(part.bytes()).writeLong(part.flags());
            } else {
                chunk(out, request, flags, Nbd.REPLY_BLOCK_STATUS, 4 + 8L * parts.size());
                out.writeInt(id);
                for (var part : parts)
                    out.writeInt((int) part.bytes()).writeInt(part.flags());
            }
            var _ = context.write(out, context.voidPromise());
        }
    }

    private void answerDone(Request request) {
        var out = context.alloc().buffer(EXTENDED_BYTES);
        if (agreed.extended() || agreed.structured() && request.isRead())
            chunk(out, request, Nbd.REPLY_FLAG_DONE, Nbd.REPLY_NONE, 0);
        else
            simple(out, request, 0);
        var _ = context.write(out, context.voidPromise());
    }

    private void answerError(Request request, int error) {
        var out = context.alloc().buffer(64);
        if (agreed.extended() || agreed.structured() && request.type == Nbd.CMD_READ
                || agreed.structured() && request.type == Nbd.CMD_BLOCK_STATUS) {
            var message = ("request of " + request.length + " bytes at " + request.offset).getBytes(StandardCharsets.US_ASCII);
            chunk(out, request, Nbd.REPLY_FLAG_DONE, Nbd.REPLY_ERROR, 6L + message.length);
            out.writeInt(error).writeShort(message.length).writeBytes(message);
        } else
            simple(out, request, error);
        var _ = context.write(out, context.voidPromise());
    }

    private static void simple(ByteBuf out, Request request, int error) {
        out.writeInt(Nbd.SIMPLE_REPLY_MAGIC).writeInt(error).writeLong(request.cookie);
    }

    private ByteBuf chunk(ByteBuf out, Request request, int flags, int type, long length) {
        if (agreed.extended())
            return out.writeInt(Nbd.EXTENDED_REPLY_MAGIC).writeShort(flags).writeShort(type).writeLong(request.cookie)
                    .writeLong(request.offset).writeLong(length);
        return out.writeInt(Nbd.STRUCTURED_REPLY_MAGIC).writeShort(flags).writeShort(type).writeLong(request.cookie)
                .writeInt((int) length);
    }
}
