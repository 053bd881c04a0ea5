package io.cairn.server.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// An HTTP client that sends what it is told, right or wrong, and reads answers strictly.
public final class RawClient implements AutoCloseable {
    public record Reply(int status, Map<String, String> headers, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    final Socket socket;
    private final InputStream in;

    public RawClient(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(10_000);
        socket.setTcpNoDelay(true);
        in = socket.getInputStream();
    }

    RawClient send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    public RawClient send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        socket.getOutputStream().flush();
        return this;
    }

    Reply get(String target) throws IOException {
        return send("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n").read();
    }

    Reply put(String target, byte[] body) throws IOException {
        send("PUT " + target + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + body.length + "\r\n\r\n");
        return send(body).read();
    }

    public Reply read() throws IOException {
        return read(true);
    }

    /// The answer to HEAD: no body follows, whatever length is announced.
    Reply readHead() throws IOException {
        return read(false);
    }

    private Reply read(boolean withBody) throws IOException {
        var status = line();
        if (!status.startsWith("HTTP/1.1 "))
            throw new IOException("not a status line: " + status);
        var headers = new HashMap<String, String>();
        for (var line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(": ");
            var before = headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
            if (before != null)
                throw new IOException("header twice: " + line);
        }
        int length = withBody ? Integer.parseInt(headers.getOrDefault("content-length", "0")) : 0;
        var body = in.readNBytes(length);
        if (body.length < length)
            throw new EOFException("body cut after " + body.length + " of " + length);
        return new Reply(Integer.parseInt(status.substring(9, 12)), headers, body);
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0)
                throw new EOFException("connection ended in: " + line.toString(StandardCharsets.ISO_8859_1));
            line.write(b);
        }
        var text = line.toString(StandardCharsets.ISO_8859_1);
        if (!text.endsWith("\r"))
            throw new IOException("line without CRLF: " + text);
        return text.substring(0, text.length() - 1);
    }

    /// Whether the server ends the connection without another byte.
    public boolean ended() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    /// Whether nothing at all comes for a while.
    boolean silentFor(int millis) throws IOException {
        socket.setSoTimeout(millis);
        try {
            in.read();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(10_000);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
