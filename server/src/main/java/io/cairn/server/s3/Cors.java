package io.cairn.server.s3;

import io.cairn.server.http.Answer;
import io.cairn.server.http.Exchange;
import io.cairn.server.http.RefusedException;
import io.cairn.server.http.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// CORS: the configuration of a bucket, preflight requests, and what answers to requests from other origins carry (Fetch standard,
/// "CORS protocol"; Amazon S3 user guide, "Using cross-origin resource sharing").
final class Cors {
    private static final String REQUEST_METHOD = "Access-Control-Request-Method";
    private static final String REQUEST_HEADERS = "Access-Control-Request-Headers";

    static void get(S3Call call) {
        BucketDocuments.get(call, BucketDocuments.CORS, new RefusedException(404, "NoSuchCORSConfiguration",
                "The CORS configuration does not exist"));
    }

    static void put(S3Call call, CorsConfigurations known) {
        var bucket = call.bucket();
        DocumentReceiver.receive(call, Digests.of(call.headers()), document -> {
            bucket.setSetting(BucketDocuments.CORS, CorsRules.read(document).document());
            known.changed(bucket.info().name());
            call.answer(Answer.of(200));
        });
    }

    static void delete(S3Call call, CorsConfigurations known) {
        var bucket = call.bucket();
        call.onWorker(() -> {
            bucket.setSetting(BucketDocuments.CORS, null);
            known.changed(bucket.info().name());
            return Answer.of(204);
        });
    }

    /// Answers an `OPTIONS` request. It is never signed, so anybody may ask; it tells whether a rule fits and nothing else.
    static void preflight(Exchange exchange, CorsConfigurations known, Address address) {
        var request = exchange.request();
        var origin = request.headers().get("Origin");
        var method = request.headers().get(REQUEST_METHOD);
        if (origin == null)
            throw new RefusedException(400, "BadRequest", "Insufficient information. Origin request header needed.");
        if (method == null)
            throw new RefusedException(400, "BadRequest", "Invalid Access-Control-Request-Method: null");
        exchange.worker().execute(() -> {
            try {
                var rules = known.rules(address.bucket());
                if (rules == null)
                    throw forbidden("CORSResponse: CORS is not enabled for this bucket.");
                var rule = rules.first(origin, method, asked(request));
                if (rule == null)
                    throw forbidden(
                            "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin,"
                                    + " request method / Access-Control-Request-Method or Access-Control-Request-Headers are not"
                                    + " whitelisted by the resource's CORS spec.");
                var answer = Answer.of(200);
                rule.tell(origin, answer.headers());
                var headers = request.headers().get(REQUEST_HEADERS);
                if (headers != null)
                    answer.header("Access-Control-Allow-Headers", String.join(", ", asked(request)));
                exchange.answer(answer);
            } catch (RuntimeException | Error e) {
                exchange.fail(Refusals.translated(e, address));
            }
        });
    }

    private static RefusedException forbidden(String message) {
        return new RefusedException(403, "AccessForbidden", message);
    }

    private static List<String> asked(Request request) {
        var names = new ArrayList<String>();
        for (var header : request.headers().getAll(REQUEST_HEADERS))
            for (var name : header.split(","))
                if (!name.isBlank())
                    names.add(name.strip().toLowerCase(Locale.ROOT));
        return names;
    }

    /// The rule that fits a request from another origin, or null.
    static CorsRules.@Nullable Rule rule(Request request, @Nullable CorsRules rules) {
        var origin = request.headers().get("Origin");
        return origin == null || rules == null ? null : rules.first(origin, request.method(), List.of());
    }

    private Cors() {}
}
