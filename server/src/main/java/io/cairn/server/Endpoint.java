package io.cairn.server;

/// Where one protocol is reached.
///
/// @param name `aws` or `console`
/// @param label for people: `AWS`, `console`
/// @param plain whether plain HTTP is taken too; TLS always is
public record Endpoint(String name, String label, String host, int port, boolean plain) {
    public String url() {
        var literal = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
        return (plain ? "http" : "https") + "://" + literal + ":" + port;
    }
}
