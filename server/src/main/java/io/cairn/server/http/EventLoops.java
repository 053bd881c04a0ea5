package io.cairn.server.http;

import io.netty.channel.Channel;
import io.netty.channel.DefaultSelectStrategyFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SelectStrategyFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// The threads that wait for the network: native epoll where there is one, else NIO. All ports that speak HTTP share theirs.
public final class EventLoops implements AutoCloseable {
    private final boolean epoll = Epoll.isAvailable();
    private final EventLoopGroup acceptor = group(1, "accept", DefaultSelectStrategyFactory.INSTANCE);
    private final EventLoopGroup loops;

    public EventLoops(int threads) {
        loops = group(threads, "loop", AdaptivePolling::new);
    }

    private EventLoopGroup group(int threads, String name, SelectStrategyFactory waiting) {
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), factory(waiting)) {
            @Override
            protected IoEventLoop newChild(Executor executor, IoHandlerFactory handlers, Object... more) {
                return new Loop(this, executor, handlers);
            }
        };
    }

    /// One that tells how many channels it serves.
    private static final class Loop extends SingleThreadIoEventLoop {
        Loop(IoEventLoopGroup group, Executor executor, IoHandlerFactory handlers) {
            super(group, executor, handlers);
        }

        int channels() {
            return getNumOfRegisteredChannels();
        }
    }

    private IoHandlerFactory factory(SelectStrategyFactory waiting) {
        return epoll
                ? EpollIoHandler.newFactory(0, waiting)
                : NioIoHandler.newFactory(SelectorProvider.provider(), waiting);
    }

    public EventLoopGroup acceptor() {
        return acceptor;
    }

    public EventLoopGroup loops() {
        return loops;
    }

    /// Whether nobody else is waited for on the loop of this channel: then it may be kept a little. On that loop.
    public static boolean isAlone(Channel channel) {
        return channel.eventLoop() instanceof Loop loop && loop.channels() == 1;
    }

    public Class<? extends ServerChannel> serverChannel() {
        return epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    @Override
    public void close() {
        var acceptorEnd = acceptor.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        var loopsEnd = loops.shutdownGracefully(0, 2, TimeUnit.SECONDS);
        acceptorEnd.awaitUninterruptibly(3, TimeUnit.SECONDS);
        loopsEnd.awaitUninterruptibly(3, TimeUnit.SECONDS);
    }
}
