package io.cairn.server.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/// A client that says what it is told to, right or wrong, byte by byte.
final class RawNbd implements AutoCloseable {
    private final Socket socket;
    final DataInputStream in;
    final DataOutputStream out;

    /// One answer to an option.
    record OptionReply(int option, int type, byte[] data) {
        String text() {
            return new String(data, StandardCharsets.UTF_8);
        }
    }

    /// One structured or simple answer.
    record Reply(int error, int type, long cookie, byte[] data) {}

    RawNbd(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }

    private RawNbd(Socket socket) throws IOException {
        this.socket = socket;
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }

    /// The same connection over TLS, from here on.
    RawNbd secured(SSLContext context) throws IOException {
        var secured = (SSLSocket) context.getSocketFactory().createSocket(socket, "127.0.0.1", socket.getPort(), true);
        secured.startHandshake();
        return new RawNbd(secured);
    }

    /// How long an answer is waited for.
    void timeout(int millis) throws IOException {
        socket.setSoTimeout(millis);
    }

    RawNbd greet() throws IOException {
        assertEquals(Nbd.INIT_MAGIC, in.readLong());
        assertEquals(Nbd.OPTION_MAGIC, in.readLong());
        assertEquals(3, in.readUnsignedShort());
        out.writeInt(3);
        out.flush();
        return this;
    }

    void option(int option, byte[] data) throws IOException {
        out.writeLong(Nbd.OPTION_MAGIC);
        out.writeInt(option);
        out.writeInt(data.length);
        out.write(data);
        out.flush();
    }

    OptionReply optionReply() throws IOException {
        assertEquals(Nbd.OPTION_REPLY_MAGIC, in.readLong());
        int option = in.readInt();
        int type = in.readInt();
        return new OptionReply(option, type, in.readNBytes(in.readInt()));
    }

    /// All answers up to the last one.
    List<OptionReply> replies() throws IOException {
        var all = new ArrayList<OptionReply>();
        do
            all.add(optionReply());
        while (all.getLast().type != Nbd.REP_ACK && all.getLast().type >= 0);
        return all;
    }

    static byte[] name(String name, int... infos) throws IOException {
        var bytes = new ByteArrayOutputStream();
        var data = new DataOutputStream(bytes);
        var text = name.getBytes(StandardCharsets.UTF_8);
        data.writeInt(text.length);
        data.write(text);
        data.writeShort(infos.length);
        for (int info : infos)
            data.writeShort(info);
        return bytes.toByteArray();
    }

    /// Attaches an export with simple replies.
    RawNbd go(String name) throws IOException {
        option(Nbd.OPT_GO, name(name));
        var last = replies().getLast();
        assertEquals(Nbd.REP_ACK, last.type, last::text);
        return this;
    }

    RawNbd structured() throws IOException {
        option(Nbd.OPT_STRUCTURED_REPLY, new byte[0]);
        assertEquals(Nbd.REP_ACK, optionReply().type);
        return this;
    }

    void request(int flags, int type, long cookie, long offset, long length, byte... payload) throws IOException {
        out.writeInt(Nbd.REQUEST_MAGIC);
        out.writeShort(flags);
        out.writeShort(type);
        out.writeLong(cookie);
        out.writeLong(offset);
        out.writeInt((int) length);
        out.write(payload);
        out.flush();
    }

    /// A simple answer, with so many bytes if it is no error.
    Reply simple(int length) throws IOException {
        assertEquals(Nbd.SIMPLE_REPLY_MAGIC, in.readInt());
        int error = in.readInt();
        long cookie = in.readLong();
        return new Reply(error, 0, cookie, in.readNBytes(error == 0 ? length : 0));
    }

    /// The only chunk of an answer, or the last.
    Reply chunk() throws IOException {
        return chunk(Nbd.REPLY_FLAG_DONE);
    }

    Reply chunk(int flags) throws IOException {
        assertEquals(Nbd.STRUCTURED_REPLY_MAGIC, in.readInt());
        assertEquals(flags, in.readUnsignedShort());
        int type = in.readUnsignedShort();
        long cookie = in.readLong();
        var data = in.readNBytes(in.readInt());
        int error = type == Nbd.REPLY_ERROR ? new DataInputStream(new java.io.ByteArrayInputStream(data)).readInt() : 0;
        return new Reply(error, type, cookie, data);
    }

    /// Whether the server has ended the connection.
    boolean isEnded() throws IOException {
        try {
            return in.read() < 0;
        } catch (java.net.SocketException e) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
