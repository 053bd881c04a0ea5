package io.cairn.server.http;

import io.netty.handler.codec.http.HttpHeaders;

/// A parsed head, checked for everything in which two readers could differ about where the request ends.
///
/// @param bodyBytes length of the body on the wire: 0 when there is none, [#CHUNKED] when it is chunked
/// @param keepAlive whether the client wants the connection kept
/// @param expectsContinue whether the client waits for `100 Continue` before it sends the body
record Head(String method, String rawPath, String rawQuery, HttpHeaders headers, long bodyBytes, boolean keepAlive,
        boolean expectsContinue) {
    static final long CHUNKED = -1;
}
