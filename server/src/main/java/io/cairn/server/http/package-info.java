/// The front door: HTTP/1.1 over Netty, with every limit, and signatures checked before a body is read.
/// A face ([io.cairn.server.http.Face]) sees only requests that passed.
@org.jspecify.annotations.NullMarked
package io.cairn.server.http;
