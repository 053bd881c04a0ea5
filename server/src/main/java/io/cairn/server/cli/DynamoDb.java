package io.cairn.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// As much of a DynamoDB client as the command line needs: JSON 1.0 over the JDK's HTTP client. Any thread.
///
/// A request that the server was too busy for (503), or failed (500), is repeated up to [ServerConnection#RETRIES] times; when the connection broke, only one that
/// may be done twice.
final class DynamoDb implements AutoCloseable {
    private static final String TABLES = "DynamoDB_20120810.";
    private static final String STREAMS = "DynamoDBStreams_20120810.";
    private final RequestSigner signer;
    private final ServerConnection server;

    DynamoDb(URI endpoint, Credentials credentials, String region, SSLContext trust) {
        this.signer = new RequestSigner(credentials, region, "dynamodb");
        this.server = new ServerConnection(endpoint, "DynamoDB", trust);
    }

    /// Calls an operation that may be done twice. [DynamoDbException] when it is refused.
    Map<String, @Nullable Object> call(String operation, Map<String, @Nullable Object> request) {
        return send(TABLES + operation, request, true);
    }

    /// Calls an operation that may not: of one whose connection broke nobody knows whether it was carried out.
    Map<String, @Nullable Object> callOnce(String operation, Map<String, @Nullable Object> request) {
        return send(TABLES + operation, request, false);
    }

    Map<String, @Nullable Object> callStreams(String operation, Map<String, @Nullable Object> request) {
        return send(STREAMS + operation, request, true);
    }

    private Map<String, @Nullable Object> send(String target, Map<String, @Nullable Object> request, boolean twice) {
        var body = Json.text(request).getBytes(UTF_8);
        for (int attempt = 0;; attempt++) {
            boolean last = attempt == ServerConnection.RETRIES;
            try {
                var answer = server.send(request(target, body));
                if (answer.statusCode() == 200)
                    return tree(answer);
                if (last || answer.statusCode() != 500 && answer.statusCode() != 503)
                    throw refusal(answer);
            } catch (IOException e) {
                if (last || !twice)
                    throw server.gone(e);
            }
            ServerConnection.pause(attempt);
        }
    }

    private HttpRequest request(String target, byte[] body) {
        var headers = signer.sign("POST", server.host(), "/", new TreeMap<>(),
                Map.of("x-amz-target", target, "content-type", "application/x-amz-json-1.0"), RequestSigner.sha256(body),
                Instant.now());
        var request = HttpRequest.newBuilder(URI.create(server.endpoint() + "/")).timeout(ServerConnection.ANSWER_TIMEOUT)
                .POST(BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return request.build();
    }

    private Map<String, @Nullable Object> tree(HttpResponse<InputStream> answer) {
        try {
            return Json.map(Json.read(server.content(answer)));
        } catch (IOException e) {
            throw server.strange("answered " + answer.statusCode() + " and not in JSON").because(e);
        }
    }

    /// `__type` is `com.amazonaws.dynamodb.v20120810#ResourceNotFoundException`.
    private DynamoDbException refusal(HttpResponse<InputStream> answer) {
        var tree = tree(answer);
        var type = Json.text(tree, "__type");
        var message = Json.text(tree, "message");
        if (type.isEmpty())
            throw server.strange("answered " + answer.statusCode() + " without an error's type");
        return new DynamoDbException(type.substring(type.indexOf('#') + 1),
                message.isEmpty() ? Json.text(tree, "Message") : message);
    }

    @Override
    public void close() {
        server.close();
    }
}
