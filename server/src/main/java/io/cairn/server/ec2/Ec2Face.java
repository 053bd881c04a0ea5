package io.cairn.server.ec2;

import io.cairn.block.BlockRefusedException;
import io.cairn.block.BlockStore;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.VolumeLimits;
import io.cairn.server.http.Answer;
import io.cairn.server.http.Exchange;
import io.cairn.server.http.Face;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Request;
import io.cairn.server.xml.XmlWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// Amazon EC2's Query protocol: `POST /` with a form that names an `Action`, or with that in the query string, as `GET /` has it; answers and errors are
/// XML. What this server does not serve of EC2 is refused as an invalid action. Everything runs on the worker pool, since it waits for the disk.
public final class Ec2Face implements Face {
    private static final String NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/";
    private static final int MAX_BODY_BYTES = 1 << 20;
    private final BlockStore store;
    private final Ec2Settings settings;

    public Ec2Face(BlockStore store, Ec2Settings settings) {
        this.store = store;
        this.settings = settings;
    }

    @Override
    public String service() {
        return "ec2";
    }

    @Override
    public Answer refusal(Request request, String requestId, Refusal refusal) {
        return error(refusal.status(), refusal.code(), refusal.message(), requestId);
    }

    private static Answer error(int status, String code, String message, String requestId) {
        var xml = new XmlWriter().open("Response").open("Errors").open("Error").element("Code", code).element("Message", message)
                .close("Error").close("Errors").element("RequestID", requestId).close("Response");
        return Answer.of(status, "text/xml;charset=UTF-8", xml.bytes());
    }

    @Override
    public void serve(Exchange exchange) {
        if (exchange.principal().anonymous()) {
            exchange.answer(
                    error(400, "MissingAuthenticationToken", "Request is missing Authentication Token", exchange.requestId()));
            return;
        }
        var request = exchange.request();
        if (!request.method().equals("POST") && !request.method().equals("GET")) {
            exchange.answer(
                    error(400, "InvalidRequest", "The method " + request.method() + " is not supported", exchange.requestId()));
            return;
        }
        var _ = exchange.body(MAX_BODY_BYTES).whenComplete((body, failure) -> {
            if (failure != null)
                exchange.fail(failure);
            else
                exchange.worker().execute(() -> serve(exchange, new String(body, StandardCharsets.UTF_8)));
        });
    }

    private void serve(Exchange exchange, String body) {
        try {
            var request = exchange.request();
            var form = Form.parse(request.rawQuery(), request.method().equals("GET") ? "" : body);
            var action = form.text("Action");
            if (action == null)
                throw Ec2RefusedException.of("MissingAction", "The request must contain an action.");
            var handler = handler(action);
            var xml = new XmlWriter().openRoot(action + "Response", NAMESPACE).element("requestId", exchange.requestId());
            handler.accept(new Call(action, form, store, settings, xml));
            exchange.answer(Answer.of(200, "text/xml;charset=UTF-8", xml.close(action + "Response").bytes()));
        } catch (Ec2RefusedException e) {
            exchange.answer(error(e.status(), e.code(), String.valueOf(e.getMessage()), exchange.requestId()));
        } catch (BlockRefusedException e) {
            var code = switch (e.reason()) {
                case INVALID -> "InvalidParameterValue";
                case UNSUPPORTED -> "UnsupportedOperation";
                case OVERLOADED -> "RequestLimitExceeded";
                case KEY_UNAVAILABLE -> "InvalidKMSKey.InvalidState";
                case NOT_FOUND -> "InvalidVolume.NotFound"; // deleted just now
            };
            exchange.answer(error(400, code, String.valueOf(e.getMessage()), exchange.requestId()));
        } catch (RuntimeException | Error e) {
            exchange.fail(e);
        }
    }

    /// What EBS has published for a volume that this face made: of its type and size, with the operations and bytes a second that were asked for.
    public static VolumeLimits publishedLimits(VolumeDefinition definition) {
        return Volumes.limits(definition);
    }

    private static Consumer<Call> handler(String action) {
        return switch (action) {
            case "CreateVolume" -> Volumes::create;
            case "DeleteVolume" -> Volumes::delete;
            case "DescribeVolumes" -> Volumes::describe;
            case "ModifyVolume" -> Volumes::modify;
            case "CreateSnapshot" -> Snapshots::create;
            case "DeleteSnapshot" -> Snapshots::delete;
            case "DescribeSnapshots" -> Snapshots::describe;
            case "CreateTags" -> Tags::create;
            default ->
                throw Ec2RefusedException.of("InvalidAction", "The action " + action + " is not valid for this web service.");
        };
    }
}
