package io.cairn.server.nbd;

import io.cairn.server.FaceFactory.Security;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One client. What it sends is taken in pieces as they come: the handshake's by [Negotiation], then requests by [Transmission]. On its event loop.
final class NbdConnection extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(NbdConnection.class);
    private final Exports exports;
    private final Security security;
    private final PayloadMemory memory;
    private final Attachments attachments;
    private final NbdDoor.Patience patience;
    private @Nullable ScheduledFuture<?> handshakeEnd;
    private @Nullable Negotiation negotiation;
    private @Nullable Transmission transmission;

    NbdConnection(Exports exports, Security security, PayloadMemory memory, Attachments attachments,
            NbdDoor.Patience patience) {
        this.exports = exports;
        this.security = security;
        this.memory = memory;
        this.attachments = attachments;
        this.patience = patience;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        negotiation = new Negotiation(context, exports, security, attachments, this::transmit);
        negotiation.greet();
        handshakeEnd = context.executor().schedule(() -> {
            var _ = context.close();
        }, patience.handshake().toMillis(), TimeUnit.MILLISECONDS);
        super.channelActive(context);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        if (transmission != null)
            transmission.readComplete();
        super.channelReadComplete(context);
    }

    private void transmit(Negotiation.Agreed agreed, ChannelHandlerContext context) {
        boolean waited = isWaiting();
        endHandshake();
        transmission = new Transmission(context, agreed, memory, patience.transmission(), () -> resume(context));
        if (waited) {
            context.channel().config().setAutoRead(true);
            resume(context);
        }
    }

    private boolean isWaiting() { return negotiation != null && negotiation.isWaiting(); }

    private void endHandshake() {
        negotiation = null;
        if (handshakeEnd != null)
            handshakeEnd.cancel(false);
        handshakeEnd = null;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        while (context.channel().isActive()) {
            int before = in.readableBytes();
            if (negotiation != null) {
                if (!isWritable(context)) {
                    context.channel().config().setAutoRead(false);
                    return;
                }
                negotiation.take(in);
            } else if (transmission != null)
                transmission.take(in);
            if (in.readableBytes() == before) {
                context.flush();
                return;
            }
        }
        in.skipBytes(in.readableBytes());
    }

    /// Whether the client takes its answers, of which some may still wait here.
    private static boolean isWritable(ChannelHandlerContext context) {
        if (!context.channel().isWritable())
            context.flush();
        return context.channel().isWritable();
    }

    /// Goes on with what has come already, once there is room for more answers. Not from here: this may be inside of a flush, inside of [#decode].
    private void resume(ChannelHandlerContext context) {
        context.executor().execute(() -> {
            try {
                channelRead(context, Unpooled.EMPTY_BUFFER);
            } catch (Exception e) {
                exceptionCaught(context, e);
            }
        });
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
        if (context.channel().isWritable()) {
            if (transmission != null)
                transmission.roomAgain();
            else if (!isWaiting() && !context.channel().config().isAutoRead()) {
                context.channel().config().setAutoRead(true);
                resume(context);
            }
        }
        super.channelWritabilityChanged(context);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        if (negotiation != null)
            negotiation.closed();
        endHandshake();
        if (transmission != null)
            transmission.closed();
        transmission = null;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("connection {} ends", context.channel().remoteAddress(), cause);
        var _ = context.close();
    }
}
