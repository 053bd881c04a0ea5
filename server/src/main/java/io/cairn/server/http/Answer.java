package io.cairn.server.http;

import io.cairn.object.StoredObject.Pieces;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;

/// What is sent back. The front door adds `x-amz-request-id`, `Date`, `Server`, `Content-Length` and `Connection`.
///
/// @param headers may be changed until it is given to [Exchange#answer]
public record Answer(int status, HttpHeaders headers, Body body) {
    public static Answer of(int status) {
        return new Answer(status, new DefaultHttpHeaders(), new Body.Empty());
    }

    public static Answer of(int status, String contentType, byte[] body) {
        var answer = new Answer(status, new DefaultHttpHeaders(), new Body.Bytes(body));
        answer.headers.set("Content-Type", contentType);
        return answer;
    }

    public Answer header(CharSequence name, Object value) {
        headers.set(name, value);
        return this;
    }

    /// What follows the head.
    public sealed interface Body {
        record Empty() implements Body {}

        /// No bytes, but a `Content-Length` that says how many a GET would give (HEAD).
        record Announced(long length) implements Body {}

        record Bytes(byte[] bytes) implements Body {}

        /// `length` bytes from a stored object, sent from its files where possible. Closed when sent or when the connection is lost.
        record Stored(Pieces pieces, long length, AutoCloseable owner) implements Body {}
    }
}
