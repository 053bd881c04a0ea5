package io.cairn.bench.volumes;

import io.cairn.bench.match.WrongAnswerException;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// A client of NBD with simple replies, one request after the other ("The NBD protocol", sections "Newstyle negotiation", `NBD_OPT_GO` and "Transmission phase"; all
/// numbers big-endian). No answer within [#LIMIT] is a `SocketTimeoutException`. One thread; another may [#close] it, which ends a call that hangs.
final class NbdConnection implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long INIT_MAGIC = 0x4e42444d41474943L;
    private static final long OPTION_MAGIC = 0x49484156454f5054L;
    private static final long OPTION_REPLY_MAGIC = 0x3e889045565a9L;
    private static final int REQUEST_MAGIC = 0x25609513;
    private static final int REPLY_MAGIC = 0x67446698;
    private static final int FIXED_NEWSTYLE = 1;
    private static final int NO_ZEROES = 2;
    private static final int OPT_GO = 7;
    private static final int REP_ACK = 1;
    private static final int REP_INFO = 3;
    private static final int INFO_EXPORT = 0;
    private static final int MAX_REPLY_BYTES = 64 << 10;
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int DISCONNECT = 2;
    private static final int FLUSH = 3;

    private final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;
    private long sizeBytes = -1;
    private long cookie;

    /// Connects to a port of the loopback address and shakes hands, up to and with NBD_OPT_GO. When the server refuses the export, a
    /// [WrongAnswerException] says how.
    NbdConnection(int port, String export) throws IOException {
        socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(Math.toIntExact(LIMIT.toMillis()));
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Math.toIntExact(LIMIT.toMillis()));
            in = new DataInputStream(socket.getInputStream());
            out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 64 << 10));
            greet();
            go(export.getBytes(StandardCharsets.UTF_8));
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private void greet() throws IOException {
        if (in.readLong() != INIT_MAGIC || in.readLong() != OPTION_MAGIC)
            throw new WrongAnswerException("not a newstyle NBD server");
        int flags = in.readUnsignedShort();
        if ((flags & FIXED_NEWSTYLE) == 0)
            throw new WrongAnswerException("the server does not know fixed newstyle: flags " + flags);
        out.writeInt(FIXED_NEWSTYLE | flags & NO_ZEROES);
    }

    private void go(byte[] export) throws IOException {
        out.writeLong(OPTION_MAGIC);
        out.writeInt(OPT_GO);
        out.writeInt(4 + export.length + 2);
        out.writeInt(export.length);
        out.write(export);
        out.writeShort(0); // no information asked for: NBD_INFO_EXPORT comes anyway
        out.flush();
        while (true) {
            long magic = in.readLong();
            int option = in.readInt();
            int type = in.readInt();
            int length = in.readInt();
            if (magic != OPTION_REPLY_MAGIC || option != OPT_GO || length < 0 || length > MAX_REPLY_BYTES)
                throw new WrongAnswerException(
                        "not an answer to NBD_OPT_GO: %x, option %d, %d bytes".formatted(magic, option, length));
            var data = in.readNBytes(length);
            if (type == REP_ACK)
                break;
            if (type != REP_INFO)
                throw new WrongAnswerException(
                        "NBD_OPT_GO was answered with %x: %s".formatted(type, new String(data, StandardCharsets.UTF_8)));
            var info = java.nio.ByteBuffer.wrap(data);
            if (info.getShort() == INFO_EXPORT)
                sizeBytes = info.getLong();
        }
        if (sizeBytes < 0)
            throw new WrongAnswerException("NBD_OPT_GO was acknowledged without NBD_INFO_EXPORT");
    }

    /// Of the export.
    long sizeBytes() {
        return sizeBytes;
    }

    void write(long offset, byte[] bytes) throws IOException {
        request(WRITE, offset, bytes.length);
        out.write(bytes);
        out.flush();
        reply();
    }

    byte[] read(long offset, int length) throws IOException {
        request(READ, offset, length);
        out.flush();
        reply();
        var bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    void flush() throws IOException {
        request(FLUSH, 0, 0);
        out.flush();
        reply();
    }

    private void request(int type, long offset, int length) throws IOException {
        out.writeInt(REQUEST_MAGIC);
        out.writeShort(0);
        out.writeShort(type);
        out.writeLong(++cookie);
        out.writeLong(offset);
        out.writeInt(length);
    }

    private void reply() throws IOException {
        int magic = in.readInt();
        int error = in.readInt();
        long answered = in.readLong();
        if (magic != REPLY_MAGIC || answered != cookie || error != 0)
            throw new WrongAnswerException(
                    "request %d was answered with magic %x, cookie %d, error %d".formatted(cookie, magic, answered, error));
    }

    /// Takes leave in the protocol's words, and does not wait for the server to go.
    void disconnect() throws IOException {
        request(DISCONNECT, 0, 0);
        out.flush();
        close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
