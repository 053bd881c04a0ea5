package io.cairn.server.http;

import io.netty.buffer.ByteBuf;

/// A small body, delivered on the event loop.
final class InlineBody implements BodySink {
    private final BodyDelivery delivery;
    private boolean abandoned;

    InlineBody(BodyDelivery delivery) {
        this.delivery = delivery;
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public void piece(ByteBuf piece) {
        if (abandoned)
            piece.release();
        else
            delivery.piece(piece);
    }

    @Override
    public void ended() {
        if (!abandoned)
            delivery.ended();
    }

    @Override
    public void cut(Throwable cause) {
        if (!abandoned)
            delivery.fail(cause);
    }

    @Override
    public void abandon() {
        abandoned = true;
    }
}
