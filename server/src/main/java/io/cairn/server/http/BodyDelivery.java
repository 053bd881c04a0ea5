package io.cairn.server.http;

import io.cairn.server.sigv4.Payload;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes a body through its [Payload] to its [BodyReceiver], and whatever goes wrong on the way to the one answer of the exchange.
/// One thread at a time.
final class BodyDelivery {
    private static final Logger LOG = LoggerFactory.getLogger(BodyDelivery.class);
    private final HttpExchange exchange;
    private final Payload payload;
    private final BodyReceiver receiver;
    private final Consumer<ByteBuf> data;
    private boolean over;

    BodyDelivery(HttpExchange exchange, Payload payload, BodyReceiver receiver) {
        this.exchange = exchange;
        this.payload = payload;
        this.receiver = receiver;
        this.data = receiver::piece;
    }

    /// Releases `piece` in any case.
    void piece(ByteBuf piece) {
        try {
            if (!over)
                payload.decode(piece, data);
        } catch (Throwable t) {
            fail(t);
        } finally {
            piece.release();
        }
    }

    void ended() {
        if (over)
            return;
        HttpHeaders trailers;
        try {
            trailers = payload.finish();
        } catch (Throwable t) {
            fail(t);
            return;
        }
        over = true;
        try {
            receiver.complete(trailers);
        } catch (Throwable t) {
            exchange.fail(t);
        }
    }

    void fail(Throwable cause) {
        if (over)
            return;
        over = true;
        try {
            receiver.failed(Refusals.unwrap(cause));
        } catch (Throwable t) {
            LOG.error("request {}: letting go of a body failed", exchange.requestId(), t);
        }
        exchange.fail(cause);
    }
}
