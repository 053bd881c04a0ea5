package io.cairn.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.util.ReferenceCountUtil;

/// Puts answers on the wire of one [Connection]: head and small body in one buffer, large bytes behind the head, stored bytes piece by
/// piece ([StoredAnswer]). What becomes of the connection is the connection's to decide, before the head is written
/// ([Connection#prepare]) and after the last byte has gone ([Connection#answered], [Connection#abort]).
final class AnswerSender {
    /// Bytes of a body that are sent in one buffer with the head.
    private static final int ONE_BUFFER_BYTES = 16 << 10;
    private final Connection connection;

    AnswerSender(Connection connection) {
        this.connection = connection;
    }

    /// Any thread. The first piece of a stored body is opened on a worker: on this thread, if it is one.
    void send(HttpExchange to, Answer answer) {
        if (answer.body() instanceof Answer.Body.Stored stored && sendsBody(to, answer) && stored.length() > 0) {
            var storedAnswer = new StoredAnswer(connection, to, stored, !connection.secure());
            if (connection.channel().eventLoop().inEventLoop())
                fetchFirst(to, answer, storedAnswer);
            else
                sendStored(to, answer, storedAnswer);
            return;
        }
        AnswerWriter.release(answer);
        connection.execute(() -> sendNow(to, answer), to::end);
    }

    private static boolean sendsBody(HttpExchange to, Answer answer) {
        return !to.head().method().equals("HEAD") && AnswerWriter.contentLength(answer) > 0;
    }

    private void fetchFirst(HttpExchange to, Answer answer, StoredAnswer stored) {
        try {
            connection.door().workers().execute(() -> sendStored(to, answer, stored));
        } catch (RuntimeException e) {
            stored.close();
            sendNow(to, to.refusal(e));
        }
    }

    /// Not on the event loop: opens the first piece before the head goes out, so that a failure can still be said.
    private void sendStored(HttpExchange to, Answer answer, StoredAnswer stored) {
        Object piece;
        try {
            piece = stored.fetch();
        } catch (Throwable t) {
            stored.close();
            var refusal = to.refusal(t);
            connection.execute(() -> sendNow(to, refusal), to::end);
            return;
        }
        connection.execute(() -> {
            if (connection.prepare(to, answer)) {
                stored.send(head(to, answer, 0), piece);
            } else {
                ReferenceCountUtil.release(piece);
                stored.close();
            }
        }, () -> {
            ReferenceCountUtil.release(piece);
            stored.close();
            to.end();
        });
    }

    /// On the event loop.
    private void sendNow(HttpExchange to, Answer answer) {
        if (!connection.prepare(to, answer))
            return;
        byte[] body = answer.body() instanceof Answer.Body.Bytes(var bytes) && sendsBody(to, answer) ? bytes : new byte[0];
        var channel = connection.channel();
        ChannelFuture sent;
        if (body.length <= ONE_BUFFER_BYTES) {
            sent = channel.writeAndFlush(head(to, answer, body.length).writeBytes(body));
        } else {
            var _ = channel.write(head(to, answer, 0));
            sent = channel.writeAndFlush(Unpooled.wrappedBuffer(body));
        }
        if (sent.isDone())
            sentOrLost(to, sent);
        else
            sent.addListener(future -> sentOrLost(to, sent));
    }

    private void sentOrLost(HttpExchange to, ChannelFuture sent) {
        if (sent.isSuccess())
            connection.answered(to);
        else
            connection.abort(to);
    }

    private ByteBuf head(HttpExchange to, Answer answer, int roomBytes) {
        var door = connection.door();
        boolean close = connection.closesAfterAnswer();
        boolean sayKeepAlive = !close && to.head().headers().contains("connection");
        long length = AnswerWriter.contentLength(answer);
        var head = door.writer().head(connection.channel().alloc(), answer, to.requestId(), length, close, sayKeepAlive,
                roomBytes);
        door.metrics().bytesOut.add(head.readableBytes() + (sendsBody(to, answer) ? length : 0));
        return head;
    }
}
