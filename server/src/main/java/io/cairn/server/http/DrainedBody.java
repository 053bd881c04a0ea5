package io.cairn.server.http;

import io.netty.buffer.ByteBuf;

/// The rest of a body that nobody wants: thrown away, up to a bound, so that the connection can be used again.
final class DrainedBody implements BodySink {
    private final Connection connection;
    private long allowedBytes;

    DrainedBody(Connection connection, long allowedBytes) {
        this.connection = connection;
        this.allowedBytes = allowedBytes;
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public void piece(ByteBuf piece) {
        allowedBytes -= piece.readableBytes();
        piece.release();
        if (allowedBytes < 0)
            connection.closeAfterAnswer();
    }

    @Override
    public void ended() {}

    @Override
    public void cut(Throwable cause) {}

    @Override
    public void abandon() {}
}
