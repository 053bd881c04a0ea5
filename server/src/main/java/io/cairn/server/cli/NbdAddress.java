package io.cairn.server.cli;

import java.net.InetSocketAddress;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Where a server takes NBD.
///
/// @param tls how it is spoken to over TLS; null for in the clear
record NbdAddress(InetSocketAddress address, @Nullable SSLContext tls) {}
