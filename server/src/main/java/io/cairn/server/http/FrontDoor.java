package io.cairn.server.http;

import io.cairn.server.metrics.Registry;
import io.cairn.server.sigv4.Claim;
import io.cairn.server.sigv4.SigV4;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One port that speaks HTTP/1.1, plain and over TLS: accepts connections within [Limits], and hands each request that passed to the
/// face it is meant for. Any thread.
public final class FrontDoor implements AutoCloseable {
    /// Half of what may wait to be written on one connection before a writer is asked to stop.
    private static final int LOW_WATER_BYTES = 64 << 10;

    /// What stands behind a port.
    ///
    /// @param name of the port in metrics: `aws`, `console`
    /// @param faces the first one gets what names no service
    /// @param verifier checks signatures; null when nothing is signed here
    /// @param tls null when only plain HTTP is spoken
    /// @param tlsOnly whether plain HTTP is refused
    public record Settings(String name, List<Face> faces, @Nullable SigV4 verifier, @Nullable SslContext tls, boolean tlsOnly,
            Limits limits,
            Registry metrics, InstantSource clock) {
        public Settings {
            faces = List.copyOf(faces);
            if (faces.isEmpty() || (tlsOnly && tls == null))
                throw new IllegalArgumentException("a port needs a face, and TLS to refuse everything else");
        }
    }

    private final Settings settings;
    private final Workers workers;
    private final DoorMetrics metrics;
    private final RequestIds requestIds;
    private final AnswerWriter writer;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final ConcurrentHashMap<InetAddress, Integer> perAddress = new ConcurrentHashMap<>();
    private final AtomicInteger connectionCount = new AtomicInteger();
    private final Channel server;
    private final Future<?> sweeper;
    private volatile boolean stopping;

    /// Binds `address` and serves from then on.
    ///
    /// @throws IOException when the address cannot be bound
    public FrontDoor(InetSocketAddress address, Settings settings, EventLoops loops, Workers workers) throws IOException {
        this.settings = settings;
        this.workers = workers;
        this.metrics = new DoorMetrics(settings.metrics(), settings.name());
        this.requestIds = new RequestIds(new SecureRandom());
        this.writer = new AnswerWriter(settings.clock(), requestIds.hostId());
        settings.metrics().gauge("cairn_http_heap_bytes", "Heap that large bodies and answers of all requests take",
                workers.heap()::taken, "port", settings.name());
        settings.metrics().gauge("cairn_http_connections", "Open connections", connectionCount::get, "port", settings.name());
        this.server = bind(address, loops);
        long sweep = settings.limits().sweep().toNanos();
        this.sweeper = loops.loops().next().scheduleAtFixedRate(this::sweep, sweep, sweep, TimeUnit.NANOSECONDS);
    }

    private Channel bind(InetSocketAddress address, EventLoops loops) throws IOException {
        var bound = new ServerBootstrap().group(loops.acceptor(), loops.loops()).channel(loops.serverChannel())
                .option(ChannelOption.SO_BACKLOG, 4096).option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.AUTO_READ, false).childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR,
                        new AdaptiveRecvByteBufAllocator(512, 4096, 64 << 10).maxMessagesPerRead(1))
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK,
                        new WriteBufferWaterMark(LOW_WATER_BYTES, 4 * LOW_WATER_BYTES))
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        admit(channel);
                    }
                }).bind(address).awaitUninterruptibly();
        if (bound.isSuccess())
            return bound.channel();
        throw bound.cause() instanceof IOException e ? e : new IOException("cannot bind " + address, bound.cause());
    }

    private void admit(Channel channel) {
        var address = channel.remoteAddress() instanceof InetSocketAddress inet
                ? inet.getAddress()
                : InetAddress.getLoopbackAddress();
        int all = connectionCount.incrementAndGet();
        int same = perAddress.merge(address, 1, Integer::sum);
        var _ = channel.closeFuture().addListener(future -> {
            connectionCount.decrementAndGet();
            perAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
        });
        if (stopping || all > settings.limits().connections() || same > settings.limits().connectionsPerAddress()) {
            metrics.refusedConnections.increment();
            var _ = channel.close();
            return;
        }
        var connection = new Connection(this, channel);
        var _ = channel.pipeline()
                .addLast(new TlsSniffer(connection, settings.limits(), settings.tls(), settings.tlsOnly()), connection);
    }

    private void sweep() {
        long now = Deadline.now();
        for (var connection : connections)
            if (connection.due(now))
                connection.execute(connection::timeOut, () -> {
                });
    }

    /// The address that was bound; tells the port when any was asked for.
    public InetSocketAddress address() {
        return (InetSocketAddress) server.localAddress();
    }

    public int connectionCount() {
        return connectionCount.get();
    }

    Limits limits() {
        return settings.limits();
    }

    Workers workers() {
        return workers;
    }

    DoorMetrics metrics() {
        return metrics;
    }

    RequestIds requestIds() {
        return requestIds;
    }

    AnswerWriter writer() {
        return writer;
    }

    @Nullable
    SigV4 verifier() {
        return settings.verifier();
    }

    boolean stopping() {
        return stopping;
    }

    Face defaultFace() {
        return settings.faces().getFirst();
    }

    /// Whom a request is meant for: the service in its signature's scope, else the one that `X-Amz-Target` names, else the default.
    Face face(@Nullable Claim claim, HttpHeaders headers) {
        if (claim != null) {
            for (var face : settings.faces())
                if (face.service().equals(claim.service()))
                    return face;
            throw new RefusedException(400, "AuthorizationHeaderMalformed",
                    "The authorization header is malformed; incorrect service \""
                            + claim.service() + "\". This endpoint belongs to \"" + defaultFace().service() + "\".");
        }
        var target = headers.get("x-amz-target");
        if (target != null)
            for (var face : settings.faces())
                if (target.regionMatches(true, 0, face.service(), 0, face.service().length()))
                    return face;
        return defaultFace();
    }

    void opened(Connection connection) {
        connections.add(connection);
    }

    void closed(Connection connection) {
        connections.remove(connection);
    }

    /// Takes no more connections and no more requests; waits at most `drain` for those that are being served.
    public void stop(Duration drain) {
        stopping = true;
        sweeper.cancel(false);
        server.close().awaitUninterruptibly(1000);
        for (var connection : connections)
            connection.execute(connection::stop, () -> {
            });
        long until = System.nanoTime() + drain.toNanos();
        try {
            while (!connections.isEmpty() && System.nanoTime() < until)
                Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (var connection : connections)
            connection.execute(connection::closeNow, () -> {
            });
    }

    @Override
    public void close() {
        stop(Duration.ZERO);
    }
}
