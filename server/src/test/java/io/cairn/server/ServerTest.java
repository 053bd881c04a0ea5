package io.cairn.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cairn.server.http.Answer;
import io.cairn.server.http.Exchange;
import io.cairn.server.http.Face;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Request;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A whole server, from its options to its end.
class ServerTest {
    @TempDir
    Path data;
    private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
    private final AtomicBoolean engineClosed = new AtomicBoolean();
    private final CountDownLatch slowBegun = new CountDownLatch(1);
    private final CountDownLatch slowMayEnd = new CountDownLatch(1);
    private final HttpClient client = HttpClient.newHttpClient();
    /// Of the face, beside its HTTP.
    private List<FaceFactory.Port> ports = List.of();

    private final class TestFace implements Face {
        @Override
        public String service() {
            return "s3";
        }

        @Override
        public void serve(Exchange exchange) {
            if (!exchange.request().rawPath().equals("/slow")) {
                exchange.answer(Answer.of(200, "text/plain", "here".getBytes(StandardCharsets.US_ASCII)));
                return;
            }
            exchange.worker().execute(() -> {
                slowBegun.countDown();
                try {
                    slowMayEnd.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                exchange.answer(Answer.of(200, "text/plain",
                        (engineClosed.get() ? "too late" : "slow").getBytes(StandardCharsets.US_ASCII)));
            });
        }

        @Override
        public Answer refusal(Request request, String requestId, Refusal refusal) {
            return Answer.of(refusal.status());
        }
    }

    private final class TestFactory implements FaceFactory {
        @Override
        public String service() {
            return "s3";
        }

        @Override
        public OpenFace open(Context context) {
            assertNotNull(context.credentials().find(context.credentials().rootAccessKey()));
            return new OpenFace(new TestFace(), failed, () -> engineClosed.set(true), Optional::empty, ports);
        }
    }

    private ServerOptions options() {
        return ServerOptions.at(data).withPortOffset(OptionalInt.empty()).withEnvironment(Map.of());
    }

    private Server start(ServerOptions options) throws ServerStartException {
        return Server.start(options, List.of(new TestFactory()), InstantSource.system());
    }

    private static String url(Server server, String endpoint) {
        var found = server.endpoint(endpoint);
        assertNotNull(found);
        return found.url();
    }

    private HttpResponse<String> get(String url) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    @Timeout(60)
    void aPortThatKeepsItsLoopsKeepsNobodyElsesClientsWaiting() throws Exception {
        var may = new CountDownLatch(1);
        var kept = new CountDownLatch(2);
        FaceFactory.Listener keeping = (_, loops, _) -> {
            for (var loop : loops.loops())
                loop.execute(() -> {
                    kept.countDown();
                    try {
                        may.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            return new NoPort();
        };
        ports = List.of(new FaceFactory.Port("other", "Other", 1, keeping));
        try (var server = start(options())) {
            kept.await();
            for (int i = 0; i < 8; i++) // each a connection of its own
                try (var one = HttpClient.newHttpClient()) {
                    var health = HttpRequest.newBuilder(URI.create(url(server, "console") + "/health/live"))
                            .timeout(Duration.ofSeconds(5)).build();
                    assertEquals(200, one.send(health, HttpResponse.BodyHandlers.discarding()).statusCode());
                }
            may.countDown();
        } finally {
            may.countDown();
        }
    }

    private record NoPort() implements FaceFactory.Listening {
        @Override
        public InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
        }

        @Override
        public void close() {}
    }

    @Test
    void servesAndTellsHowItIs() throws Exception {
        try (var server = start(options())) {
            assertEquals("here", get(url(server, "aws") + "/x").body());
            var console = url(server, "console");
            assertEquals(200, get(console + "/health/live").statusCode());
            var report = get(console + "/health/ready");
            assertEquals(200, report.statusCode());
            assertEquals(
                    "{\"state\":\"ready\",\"components\":{\"s3\":\"ready\",\"port console\":\"ready\",\"port aws\":\"ready\"}}",
                    report.body());
            assertFalse(server.failed().isDone());
            failed.complete(new IOException("the disk is gone"));
            assertEquals("the store of s3 has failed: the disk is gone", server.failed().get());
            var broken = get(console + "/health/ready");
            assertEquals(503, broken.statusCode());
            assertEquals(
                    "{\"state\":\"not ready\",\"components\":{\"s3\":\"failed: the disk is gone\",\"port console\":\"ready\","
                            + "\"port aws\":\"ready\"}}",
                    broken.body());
            assertEquals(200, get(console + "/health/live").statusCode());
            assertEquals("here", get(url(server, "aws") + "/x").body());
            var counted = "cairn_http_requests_total{face=\"s3\",class=\"read\",status=\"200\"} 2\n";
            var metrics = get(console + "/metrics");
            // A request is counted when its answer has gone to the socket: its client may have read it a moment before.
            for (long end = System.nanoTime() + 10_000_000_000L; !metrics.body().contains(counted) && System.nanoTime() < end;)
                metrics = get(console + "/metrics");
            assertTrue(metrics.body().contains(counted), metrics.body());
            assertTrue(metrics.body().contains("jvm_memory_used_bytes"), metrics.body());
            assertEquals(404, get(console + "/nothing").statusCode());
        }
    }

    @Test
    void writesWhereItIsReached() throws Exception {
        try (var server = start(options())) {
            var text = Files.readString(data.resolve("endpoints.json"));
            for (var endpoint : server.endpoints())
                assertTrue(text.contains("\"url\" : \"" + endpoint.url() + "\""), text);
            assertEquals(List.of("aws", "console"), server.endpoints().stream().map(Endpoint::name).toList());
            assertTrue(Files.exists(server.rootKeyFile()));
            assertTrue(Files.exists(server.authorityFile()));
        }
        assertFalse(Files.exists(data.resolve("endpoints.json")));
        assertTrue(engineClosed.get());
    }

    @Test
    void stopsInOrder() throws Exception {
        var server = start(options());
        var aws = url(server, "aws");
        var console = url(server, "console");
        var slow = client.sendAsync(HttpRequest.newBuilder(URI.create(aws + "/slow")).build(),
                HttpResponse.BodyHandlers.ofString());
        slowBegun.await();
        var stopper = Thread.ofPlatform().start(server::close);
        while (get(console + "/health/ready").statusCode() != 503)
            Thread.sleep(5);
        assertTrue(get(console + "/health/ready").body().contains("stopping"));
        for (boolean refused = false; !refused;) {
            try {
                get(aws + "/x");
                Thread.sleep(5);
            } catch (IOException e) {
                refused = true;
            }
        }
        assertFalse(engineClosed.get(), "the engine stays while a request is served");
        slowMayEnd.countDown();
        assertEquals("slow", slow.get().body());
        stopper.join();
        assertTrue(engineClosed.get());
        assertThrows(ConnectException.class, () -> get(console + "/health/live"));
    }

    /// A port in use whose next one, where the console would be, is free.
    private static ServerSocket takenWithFreeNeighbour() throws IOException {
        while (true) {
            var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            try (var next = new ServerSocket(taken.getLocalPort() + 1, 1, InetAddress.getLoopbackAddress())) {
                assertTrue(next.isBound());
                return taken;
            } catch (IOException e) {
                taken.close();
            }
        }
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (var taken = takenWithFreeNeighbour()) {
            int offset = taken.getLocalPort() - Server.AWS_PORT;
            assumeTrue(offset >= 0 && offset <= 50_000, "not run: the kernel gave a port out of range");
            var refused = assertThrows(ServerStartException.class, () -> start(options().withPortOffset(OptionalInt.of(offset))));
            assertEquals("port " + taken.getLocalPort() + " (AWS) is taken; use --port-offset 100", refused.getMessage());
            assertEquals(2, refused.exitCode());
            assertTrue(engineClosed.get(), "nothing is left open");
        }
        start(options()).close();
    }

    @Test
    void aDirectoryServesOneServer() throws Exception {
        try (var server = start(options())) {
            var refused = assertThrows(ServerStartException.class, () -> start(options()));
            assertTrue(String.valueOf(refused.getMessage()).contains("is in use by process " + ProcessHandle.current().pid()),
                    refused.getMessage());
            assertEquals("here", get(url(server, "aws") + "/x").body());
        }
    }

    @Test
    void anotherFormatIsRefused() throws Exception {
        start(options()).close();
        Files.writeString(data.resolve("FORMAT"), "cairn-server 2\n");
        var refused = assertThrows(ServerStartException.class, () -> start(options()));
        assertTrue(String.valueOf(refused.getMessage()).contains("`cairn-server 2`"), refused.getMessage());
        assertEquals("cairn-server 2\n", Files.readString(data.resolve("FORMAT")));
    }

    @Test
    void aDirectoryThatLostItsFormatIsLeftAsItIs() throws Exception {
        start(options()).close();
        Files.delete(data.resolve("FORMAT"));
        assertRefusedUntouched("no FORMAT");
    }

    @Test
    void aDirectoryOfSomebodyElseIsLeftAsItIs() throws Exception {
        Files.writeString(data.resolve("thesis.txt"), "all of it");
        assertRefusedUntouched("`thesis.txt`");
    }

    private void assertRefusedUntouched(String why) throws Exception {
        var before = entries();
        var refused = assertThrows(ServerStartException.class, () -> start(options()));
        var message = String.valueOf(refused.getMessage());
        assertTrue(message.startsWith(data + " holds ") && message.contains(why) && message.endsWith("nothing was changed"),
                message);
        assertEquals(2, refused.exitCode());
        assertEquals(before, entries());
    }

    private Set<Path> entries() throws IOException {
        try (var entries = Files.list(data)) {
            return entries.collect(Collectors.toSet());
        }
    }

    /// The root of a file system, and what a first start leaves that was cut off before it wrote its format.
    @Test
    void aDirectoryThatIsAsGoodAsEmptyIsTaken() throws Exception {
        Files.createDirectory(data.resolve("lost+found"));
        Files.writeString(data.resolve("LOCK"), "1\n");
        Files.writeString(data.resolve("FORMAT.new"), "cairn");
        start(options()).close();
        assertEquals("cairn-server 1\n", Files.readString(data.resolve("FORMAT")));
    }

    @Test
    void whatTheDiskRefusesIsSaidInTheKernelsWords() {
        var below = data.resolve("below").toString();
        for (var refusal : Map.of("permission denied", new AccessDeniedException(below), "no such file",
                new NoSuchFileException(below), "Read-only file system",
                new FileSystemException(below, null, "Read-only file system"))
                .entrySet()) {
            var refused = ServerStartException.of(data, refusal.getValue());
            assertEquals("data directory " + data + " cannot be used: " + below + ": " + refusal.getKey()
                    + "; make it usable for the user " + System.getProperty("user.name") + ", or name another with --data",
                    refused.getMessage());
        }
    }

    @Test
    void anUnknownServiceIsRefused() {
        var refused = assertThrows(ServerStartException.class, () -> start(options().withOnly(Set.of("s3", "sqs"))));
        assertEquals("--only names [sqs]; this server has [s3]", refused.getMessage());
    }

    @Test
    void aBadUsersFileStopsTheStart() throws Exception {
        start(options()).close();
        var users = Files.writeString(data.resolve("users"), "# none\nbroken\n");
        var refused = assertThrows(ServerStartException.class, () -> start(options().withUsersFile(users)));
        assertTrue(String.valueOf(refused.getMessage()).contains("line 2"), refused.getMessage());
    }

    @Test
    void offLoopbackOnlyTlsIsTaken() throws Exception {
        try (var server = start(options().withHost("0.0.0.0", false))) {
            var aws = server.endpoint("aws");
            assertNotNull(aws);
            assertEquals("https", aws.scheme());
            assertTrue(aws.url().startsWith("https://"));
            assertFalse(aws.host().equals("0.0.0.0"), "no client can ask for it");
            assertTrue(Files.readString(data.resolve("endpoints.json")).contains("\"host\" : \"" + aws.host() + "\""));
            assertEquals(400, get("http://127.0.0.1:" + aws.port() + "/x").statusCode());
        }
        try (var server = start(options().withHost("0.0.0.0", true))) {
            var aws = server.endpoint("aws");
            assertNotNull(aws);
            assertEquals("here", get("http://127.0.0.1:" + aws.port() + "/x").body());
        }
    }
}
