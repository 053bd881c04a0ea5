package io.cairn.server;

/// Where one protocol is reached.
///
/// @param name `aws`, `console` or `nbd`
/// @param label for people: `AWS`, `console`, `NBD`
/// @param scheme of its URL, without TLS where it is optional
public record Endpoint(String name, String label, String scheme, String host, int port) {
    public String url() {
        var literal = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return scheme + "://" + literal + ":" + port;
    }
}
