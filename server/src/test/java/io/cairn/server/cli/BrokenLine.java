package io.cairn.server.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A way to a server that loses one answer, the first to a request with some text in its body: that was carried out, and the connection ends before a
/// byte comes back.
final class BrokenLine implements AutoCloseable {
    private final URI server;
    private final String text;
    private final ServerSocket socket = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
    private final AtomicInteger lost = new AtomicInteger();

    private BrokenLine(URI server, String text) throws IOException {
        this.server = server;
        this.text = text;
    }

    /// @param text to be found in what arrives at once
    static BrokenLine to(URI server, String text) throws IOException {
        var line = new BrokenLine(server, text);
        Thread.ofVirtual().start(line::accept);
        return line;
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    /// How many answers were lost.
    int lost() {
        return lost.get();
    }

    private void accept() {
        try {
            while (true) {
                var client = socket.accept();
                var behind = new Socket(server.getHost(), server.getPort());
                var asked = new AtomicBoolean();
                Thread.ofVirtual().start(() -> request(client, behind, asked));
                Thread.ofVirtual().start(() -> answer(behind, client, asked));
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void request(Socket client, Socket behind, AtomicBoolean asked) {
        try (client; behind) {
            for (var bytes = some(client.getInputStream()); bytes != null; bytes = some(client.getInputStream())) {
                if (new String(bytes, ISO_8859_1).contains(text))
                    asked.set(true);
                behind.getOutputStream().write(bytes);
            }
        } catch (IOException e) {
            // one of them has ended, so both have
        }
    }

    private void answer(Socket behind, Socket client, AtomicBoolean asked) {
        try (behind; client) {
            for (var bytes = some(behind.getInputStream()); bytes != null; bytes = some(behind.getInputStream())) {
                if (asked.get() && lost.compareAndSet(0, 1))
                    return;
                client.getOutputStream().write(bytes);
            }
        } catch (IOException e) {
            // one of them has ended, so both have
        }
    }

    private static byte @Nullable [] some(InputStream in) throws IOException {
        var bytes = new byte[65_536];
        int count = in.read(bytes);
        return count < 0 ? null : Arrays.copyOf(bytes, count);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
