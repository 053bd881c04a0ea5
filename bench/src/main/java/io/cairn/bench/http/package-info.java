/// The cheapest client that checks what it gets: HTTP/1.1 over blocking sockets, heads encoded ahead, and signatures of AWS. Start
/// reading at [io.cairn.bench.http.HttpConnection].
@org.jspecify.annotations.NullMarked
package io.cairn.bench.http;
