/// The server's own certificate authority and the certificates it issues. Start reading at
/// [io.cairn.server.tls.CertificateAuthority].
@org.jspecify.annotations.NullMarked
package io.cairn.server.tls;
