package io.cairn.server;

import io.cairn.server.FaceFactory.OpenFace;
import io.cairn.server.http.EventLoops;
import io.cairn.server.http.FrontDoor;
import io.cairn.server.http.Workers;
import io.cairn.server.iam.Credentials;
import io.cairn.server.iam.InvalidCredentialsException;
import io.cairn.server.metrics.JvmMetrics;
import io.cairn.server.metrics.Registry;
import io.cairn.server.ops.Health;
import io.cairn.server.ops.OperationsFace;
import io.cairn.server.sigv4.SigV4;
import io.cairn.server.tls.CertificateAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running server: a data directory, the faces over their engines, and the ports. Made by [#start], ended by [#close]; [#close] may
/// be called by any thread, more than once.
///
/// Stopping goes in one order: `/health/ready` says 503, no new connections, at most [#DRAIN] for requests that are being served, then
/// engines are closed, last one first, then the data directory is free.
public final class Server implements AutoCloseable {
    public static final int AWS_PORT = 4566;
    public static final int CONSOLE_PORT = 4567;
    public static final Duration DRAIN = Duration.ofSeconds(10);
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final ServerOptions options;
    private final InstantSource clock;
    private final Health health = new Health();
    private final Registry registry = new Registry();
    private final ArrayDeque<Step> toClose = new ArrayDeque<>();
    private final List<Endpoint> endpoints = new ArrayList<>();
    private final CompletableFuture<String> failed = new CompletableFuture<>();
    private boolean closed;

    private record Step(String name, AutoCloseable action) {}

    private Server(ServerOptions options, InstantSource clock) {
        this.options = options;
        this.clock = clock;
    }

    /// Starts a server with these faces; the first gets requests that name no service.
    ///
    /// @throws ServerStartException when it cannot start as asked; nothing is left running then
    public static Server start(ServerOptions options, List<? extends FaceFactory> faces, InstantSource clock)
            throws ServerStartException {
        var server = new Server(options, clock);
        try {
            server.open(faces);
            return server;
        } catch (InvalidCredentialsException e) {
            server.close();
            throw new ServerStartException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            server.close();
            throw ServerStartException.of(options.data(), e);
        } catch (RuntimeException | ServerStartException e) {
            server.close();
            throw e;
        }
    }

    private void open(List<? extends FaceFactory> factories) throws IOException, ServerStartException {
        var chosen = choose(factories);
        var data = DataDirectory.open(options.data());
        onClose("data directory", data);
        var credentials = Credentials.open(options.data(), options.usersFile(), options.environment(), new SecureRandom());
        JvmMetrics.register(registry);
        var host = ListenHost.of(options.host());
        var authority = new CertificateAuthority(options.data().resolve("keys"), clock);
        var tls = authority.serverContext(host.names());
        var faces = openFaces(chosen, new FaceFactory.Context(options.data(), credentials, registry, clock));
        var workers = new Workers(options.limits().workers(), options.limits().workerQueue());
        onClose("workers", workers);
        var loops = eventLoops("event loops");
        boolean tlsOnly = !options.insecureListen() && !isLoopback(options.host());
        var verifier = new SigV4(credentials, clock);
        // The console first, so that it is closed last and says 503 while the others drain.
        var console = new FrontDoor.Settings("console", List.of(new OperationsFace(health, registry)), null, tls, tlsOnly,
                options.limits(), registry, clock);
        listen("console", "console", CONSOLE_PORT, console, loops, workers);
        listen("aws", "AWS", AWS_PORT,
                new FrontDoor.Settings("aws", faces.stream().map(OpenFace::face).toList(), verifier, tls, tlsOnly,
                        options.limits(), registry, clock),
                loops, workers);
        var security = new FaceFactory.Security(authority.serverContext(host.names(), tlsOnly), tlsOnly);
        for (var face : faces)
            for (var port : face.ports())
                listen(port, security);
        data.writeEndpoints(endpoints);
        health.started();
    }

    private List<FaceFactory> choose(List<? extends FaceFactory> factories) throws ServerStartException {
        var known = new TreeSet<String>();
        var chosen = new ArrayList<FaceFactory>();
        for (var factory : factories) {
            known.add(factory.service());
            if (options.only().isEmpty() || options.only().contains(factory.service()))
                chosen.add(factory);
        }
        var unknown = new TreeSet<>(options.only());
        unknown.removeAll(known);
        if (!unknown.isEmpty() || chosen.isEmpty())
            throw new ServerStartException("--only names " + unknown + "; this server has " + known);
        return chosen;
    }

    private List<OpenFace> openFaces(List<FaceFactory> factories, FaceFactory.Context context) throws IOException {
        var faces = new ArrayList<OpenFace>();
        for (var factory : factories) {
            OpenFace opened = factory.open(context);
            onClose(factory.service(), opened.resources());
            health.add(factory.service(), opened.failed());
            health.watch(factory.service(), opened.trouble());
            var _ = opened.failed().thenAccept(
                    cause -> failed.complete("the store of " + factory.service() + " has failed: " + cause.getMessage()));
            faces.add(opened);
        }
        return faces;
    }

    private void listen(String name, String label, int defaultPort, FrontDoor.Settings settings, EventLoops loops,
            Workers workers)
            throws IOException, ServerStartException {
        var door = bind(label, defaultPort, address -> new FrontDoor(address, settings, loops, workers));
        onClose("port " + name, () -> door.stop(DRAIN));
        listening(new Endpoint(name, label, settings.tlsOnly() ? "https" : "http", ListenHost.of(options.host()).reached(),
                door.address().getPort()));
    }

    private EventLoops eventLoops(String name) {
        var loops = new EventLoops(Math.max(2, Runtime.getRuntime().availableProcessors()));
        onClose(name, loops);
        return loops;
    }

    private void listen(FaceFactory.Port port, FaceFactory.Security security) throws IOException, ServerStartException {
        var loops = eventLoops("event loops of port " + port.name());
        var open = bind(port.label(), port.number(), address -> port.listener().listen(address, loops, security));
        onClose("port " + port.name(), open);
        listening(new Endpoint(port.name(), port.label(), port.name() + (security.required() ? "s" : ""),
                ListenHost.of(options.host()).reached(),
                open.address().getPort()));
    }

    private void listening(Endpoint endpoint) {
        health.add("port " + endpoint.name(), new CompletableFuture<>());
        endpoints.addFirst(endpoint);
    }

    private interface Binding<T> { T bind(InetSocketAddress address) throws IOException; }

    private <T> T bind(String label, int defaultPort, Binding<T> binding) throws IOException, ServerStartException {
        int port = options.portOffset().isPresent() ? defaultPort + options.portOffset().getAsInt() : 0;
        try {
            return binding.bind(new InetSocketAddress(InetAddress.getByName(options.host()), port));
        } catch (IOException e) {
            if (isTaken(e))
                throw new ServerStartException("port " + port + " (" + label + ") is taken; use --port-offset 100", e);
            throw new ServerStartException(
                    "cannot listen on " + options.host() + " port " + port + " (" + label + "): " + e.getMessage(), e);
        }
    }

    /// The kernel says it in the text of the error alone.
    private static boolean isTaken(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause())
            if (cause.getMessage() != null && cause.getMessage().contains("already in use"))
                return true;
        return false;
    }

    private static boolean isLoopback(String host) throws IOException {
        return InetAddress.getByName(host).isLoopbackAddress();
    }

    private void onClose(String name, AutoCloseable action) {
        toClose.push(new Step(name, action));
    }

    /// Where this server is reached, with the ports that were chosen.
    public List<Endpoint> endpoints() {
        return List.copyOf(endpoints);
    }

    /// The endpoint of this name, or null.
    public @Nullable Endpoint endpoint(String name) {
        for (var endpoint : endpoints)
            if (endpoint.name().equals(name))
                return endpoint;
        return null;
    }

    public Registry metrics() {
        return registry;
    }

    /// Where the root key stands, unless it came from the environment.
    public Path rootKeyFile() {
        return options.data().resolve("root-key");
    }

    /// Certificate of the authority that clients over TLS need to trust.
    public Path authorityFile() {
        return options.data().resolve("keys").resolve("ca.pem");
    }

    /// Completes with what happened, in a line, when an engine has failed: nothing can be written any more, `/health/ready` says 503,
    /// and only a new start can help, so [#close] it soon. What is stored can be read until then. Never completes otherwise.
    public CompletableFuture<String> failed() {
        return failed;
    }

    /// Stops in order; see the class. Blocks until all is done.
    @Override
    public synchronized void close() {
        if (closed)
            return;
        closed = true;
        health.stopping();
        while (!toClose.isEmpty()) {
            var step = toClose.pop();
            try {
                step.action.close();
            } catch (Exception e) {
                LOG.error("stopping: {} did not close", step.name, e);
            }
        }
    }
}
