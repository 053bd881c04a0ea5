package io.cairn.server.nbd;

import io.cairn.server.FaceFactory.Listening;
import io.cairn.server.FaceFactory.Security;
import io.cairn.server.http.EventLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/// The port that speaks NBD. Any thread.
///
/// At most [#MAX_CONNECTIONS] at once: one more is closed at once, and so is one that takes longer than 15 seconds to attach an export. Of each, at most [Transmission#MAX_IN_FLIGHT_BYTES] of requests are under way, and nothing more
/// is read of a client that does not take its answers.
public final class NbdDoor implements Listening {
    public static final int PORT = 10809;
    static final int MAX_CONNECTIONS = 4096;

    /// How long clients are waited for.
    ///
    /// @param handshake until an export is attached
    /// @param transmission until a payload that was announced has come, or an answer is taken: at first, and longer by a second for each [Stall#MIN_BYTES_A_SECOND] of a payload
    record Patience(Duration handshake, Duration transmission) {
        static final Patience DEFAULT = new Patience(Duration.ofSeconds(15), Duration.ofSeconds(30));
    }

    private final Channel server;
    private final PayloadMemory memory;
    private final Attachments attachments = new Attachments();
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

    /// Binds `address` and serves from then on.
    ///
    /// @throws IOException when the address cannot be bound
    public NbdDoor(InetSocketAddress address, Exports exports, EventLoops loops, Security security) throws IOException {
        this(address, exports, loops, security, PayloadMemory.ofThisProcess(), Patience.DEFAULT);
    }

    /// @param patience for tests that cannot wait
    NbdDoor(InetSocketAddress address, Exports exports, EventLoops loops, Security security, PayloadMemory memory,
            Patience patience)
            throws IOException {
        this.memory = memory;
        var bound = new ServerBootstrap().group(loops.acceptor(), loops.loops()).channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, 4096).option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true).childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator(512, 16 << 10, 512 << 10))
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(1 << 20, 4 << 20))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (connections.size() >= MAX_CONNECTIONS) {
                            var _ = channel.close();
                            return;
                        }
                        connections.add(channel);
                        channel.pipeline().addLast(new NbdConnection(exports, security, memory, attachments, patience));
                    }
                }).bind(address).awaitUninterruptibly();
        if (!bound.isSuccess())
            throw bound.cause() instanceof IOException e ? e : new IOException("cannot bind " + address, bound.cause());
        server = bound.channel();
    }

    /// How many clients there are.
    public int connections() {
        return connections.size();
    }

    /// Memory that payloads of all clients take, in bytes.
    public long payloadBytes() {
        return memory.usedBytes();
    }

    @Override
    public InetSocketAddress address() {
        return (InetSocketAddress) server.localAddress();
    }

    /// Takes no more connections, and ends those that there are: what was answered stands, as it would after a cut line.
    @Override
    public void close() {
        server.close().awaitUninterruptibly(1000);
        connections.close().awaitUninterruptibly(2000);
    }
}
