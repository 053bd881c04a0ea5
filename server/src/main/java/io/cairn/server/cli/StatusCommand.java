package io.cairn.server.cli;

import static io.cairn.server.cli.Rows.Column.text;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `cairn status`: whether a server runs and which of its faces answer. Exit status 1 when one does not.
///
/// Any answer of a face shows that it is there; the console's `/health/ready` says whether it is ready.
@Command(name = "status", mixinStandardHelpOptions = true, description = "Says whether the server runs and is ready.")
final class StatusCommand implements Callable<Integer> {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private final Invocation invocation;
    @Mixin
    private final ClientOptions client = new ClientOptions();

    StatusCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean json = client.json(invocation);
        var data = DataDirectory.of(client.config.settings(invocation));
        var aws = client.endpoint(invocation.environment(), data);
        var endpoints = new LinkedHashMap<String, URI>();
        endpoints.put("aws", aws);
        var known = data.endpoints();
        if (aws.equals(known.get("aws"))) // else another server than that of this directory is meant
            endpoints.putAll(known);
        boolean ready = true;
        try (var http = HttpClient.newBuilder().connectTimeout(TIMEOUT)
                .sslContext(TrustedAuthority.context(invocation.environment(), data)).build()) {
            var states = new LinkedHashMap<String, String>();
            for (var endpoint : endpoints.entrySet()) {
                var state = state(http, endpoint.getKey(), endpoint.getValue());
                if (endpoint.getKey().equals("aws") && state.equals("down"))
                    throw new CommandException("no server at " + aws + "; start one with: bin/cairn server");
                ready &= state.equals("ready") || state.equals("up");
                states.put(endpoint.getKey(), state);
            }
            try (var rows = new Rows(invocation, json, text("face", 10), text("state", 10), text("endpoint", 0))) {
                for (var state : states.entrySet())
                    rows.add(state.getKey(), state.getValue(), endpoints.get(state.getKey()));
            }
        }
        return ready ? 0 : 1;
    }

    private static String state(HttpClient http, String name, URI endpoint) throws InterruptedException {
        if (!"http".equals(endpoint.getScheme()) && !"https".equals(endpoint.getScheme()))
            return "unknown";
        boolean console = name.equals("console");
        var request = HttpRequest.newBuilder(endpoint.resolve(console ? "/health/ready" : "/")).timeout(TIMEOUT).build();
        try {
            int status = http.send(request, BodyHandlers.discarding()).statusCode();
            return !console ? "up" : status == 200 ? "ready" : "not ready";
        } catch (ConnectException | HttpConnectTimeoutException e) {
            return "down";
        } catch (IOException e) {
            return "broken";
        }
    }
}
