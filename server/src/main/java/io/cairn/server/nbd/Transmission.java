package io.cairn.server.nbd;

import io.cairn.block.Allocation;
import io.cairn.block.BlockDevice;
import io.cairn.block.BlockRefusedException;
import io.cairn.block.CorruptBlockException;
import io.cairn.block.Volume;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Requests of one connection. Each is answered when it is done, in whatever order; a request that is wrong is answered with an error and costs
/// nobody else anything. Nothing more is taken in while [#MAX_IN_FLIGHT_BYTES] are under way or the client does not take its answers.
final class Transmission {
    static final long MAX_IN_FLIGHT_BYTES = 64L << 20;
    private static final Logger LOG = LoggerFactory.getLogger(Transmission.class);
    private static final int COMPACT_BYTES = 28;
    private static final int EXTENDED_BYTES = 32;
    private static final int MAX_DESCRIPTORS = 1024;
    /// What a status may speak of in a compact header's answer.
    private static final long MAX_COMPACT_STATUS = 0xFFFF_F000L;

    private final ChannelHandlerContext context;
    private final Negotiation.Agreed agreed;
    private final BlockDevice device;
    private final @Nullable Volume volume;
    private final Runnable resume;
    private long inFlightBytes;
    private int inFlight;
    private boolean paused;
    private boolean disconnected;

    /// A write whose bytes are still coming.
    private @Nullable Request writing;
    private @Nullable ByteBuffer payload;
    private long skipping;

    /// @param length of the request; `payload` bytes follow it
    private record Request(int flags, int type, long cookie, long offset, long length, int error) {
        boolean has(int flag) {
            return (flags & flag) != 0;
        }
    }

    Transmission(ChannelHandlerContext context, Negotiation.Agreed agreed, Runnable resume) {
        this.context = context;
        this.agreed = agreed;
        this.device = agreed.export().device();
        this.volume = agreed.export().volume();
        this.resume = resume;
    }

    /// Takes the next thing, if there is room for its answer and all of it is there.
    void take(ByteBuf in) {
        if (disconnected)
            in.skipBytes(in.readableBytes());
        else if (writing != null)
            takePayload(writing, in);
        else if (inFlightBytes >= MAX_IN_FLIGHT_BYTES || !context.channel().isWritable())
            pause();
        else
            takeRequest(in);
    }

    private void pause() {
        paused = true;
        context.channel().config().setAutoRead(false);
    }

    /// The client has taken answers, or a request is done.
    void roomAgain() {
        if (!paused || inFlightBytes >= MAX_IN_FLIGHT_BYTES || !context.channel().isWritable())
            return;
        paused = false;
        context.channel().config().setAutoRead(true);
        resume.run();
    }

    private void takeRequest(ByteBuf in) {
        if (in.readableBytes() < (agreed.extended() ? EXTENDED_BYTES : COMPACT_BYTES))
            return;
        int magic = in.readInt();
        if (magic != (agreed.extended() ? Nbd.EXTENDED_REQUEST_MAGIC : Nbd.REQUEST_MAGIC)) {
            var _ = context.close(); // where the next request begins nobody knows
            return;
        }
        int flags = in.readUnsignedShort();
        int type = in.readUnsignedShort();
        long cookie = in.readLong();
        long offset = in.readLong();
        long length = agreed.extended() ? in.readLong() : in.readUnsignedInt();
        boolean hasPayload = type == Nbd.CMD_WRITE || agreed.extended() && (flags & Nbd.CMD_FLAG_PAYLOAD_LEN) != 0;
        var request = new Request(flags, type, cookie, offset, length, check(flags, type, offset, length));
        if (!hasPayload) {
            carryOut(request, null);
            return;
        }
        if (length < 0) {
            var _ = context.close();
            return;
        }
        writing = request;
        skipping = request.error == 0 ? 0 : length;
        payload = request.error == 0 ? ByteBuffer.allocate((int) length) : null;
        takePayload(request, in);
    }

    private void takePayload(Request request, ByteBuf in) {
        if (skipping > 0) {
            int count = (int) Math.min(skipping, in.readableBytes());
            in.skipBytes(count);
            skipping -= count;
            if (skipping > 0)
                return;
        } else if (payload != null && payload.hasRemaining()) {
            int limit = payload.limit();
            payload.limit(Math.min(limit, payload.position() + in.readableBytes()));
            in.readBytes(payload);
            payload.limit(limit);
            if (payload.hasRemaining())
                return;
        }
        var data = payload;
        writing = null;
        payload = null;
        carryOut(request, data == null ? null : data.flip());
    }

    /// What is wrong with a request; 0 for nothing.
    private int check(int flags, int type, long offset, long length) {
        int known = switch (type) {
            case Nbd.CMD_READ -> agreed.structured() ? Nbd.CMD_FLAG_DF : 0;
            case Nbd.CMD_WRITE -> Nbd.CMD_FLAG_FUA | (agreed.extended() ? Nbd.CMD_FLAG_PAYLOAD_LEN : 0);
            case Nbd.CMD_TRIM -> Nbd.CMD_FLAG_FUA;
            case Nbd.CMD_WRITE_ZEROES -> Nbd.CMD_FLAG_FUA | Nbd.CMD_FLAG_NO_HOLE | Nbd.CMD_FLAG_FAST_ZERO;
            case Nbd.CMD_BLOCK_STATUS -> Nbd.CMD_FLAG_REQ_ONE;
            case Nbd.CMD_DISC, Nbd.CMD_FLUSH, Nbd.CMD_CACHE -> 0;
            default -> -1;
        };
        if (known < 0 || (flags & ~(known | Nbd.CMD_FLAG_FUA)) != 0) // FUA is to be taken with any
            return Nbd.EINVAL;
        if (type == Nbd.CMD_DISC)
            return 0;
        if (type == Nbd.CMD_FLUSH)
            return offset == 0 && length == 0 ? 0 : Nbd.EINVAL;
        boolean changes = type == Nbd.CMD_WRITE || type == Nbd.CMD_TRIM || type == Nbd.CMD_WRITE_ZEROES;
        if (changes && volume == null)
            return Nbd.EPERM;
        if (type == Nbd.CMD_BLOCK_STATUS && (!agreed.allocation() || length == 0))
            return Nbd.EINVAL;
        if (offset < 0 || length < 0 || offset > device.sizeBytes() || length > device.sizeBytes() - offset)
            return changes && type != Nbd.CMD_TRIM ? Nbd.ENOSPC : Nbd.EINVAL;
        if ((type == Nbd.CMD_READ || type == Nbd.CMD_WRITE) && length > Nbd.MAX_PAYLOAD)
            return agreed.structured() && type == Nbd.CMD_READ ? Nbd.EOVERFLOW : Nbd.EINVAL;
        return 0;
    }

    private void carryOut(Request request, @Nullable ByteBuffer data) {
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
                case Nbd.CMD_WRITE -> write(request, data == null ? ByteBuffer.allocate(0) : data);
                case Nbd.CMD_TRIM -> changed(request, volume().trim(request.offset, request.length), 0);
                case Nbd.CMD_WRITE_ZEROES -> changed(request, request.has(Nbd.CMD_FLAG_NO_HOLE)
                        ? volume().zero(request.offset, request.length)
                        : volume().trim(request.offset, request.length), 0);
                case Nbd.CMD_FLUSH ->
                    answerWhenDone(request, volume == null ? CompletableFuture.completedFuture(null) : volume.flush(), 0);
                case Nbd.CMD_BLOCK_STATUS -> status(request);
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

    private void write(Request request, ByteBuffer data) {
        int bytes = data.remaining();
        changed(request, volume().write(request.offset, data), bytes);
    }

    private void changed(Request request, CompletableFuture<Void> done, int bytes) {
        answerWhenDone(request, request.has(Nbd.CMD_FLAG_FUA) ? done.thenCompose(_ -> volume().flush()) : done, bytes);
    }

    private void answerWhenDone(Request request, CompletableFuture<Void> done, int bytes) {
        if (done.isDone()) {
            answer(request, failureOf(done));
            return;
        }
        inFlight++;
        inFlightBytes += bytes;
        var _ = done.whenComplete((_, failure) -> context.executor().execute(() -> {
            inFlight--;
            inFlightBytes -= bytes;
            answer(request, failure);
            context.flush();
            endWhenDone();
            roomAgain();
        }));
    }

    private static @Nullable Throwable failureOf(CompletableFuture<Void> done) {
        return done.isCompletedExceptionally() ? done.exceptionNow() : null;
    }

    private void endWhenDone() {
        if (disconnected && inFlight == 0) {
            context.flush();
            var _ = context.close();
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
            case BlockRefusedException _ -> Nbd.ESHUTDOWN; // deleted meanwhile
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
        int length = (int) request.length;
        int head = agreed.extended() ? 32 + 8 : agreed.structured() ? 20 + 8 : 16;
        var out = context.alloc().directBuffer(head + length);
        try {
            if (agreed.structured())
                chunk(out, request, Nbd.REPLY_FLAG_DONE, Nbd.REPLY_OFFSET_DATA, 8L + length).writeLong(request.offset);
            else
                simple(out, request, 0);
            var into = out.nioBuffer(head, length);
            var done = device.read(request.offset, into);
            if (!done.isDone())
                throw new IllegalStateException("reads complete at once");
            done.join();
            out.writerIndex(head + length);
        } catch (Throwable e) {
            out.release();
            throw e;
        }
        var _ = context.write(out, context.voidPromise());
    }

    private void status(Request request) {
        boolean one = request.has(Nbd.CMD_FLAG_REQ_ONE);
        long length = agreed.extended() ? request.length : Math.min(request.length, MAX_COMPACT_STATUS);
        var parts = device.allocation(request.offset, length, one ? 1 : MAX_DESCRIPTORS);
        var out = context.alloc().buffer(64 + 16 * parts.size());
        if (agreed.extended()) {
            chunk(out, request, Nbd.REPLY_FLAG_DONE, Nbd.REPLY_BLOCK_STATUS_EXT, 8 + 16L * parts.size());
            out.writeInt(Negotiation.ALLOCATION_ID).writeInt(parts.size());
            for (var part : parts)
                out.writeLong(part.bytes()).writeLong(state(part));
        } else {
            chunk(out, request, Nbd.REPLY_FLAG_DONE, Nbd.REPLY_BLOCK_STATUS, 4 + 8L * parts.size());
            out.writeInt(Negotiation.ALLOCATION_ID);
            for (var part : parts)
                out.writeInt((int) part.bytes()).writeInt(state(part));
        }
        var _ = context.write(out, context.voidPromise());
    }

    private static int state(Allocation part) {
        return switch (part.state()) {
            case STORED -> 0;
            case ZERO -> Nbd.STATE_ZERO;
            case HOLE -> Nbd.STATE_HOLE | Nbd.STATE_ZERO;
        };
    }

    private void answerDone(Request request) {
        var out = context.alloc().buffer(EXTENDED_BYTES);
        if (agreed.extended())
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
