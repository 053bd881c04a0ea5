package io.cairn.server.http;

import io.netty.buffer.ByteBuf;

/// Where the bytes of a body go, as they come off the wire. Called on the event loop, one call at a time.
interface BodySink {
    /// Whether the next piece may come. When false, the sink calls [Connection#resume] once it may.
    boolean ready();

    /// Takes ownership of `piece`.
    void piece(ByteBuf piece);

    void ended();

    /// Nothing more will come.
    void cut(Throwable cause);

    /// The answer was given; nobody wants the rest. The receiver hears nothing more.
    void abandon();
}
