package io.cairn.server.ops;

import com.fasterxml.jackson.core.JsonFactory;
import io.cairn.server.http.Answer;
import io.cairn.server.http.Exchange;
import io.cairn.server.http.Face;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.RefusedException;
import io.cairn.server.http.Request;
import io.cairn.server.metrics.Registry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// `/health/live`: 200 while the process answers. `/health/ready`: 200 or 503, with the state of each component
/// and, of one that failed, the reason; `troubles` names what needs an operator while the server serves on. `/metrics`: Prometheus
/// text. Everything else is 404. Nothing here is secret, so nothing is signed.
public final class OperationsFace implements Face {
    private static final String JSON = "application/json";
    private final JsonFactory json = new JsonFactory();
    private final Health health;
    private final Registry registry;

    public OperationsFace(Health health, Registry registry) {
        this.health = health;
        this.registry = registry;
    }

    @Override
    public String service() {
        return "console";
    }

    @Override
    public void serve(Exchange exchange) {
        var request = exchange.request();
        if (!request.method().equals("GET") && !request.method().equals("HEAD"))
            throw new RefusedException(405, "MethodNotAllowed", request.method() + " is not served here; use GET");
        exchange.answer(switch (request.rawPath()) {
            case "/health/live" -> Answer.of(200, JSON, object(Map.of("state", "live")));
            case "/health/ready" -> ready();
            case "/metrics" -> Answer.of(200, "text/plain; version=0.0.4; charset=utf-8",
                    registry.prometheusText().getBytes(StandardCharsets.UTF_8));
            default -> throw new RefusedException(404, "NotFound",
                    request.rawPath() + " is not served here; try /health/live, /health/ready or /metrics");
        });
    }

    private Answer ready() {
        var report = health.report();
        var out = new ByteArrayOutputStream();
        try (var generator = json.createGenerator(out)) {
            generator.writeStartObject();
            generator.writeStringField("state", report.state());
            generator.writeObjectFieldStart("components");
            for (var component : report.failures().entrySet())
                generator.writeStringField(component.getKey(), component.getValue().map(why -> "failed: " + why).orElse("ready"));
            generator.writeEndObject();
            if (!report.troubles().isEmpty()) {
                generator.writeObjectFieldStart("troubles");
                for (var trouble : report.troubles().entrySet())
                    generator.writeStringField(trouble.getKey(), trouble.getValue());
                generator.writeEndObject();
            }
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
        return Answer.of(report.ready() ? 200 : 503, JSON, out.toByteArray());
    }

    @Override
    public Answer refusal(Request request, String requestId, Refusal refusal) {
        return Answer.of(refusal.status(), JSON, object(Map.of("code", refusal.code(), "message", refusal.message())));
    }

    private byte[] object(Map<String, String> fields) {
        var out = new ByteArrayOutputStream();
        try (var generator = json.createGenerator(out)) {
            generator.writeStartObject();
            for (var field : fields.entrySet())
                generator.writeStringField(field.getKey(), field.getValue());
            generator.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
        return out.toByteArray();
    }
}
