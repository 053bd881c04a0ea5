package io.cairn.server.dynamodb.difference;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/// The peer, as a process of its own, in memory.
record DynamoDbLocal(Process process, Endpoint endpoint) implements AutoCloseable {
    private static final int START_SECONDS = 60;

    /// Skips the test, or fails it where `CAIRN_REQUIRE_CLIENTS=1`, if `bench/peers/fetch-dynamodb-local` has not been run.
    static DynamoDbLocal start(Path log) throws IOException, InterruptedException {
        var peers = peers();
        var folder = peers == null ? null : peers.resolve("target/dynamodb-local");
        if (peers == null || folder == null || !Files.exists(folder.resolve("version"))) {
            var message = "not run: needs bench/peers/fetch-dynamodb-local";
            System.out.println(message);
            if ("1".equals(System.getenv("CAIRN_REQUIRE_CLIENTS")))
                fail(message);
            Assumptions.abort(message);
            throw new AssertionError();
        }
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var command = new ProcessBuilder(peers.resolve("run-dynamodb-local").toString(), folder.toString(),
                Integer.toString(port)).redirectErrorStream(true).redirectOutput(log.toFile());
        command.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var local = new DynamoDbLocal(command.start(), new Endpoint(URI.create("http://127.0.0.1:" + port), "us-east-1"));
        Runtime.getRuntime().addShutdownHook(new Thread(local.process::destroy));
        local.await(log);
        return local;
    }

    /// From the module's folder or the project's.
    private static @Nullable Path peers() {
        for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent())
            if (Files.isExecutable(at.resolve("bench/peers/run-dynamodb-local")))
                return at.resolve("bench/peers");
        return null;
    }

    private void await(Path log) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            try {
                if (endpoint.send("ListTables", "{}").isOk())
                    return;
            } catch (IOException e) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    close();
                    throw new IOException("DynamoDB Local does not answer:\n" + Files.readString(log), e);
                }
                Thread.sleep(100);
            }
        }
    }

    /// One with tables of its own.
    Endpoint endpoint(String region) {
        return new Endpoint(endpoint.uri(), region);
    }

    @Override
    public void close() {
        process.destroy();
    }
}
