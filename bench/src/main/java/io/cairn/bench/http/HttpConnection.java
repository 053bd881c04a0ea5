package io.cairn.bench.http;

import io.cairn.bench.match.WrongAnswerException;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One kept-alive HTTP/1.1 connection to a server on this machine (RFC 9112): one request, one answer, one after the other. Understands
/// bodies with a length and chunked ones. One thread; another may [#close] it, which ends a call that hangs.
public final class HttpConnection implements AutoCloseable {
    private static final int INPUT_BYTES = 256 << 10;
    private static final int ERROR_BYTES = 400;

    /// Takes the body of an answer piece by piece; must not keep them.
    @FunctionalInterface
    public interface Sink {
        Sink DISCARD = piece -> {
        };

        void accept(ByteBuffer piece);
    }

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(INPUT_BYTES).limit(0);
    private final ByteBuffer out = ByteBuffer.allocateDirect(64 << 10);
    private final AnswerHead head = new AnswerHead();
    private long bodyBytes;

    /// Connects to a port of the loopback address.
    public HttpConnection(int port) throws IOException {
        channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    /// Sends a request and takes its answer.
    ///
    /// @param request a whole head, with its empty line
    /// @param body its remaining bytes are sent; its position stays
    /// @param sink gets the body if the status is 2xx
    /// @throws WrongAnswerException when the status is not 2xx, with the beginning of what the server says
    public void exchange(byte[] request, @Nullable ByteBuffer body, Sink sink) throws IOException {
        send(request, body);
        head.clear();
        while (!head.parse(in))
            fill(true);
        bodyBytes = 0;
        boolean good = head.status() / 100 == 2;
        var error = new StringBuilder();
        Sink taking = good ? sink : piece -> error.append(StandardCharsets.UTF_8.decode(piece));
        if (head.chunked())
            chunks(taking);
        else if (head.status() != 204)
            run(head.contentLength(), taking);
        if (!good)
            throw new WrongAnswerException(
                    "status " + head.status() + ": " + error.substring(0, Math.min(error.length(), ERROR_BYTES)));
    }

    /// Of the last answer.
    public AnswerHead head() {
        return head;
    }

    /// Length of the last answer's body.
    public long bodyBytes() {
        return bodyBytes;
    }

    private void send(byte[] request, @Nullable ByteBuffer body) throws IOException {
        out.clear().put(request).flip();
        if (body == null) {
            while (out.hasRemaining())
                channel.write(out);
            return;
        }
        var parts = new ByteBuffer[]{out, body.duplicate()};
        while (parts[1].hasRemaining() || out.hasRemaining())
            channel.write(parts);
    }

    private void run(long length, Sink sink) throws IOException {
        for (long left = length; left > 0;) {
            if (!in.hasRemaining())
                fill(false);
            int count = (int) Math.min(left, in.remaining());
            var piece = in.slice(in.position(), count);
            in.position(in.position() + count);
            sink.accept(piece);
            left -= count;
            bodyBytes += count;
        }
    }

    /// RFC 9112, 7.1; extensions and trailers are passed over.
    private void chunks(Sink sink) throws IOException {
        while (true) {
            var line = line();
            int semicolon = line.indexOf(';');
            long length = Long.parseLong(semicolon < 0 ? line.strip() : line.substring(0, semicolon).strip(), 16);
            if (length == 0)
                break;
            run(length, sink);
            line();
        }
        for (var trailer = line(); !trailer.isEmpty();)
            trailer = line();
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        while (true) {
            if (!in.hasRemaining())
                fill(false);
            char c = (char) in.get();
            if (c == '\n')
                return line.toString().strip();
            line.append(c);
        }
    }

    /// Reads what there is, behind the bytes not yet taken if those are to be kept.
    private void fill(boolean keep) throws IOException {
        if (keep)
            in.compact();
        else
            in.clear();
        if (!in.hasRemaining())
            throw new WrongAnswerException("an answer's head is longer than " + INPUT_BYTES + " bytes");
        int count = channel.read(in);
        in.flip();
        if (count < 0)
            throw new EOFException("the server closed the connection in the midst of an answer");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
