package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A program that somebody else wrote, with the server's keys in its environment and none of the user's configuration.
final class StockClient {
    private static final int LIMIT_SECONDS = 240;
    private static final int LONG_LIMIT_SECONDS = 1200;
    private static final int MAX_SHOWN = 20_000;

    /// @param status exit status
    /// @param output of both streams
    record Result(int status, String output) {}

    private final RunningServer server;
    private final Path directory;
    private final List<String> command;
    private final URI endpoint;
    private final int limitSeconds;

    private StockClient(RunningServer server, Path directory, List<String> command, URI endpoint, int limitSeconds) {
        this.server = server;
        this.directory = directory;
        this.command = command;
        this.endpoint = endpoint;
        this.limitSeconds = limitSeconds;
    }

    /// @param directory to run in; also its home
    /// @param command begins each call
    StockClient(RunningServer server, Path directory, String... command) {
        this(server, directory, List.of(command), server.endpoint(), LIMIT_SECONDS);
    }

    /// The same client over TLS.
    StockClient secure() {
        return new StockClient(server, directory, command, server.secureEndpoint(), limitSeconds);
    }

    /// The same client with time for a large tree.
    StockClient patient() {
        return new StockClient(server, directory, command, endpoint, LONG_LIMIT_SECONDS);
    }

    /// Skips the test, or fails it where `CAIRN_REQUIRE_CLIENTS=1`, if the probe does not end with 0.
    ///
    /// @param name for people: `boto3`
    static void need(String name, String... probe) throws InterruptedException {
        if (answers(probe))
            return;
        var message = "not run: needs " + name;
        System.out.println(message);
        if ("1".equals(System.getenv("CAIRN_REQUIRE_CLIENTS")))
            fail(message);
        Assumptions.abort(message);
    }

    private static boolean answers(String... probe) throws InterruptedException {
        try {
            var process = new ProcessBuilder(probe).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor(60, TimeUnit.SECONDS))
                return process.exitValue() == 0;
            process.destroyForcibly();
            return false;
        } catch (IOException e) {
            return false; // no such program
        }
    }

    /// Runs it and expects exit status 0; returns its output.
    String run(String... arguments) throws IOException, InterruptedException {
        var result = attempt(arguments);
        assertEquals(0, result.status(),
                () -> String.join(" ", command) + " " + String.join(" ", arguments) + ":\n" + result.output());
        return result.output();
    }

    Result attempt(String... arguments) throws IOException, InterruptedException {
        var all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        var out = Files.createTempFile(directory, "client-", ".out");
        var builder = new ProcessBuilder(all).directory(directory.toFile()).redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().keySet()
                .removeIf(name -> name.startsWith("AWS_") || name.startsWith("RCLONE_") || name.startsWith("PYTHON"));
        builder.environment().putAll(environment());
        if (endpoint.getScheme().equals("https")) // rclone 1.60 ends when it sees this one
            builder.environment().put("AWS_CA_BUNDLE", server.authorityFile().toString());
        var process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            fail(all + " did not end within " + limitSeconds + " s:\n" + shown(out));
        }
        var result = new Result(process.exitValue(), shown(out));
        Files.delete(out);
        return result;
    }

    private Map<String, String> environment() {
        return Map.ofEntries(Map.entry("HOME", directory.toString()), Map.entry("AWS_ACCESS_KEY_ID", server.accessKey()),
                Map.entry("AWS_SECRET_ACCESS_KEY", server.secretKey()), Map.entry("AWS_DEFAULT_REGION", "us-east-1"),
                Map.entry("AWS_REGION", "us-east-1"), Map.entry("AWS_EC2_METADATA_DISABLED", "true"),
                Map.entry("AWS_ENDPOINT_URL", endpoint.toString()),
                Map.entry("NODE_EXTRA_CA_CERTS", server.authorityFile().toString()), Map.entry("RCLONE_CONFIG", "/dev/null"),
                Map.entry("RCLONE_CONFIG_CAIRN_TYPE", "s3"),
                Map.entry("RCLONE_CONFIG_CAIRN_PROVIDER", "Other"), Map.entry("RCLONE_CONFIG_CAIRN_ENV_AUTH", "true"),
                Map.entry("RCLONE_CONFIG_CAIRN_REGION", "us-east-1"),
                Map.entry("RCLONE_CONFIG_CAIRN_ENDPOINT", endpoint.toString()),
                Map.entry("RCLONE_CA_CERT", server.authorityFile().toString()), Map.entry("LC_ALL", "C.UTF-8"),
                Map.entry("NODE_NO_WARNINGS", "1"));
    }

    private static String shown(Path out) throws IOException {
        var text = Files.readString(out);
        return text.length() <= MAX_SHOWN
                ? text
                : text.substring(0, MAX_SHOWN) + "\n... (" + text.length() + " characters in all)";
    }
}
