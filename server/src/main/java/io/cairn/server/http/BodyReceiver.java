package io.cairn.server.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/// Where the pieces of a body go. Calls come one at a time, each after the one before returned, on the worker pool or the event loop; may block only
/// on the worker pool, which it is on whenever the body is larger than [#INLINE_BYTES] or its length is unknown.
public interface BodyReceiver {
    int INLINE_BYTES = 64 << 10;

    /// The next decoded bytes; the caller releases the buffer after return.
    void piece(ByteBuf piece);

    /// The body is complete, and every signature and hash over it was right. `trailers` are those of an aws-chunked body.
    void complete(HttpHeaders trailers);

    /// The body will never be complete: cut, too slow, or wrong. Nothing more comes. The front door answers, if anyone is there.
    void failed(Throwable cause);
}
