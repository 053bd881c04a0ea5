package io.cairn.server.http;

import io.cairn.object.StoredObject.Piece;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.util.ReferenceCountUtil;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends the bytes of a stored object: pieces are opened on a worker, one after the other, and written on the event loop. The next is
/// opened when the one before has gone to the socket, so a slow reader costs one piece: nothing for a range of a file that the kernel
/// sends, else [#COPY_BYTES], or what the object itself holds in memory.
final class StoredAnswer implements ChannelFutureListener {
    static final int COPY_BYTES = 64 << 10;

    /// Below this a copy and one write cost less than two system calls.
    static final int SENDFILE_MIN_BYTES = 32 << 10;
    private static final Logger LOG = LoggerFactory.getLogger(StoredAnswer.class);

    private final Connection connection;
    private final HttpExchange exchange;
    private final Answer.Body.Stored body;
    private final boolean plain;
    private Piece.@Nullable FileRange range;
    private long rangeSent;
    private long unfetched;
    private boolean over;

    StoredAnswer(Connection connection, HttpExchange exchange, Answer.Body.Stored body, boolean plain) {
        this.connection = connection;
        this.exchange = exchange;
        this.body = body;
        this.plain = plain;
        this.unfetched = body.length();
    }

    /// Opens the next piece. May block. Not on the event loop.
    ///
    /// @return a buffer, or a region of a file
    Object fetch() throws IOException {
        if (range == null) {
            var piece = body.pieces().next();
            if (piece == null || piece.length() > unfetched)
                throw new IllegalStateException(
                        "a stored object gave " + (piece == null ? "less" : "more") + " than the " + body.length()
                                + " bytes that were announced, with " + unfetched + " to go");
            unfetched -= piece.length();
            switch (piece) {
                case Piece.Bytes(var bytes) -> {
                    return Unpooled.wrappedBuffer(bytes);
                }
                case Piece.FileRange(var file, var position, var length) when plain && length >= SENDFILE_MIN_BYTES -> {
                    return new SharedFileRegion(file, position, length);
                }
                case Piece.FileRange file -> range = file;
            }
            rangeSent = 0;
        }
        return copy(range);
    }

    private ByteBuf copy(Piece.FileRange from) throws IOException {
        int length = (int) Math.min(COPY_BYTES, from.length() - rangeSent);
        var copy = connection.channel().alloc().directBuffer(length);
        try {
            while (copy.readableBytes() < length) {
                int read = copy.writeBytes(from.file(), from.position() + rangeSent + copy.readableBytes(),
                        length - copy.readableBytes());
                if (read < 0)
                    throw new EOFException(
                            "the file of a stored object ends " + (length - copy.readableBytes()) + " bytes early");
            }
        } catch (IOException | RuntimeException e) {
            copy.release();
            throw e;
        }
        rangeSent += length;
        if (rangeSent == from.length())
            range = null;
        return copy;
    }

    private boolean fetchedAll() {
        return unfetched == 0 && range == null;
    }

    /// On the event loop: sends the head, if it still has to go, and one piece.
    void send(@Nullable ByteBuf head, Object piece) {
        Channel channel = connection.channel();
        if (head != null) {
            var _ = channel.write(head);
        }
        var _ = channel.writeAndFlush(piece).addListener(this);
    }

    /// A piece has gone to the socket, or never will.
    @Override
    public void operationComplete(ChannelFuture sent) {
        if (!sent.isSuccess()) {
            abort();
        } else if (fetchedAll()) {
            close();
            connection.answered(exchange);
        } else {
            fetchNext();
        }
    }

    private void fetchNext() {
        try {
            connection.door().workers().resume(() -> {
                try {
                    var piece = fetch();
                    connection.execute(() -> send(null, piece), () -> release(piece));
                } catch (Throwable t) {
                    LOG.error("request {}: reading the object failed, the answer is cut", exchange.requestId(), t);
                    connection.execute(this::abort, this::close);
                }
            });
        } catch (RejectedExecutionException e) {
            abort();
        }
    }

    private void release(Object piece) {
        ReferenceCountUtil.release(piece);
        close();
    }

    /// The head said how many bytes come; all that is left is to end the connection, so that the client sees the cut.
    private void abort() {
        close();
        connection.abort(exchange);
    }

    /// Once; on the event loop, or when that is gone.
    void close() {
        if (over)
            return;
        over = true;
        AnswerWriter.close(body.owner());
    }
}
