package io.cairn.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Tells TLS from plain HTTP by the first byte of a connection: a TLS record of type handshake begins with 22 (RFC 8446 section 5.1),
/// which begins no HTTP method.
final class TlsSniffer extends ChannelInboundHandlerAdapter {
    private static final byte HANDSHAKE = 22;
    private static final byte[] PLAIN_REFUSED = String
            .join("\r\n", "HTTP/1.1 400 Bad Request", "Server: Cairn", "Content-Type: text/plain", "Connection: close",
                    "Content-Length: 47", "", "This port speaks HTTPS; the request was plain.\n")
            .getBytes(StandardCharsets.US_ASCII);

    private final Connection connection;
    private final Limits limits;
    private final @Nullable SslContext tls;
    private final boolean tlsOnly;

    TlsSniffer(Connection connection, Limits limits, @Nullable SslContext tls, boolean tlsOnly) {
        this.connection = connection;
        this.limits = limits;
        this.tls = tls;
        this.tlsOnly = tlsOnly;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var in = (ByteBuf) message;
        if (!in.isReadable()) {
            in.release();
            return;
        }
        boolean secure = tls != null && in.getByte(in.readerIndex()) == HANDSHAKE;
        if (!secure && tlsOnly) {
            in.release();
            refusePlain(context.channel());
            return;
        }
        if (secure && tls != null) {
            var handler = tls.newHandler(context.alloc());
            handler.setHandshakeTimeoutMillis(limits.headTime().toMillis());
            var _ = context.pipeline().addAfter(context.name(), "tls", handler);
            connection.secured();
        }
        context.fireChannelRead(in);
        var _ = context.pipeline().remove(this);
    }

    private static void refusePlain(Channel channel) {
        var _ = channel.writeAndFlush(Unpooled.wrappedBuffer(PLAIN_REFUSED))
                .addListener(ChannelFutureListener.CLOSE);
    }
}
