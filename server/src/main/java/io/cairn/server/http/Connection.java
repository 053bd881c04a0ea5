package io.cairn.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection: requests one after the other, each read, served and answered before the next one's head is looked at, so pipelined
/// requests are answered in order. Nothing is read that nobody asked for: bytes that came too early wait in [#pending], at most one
/// read's worth, and the rest in the kernel, where the client feels it.
///
/// Here is when to read, whom to hand what came, and when the connection ends; who asks is found out by [Authentication], and answers
/// go out through [AnswerSender].
///
/// All state belongs to the event loop; what other threads call says so.
final class Connection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final FrontDoor door;
    private final Channel channel;
    private final String remoteAddress;
    private final HeadParser heads;
    private final Deadline deadline;
    private final AnswerSender sender;

    private ByteBuf pending = Unpooled.EMPTY_BUFFER;
    private @Nullable HttpExchange exchange;
    private Framing framing = Framing.of(new Head("GET", "/", "", EmptyHttpHeaders.INSTANCE, 0, true, false));
    private @Nullable BodySink sink;
    private boolean continueOwed;
    private boolean closeAfter;
    private boolean finished;
    private boolean lingering;
    private boolean inputEnded;
    private boolean reading;
    private boolean advancing;
    private boolean closed;
    private boolean secure;

    Connection(FrontDoor door, Channel channel) {
        this.door = door;
        this.channel = channel;
        this.remoteAddress = channel.remoteAddress() instanceof InetSocketAddress address
                ? address.getAddress().getHostAddress()
                : "";
        this.heads = new HeadParser(door.limits());
        this.deadline = new Deadline(door.limits(), channel);
        this.sender = new AnswerSender(this);
    }

    FrontDoor door() {
        return door;
    }

    Channel channel() {
        return channel;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        door.opened(this);
        deadline.idle();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        read();
    }

    /// The first bytes are those of TLS.
    void secured() {
        secure = true;
    }

    boolean secure() {
        return secure;
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        lost();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        lost();
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var in = (ByteBuf) message;
        if (closed) {
            in.release();
            return;
        }
        door.metrics().bytesIn.add(in.readableBytes());
        deadline.received(in.readableBytes());
        if (!pending.isReadable()) {
            pending.release();
            pending = in;
        } else {
            pending = append(pending, in);
        }
        advance();
    }

    private ByteBuf append(ByteBuf before, ByteBuf in) {
        var both = channel.alloc().buffer(before.readableBytes() + in.readableBytes());
        both.writeBytes(before).writeBytes(in);
        before.release();
        in.release();
        return both;
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        reading = false;
        read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            inputEnded = true;
            advance();
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException || cause.getCause() instanceof SSLException)
            LOG.debug("{}: {}", remoteAddress, cause.toString());
        else
            LOG.error("connection from {} failed", remoteAddress, cause);
        closeNow();
    }

    /// Any thread: goes on after the sink had said that it was not ready.
    void resume() {
        execute(this::advance, () -> {
        });
    }

    /// Any thread: runs on the event loop, or `otherwise` here when that has ended.
    void execute(Runnable task, Runnable otherwise) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
            return;
        }
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            otherwise.run();
        }
    }

    private void advance() {
        if (advancing)
            return;
        advancing = true;
        try {
            boolean more = true;
            while (more && !closed)
                more = step();
        } catch (RefusedException e) {
            refuseInput(e);
        } finally {
            advancing = false;
        }
        read();
    }

    /// Takes one step; false when there is nothing to do until something happens.
    private boolean step() {
        if (lingering) {
            pending.skipBytes(pending.readableBytes());
            if (inputEnded)
                closeNow();
            return false;
        }
        if (exchange == null)
            return readHead();
        if (!framing.done())
            return readBody();
        if (!finished)
            return false;
        exchange = null;
        sink = null;
        finished = false;
        deadline.idle();
        return true;
    }

    private boolean readHead() {
        if (!pending.isReadable()) {
            if (inputEnded || door.stopping())
                closeNow();
            return false;
        }
        deadline.headBegun();
        var head = heads.parse(pending);
        if (head == null) {
            if (inputEnded)
                closeNow();
            return false;
        }
        begin(head);
        return true;
    }

    private boolean readBody() {
        var to = sink;
        if (to == null || !to.ready())
            return false;
        var piece = framing.next(pending);
        if (piece != null)
            to.piece(piece);
        if (framing.done()) {
            deadline.none(); // from here on it is not the client that is waited for
            to.ended();
        } else if (piece == null) {
            if (inputEnded)
                throw new RefusedException(400, "IncompleteBody",
                        "You did not provide the number of bytes specified by the Content-Length HTTP header");
            return false;
        }
        return true;
    }

    private void begin(Head head) {
        deadline.none();
        framing = Framing.of(head);
        sink = null;
        closeAfter = !head.keepAlive();
        continueOwed = head.expectsContinue();
        var headers = head.headers();
        var request = new Request(head.method(), head.rawPath(), head.rawQuery(), headers, Authentication.contentLength(head),
                secure,
                remoteAddress);
        var begun = new HttpExchange(this, head, request, door.requestIds().next(), door.defaultFace());
        exchange = begun;
        try {
            Authentication.begin(begun, head, door);
        } catch (RuntimeException e) {
            begun.fail(e);
        }
    }

    /// Any thread: the face wants the body of this exchange.
    void receive(HttpExchange from, BodySink to) {
        execute(() -> startBody(from, to), () -> to.cut(lostConnection()));
    }

    private void startBody(HttpExchange from, BodySink to) {
        if (closed || from != exchange || from.answered()) {
            to.cut(lostConnection());
            return;
        }
        sink = to;
        if (framing.done()) {
            to.ended();
            return;
        }
        if (continueOwed && !pending.isReadable()) {
            var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(CONTINUE));
        }
        continueOwed = false;
        deadline.bodyBegun();
        advance();
    }

    private static RefusedException lostConnection() {
        return new RefusedException(400, "IncompleteBody",
                "The connection was lost, or the request answered, before its body was read");
    }

    /// What came in cannot be understood, or ended too early: whoever waits for it hears of it, and the connection ends.
    private void refuseInput(RefusedException e) {
        closeAfter = true;
        var current = exchange;
        if (current == null) {
            framing = Framing.of(new Head("GET", "/", "", EmptyHttpHeaders.INSTANCE, 0, false, false));
            var head = new Head(heads.method(), "/", "", new DefaultHttpHeaders(), 0, true, false);
            current = new HttpExchange(this, head,
                    new Request(head.method(), "/", "", head.headers(), -1, secure, remoteAddress), door.requestIds().next(),
                    door.defaultFace());
            exchange = current;
        }
        deadline.none();
        if (sink != null)
            sink.cut(e);
        else
            current.fail(e);
        // The answer may have gone out before, while the rest of the body was drained.
        if (finished)
            linger();
    }

    /// Loop only: the connection cannot be used again after this answer.
    void closeAfterAnswer() {
        closeAfter = true;
        if (finished)
            linger();
    }

    /// Any thread; the only answer of this exchange.
    void answer(HttpExchange to, Answer answer) {
        sender.send(to, answer);
    }

    /// Loop only: decides what becomes of the rest of the body and of the connection. False when nobody is there to be answered.
    boolean prepare(HttpExchange to, Answer answer) {
        if (closed || to != exchange) {
            to.end();
            return false;
        }
        to.status(answer.status());
        if (sink != null)
            sink.abandon();
        sink = null;
        if (door.stopping())
            closeAfter = true;
        if (!framing.done()) {
            long left = framing.left();
            // A client that was not told to continue may send its body or not: nobody can know, so the connection cannot go on.
            if (continueOwed || (left > door.limits().drainBytes() && left != Long.MAX_VALUE))
                closeAfter = true;
            if (!closeAfter)
                sink = new DrainedBody(this, door.limits().drainBytes());
        }
        deadline.writing();
        return true;
    }

    /// Loop only: whether the connection ends after the answer that is being sent.
    boolean closesAfterAnswer() {
        return closeAfter;
    }

    /// Loop only: the whole answer has gone to the socket.
    void answered(HttpExchange to) {
        to.end();
        if (closed || to != exchange)
            return;
        finished = true;
        if (closeAfter) {
            linger();
            return;
        }
        if (framing.done())
            deadline.none();
        else
            deadline.bodyBegun();
        advance();
    }

    /// Loop only: the answer could not be sent to its end.
    void abort(HttpExchange to) {
        to.end();
        if (to == exchange)
            closeNow();
    }

    /// Ends the connection so that the client can read the answer: our side is closed first, and what still comes in is thrown away,
    /// for a reset would take the answer with it.
    private void linger() {
        if (closed || lingering)
            return;
        if (inputEnded || (framing.done() && !pending.isReadable() && exchange != null && !exchange.head().keepAlive())) {
            closeNow();
            return;
        }
        lingering = true;
        sink = null;
        deadline.lingering();
        if (channel instanceof DuplexChannel duplex && !secure) {
            var _ = duplex.shutdownOutput();
        }
        advance();
    }

    private void read() {
        if (closed || reading || !wantsInput())
            return;
        reading = true;
        deadline.waits();
        channel.read();
    }

    private boolean wantsInput() {
        if (inputEnded)
            return false;
        if (lingering || exchange == null)
            return true;
        // While a whole request is served, one read ahead: to end the wish to read and to begin it again would cost two system calls a request.
        if (framing.done())
            return !pending.isReadable();
        return sink != null && sink.ready();
    }

    /// Any thread: whether this connection has waited long enough for its client.
    boolean due(long nanoTime) {
        return deadline.due(nanoTime);
    }

    /// Loop only, after [#due].
    void timeOut() {
        if (closed)
            return;
        switch (deadline.check()) {
            case GO_ON -> {
            }
            case CLOSE -> {
                LOG.debug("{}: closed, too slow or idle", remoteAddress);
                closeNow();
            }
            case REFUSE -> {
                door.metrics().timeouts.increment();
                refuseInput(new RefusedException(408, "RequestTimeout",
                        "Your socket connection to the server was not read from or written to within the timeout period."));
            }
        }
    }

    /// Loop only: the door closes; an idle connection at once, another after its answer.
    void stop() {
        if (exchange == null)
            closeNow();
        else
            closeAfter = true;
    }

    void closeNow() {
        lost();
        var _ = channel.close();
    }

    private void lost() {
        if (closed)
            return;
        closed = true;
        deadline.none();
        pending.release();
        pending = Unpooled.EMPTY_BUFFER;
        if (sink != null && !framing.done())
            sink.cut(lostConnection());
        if (exchange != null)
            exchange.end();
        door.closed(this);
    }
}
