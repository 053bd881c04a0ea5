package io.cairn.server.http;

import io.netty.handler.codec.http.HttpHeaders;

/// The head of a request, as it came.
///
/// @param rawPath path as sent, percent-encoded, not normalised
/// @param rawQuery what stands behind `?`, as sent; empty when there is none
/// @param contentLength of the decoded body (`x-amz-decoded-content-length` for aws-chunked bodies), or -1 when not said
/// @param secure over TLS
/// @param remoteAddress of the peer, without port
public record Request(String method, String rawPath, String rawQuery, HttpHeaders headers, long contentLength, boolean secure,
        String remoteAddress) {}
