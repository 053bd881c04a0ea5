package io.cairn.server.dynamodb.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Reason;
import io.cairn.server.http.Answer;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Request;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Answers to requests that are not carried out: `{"__type":"...","message":"..."}`.
public final class Errors {
    private static final byte[] NO_SUCH_PAGE = "<UnknownOperationException/>\n".getBytes(US_ASCII);

    private Errors() {}

    /// @param text null when the service says nothing there
    public static Answer answer(ErrorType type, @Nullable String text, String requestId) {
        return answer(type, type.status(), text, requestId);
    }

    private static Answer answer(ErrorType type, int status, @Nullable String text, String requestId) {
        var body = JsonWriter.start().beginObject().name("__type").string(type.type());
        if (text != null)
            body.name(type.messageMember()).string(text);
        return JsonAnswer.of(status, body.endObject(), requestId, false);
    }

    public static Answer answer(RequestRefusedException refused, String requestId) {
        return answer(refused.type(), refused.text(), requestId);
    }

    /// To what is no request of the protocol at all: another method, or a body that is not said to be JSON. In XML, as the service has it.
    public static Answer noSuchPage(String requestId) {
        return Answer.of(404, "text/xml", NO_SUCH_PAGE.clone()).header("x-amzn-RequestId", requestId).header("x-amz-crc32",
                JsonAnswer.crc32(NO_SUCH_PAGE));
    }

    /// What the store refused.
    ///
    /// @param tellsItem whether request n of a transaction, or the only one (0), asked for the item that failed its condition
    ///   (`ReturnValuesOnConditionCheckFailure`)
    public static Answer answer(KvRefusedException refused, IntPredicate tellsItem, String requestId) {
        var type = type(refused.reason());
        var body = JsonWriter.start().beginObject().name("__type").string(type.type());
        if (type == ErrorType.TRANSACTION_CANCELED)
            cancellations(refused, tellsItem, body);
        body.name(type.messageMember()).string(String.valueOf(refused.getMessage()));
        var item = refused.item();
        if (item != null && tellsItem.test(0))
            body.name("Item").item(item);
        return JsonAnswer.of(type.status(), body.endObject(), requestId, false);
    }

    private static void cancellations(KvRefusedException refused, IntPredicate tellsItem, JsonWriter body) {
        body.name("CancellationReasons").beginArray();
        var cancellations = refused.cancellations();
        for (int i = 0; i < cancellations.size(); i++) {
            var cancellation = cancellations.get(i);
            body.beginObject().name("Code").string(cancellation.code());
            if (cancellation.reason() != null)
                body.name("Message").string(cancellation.message());
            if (cancellation.item() != null && tellsItem.test(i))
                body.name("Item").item(cancellation.item());
            body.endObject();
        }
        body.endArray();
    }

    /// What the API calls it.
    public static ErrorType type(Reason reason) {
        return switch (reason) {
            case VALIDATION -> ErrorType.VALIDATION;
            case NOT_FOUND -> ErrorType.RESOURCE_NOT_FOUND;
            case IN_USE -> ErrorType.RESOURCE_IN_USE;
            case LIMIT_EXCEEDED -> ErrorType.LIMIT_EXCEEDED;
            case CONDITION_FAILED -> ErrorType.CONDITIONAL_CHECK_FAILED;
            case TOKEN_MISMATCH -> ErrorType.IDEMPOTENT_PARAMETER_MISMATCH;
            case TRANSACTION_CANCELED -> ErrorType.TRANSACTION_CANCELED;
            case EXPIRED -> ErrorType.EXPIRED_ITERATOR;
            case OVERLOADED -> ErrorType.THROTTLING;
        };
    }

    /// What the front door refused: it words everything as S3 does.
    public static Answer answer(Request request, Refusal refusal, String requestId) {
        var fault = isOfAuthorization(refusal) ? AuthorizationFault.of(request) : null;
        return fault == null ? answer(refusal, requestId) : answer(fault.type(), fault.text(), requestId);
    }

    private static boolean isOfAuthorization(Refusal refusal) {
        return switch (refusal.code()) {
            case "AuthorizationHeaderMalformed", "InvalidRequest" -> true;
            case "InvalidArgument" -> "Authorization".equals(refusal.details().get("ArgumentName"));
            case "AccessDenied" -> refusal.message().contains("x-amz-date");
            default -> false;
        };
    }

    static Answer answer(Refusal refusal, String requestId) {
        return switch (refusal.code()) {
            case "InvalidAccessKeyId" -> answer(ErrorType.UNRECOGNIZED_CLIENT,
                    "The security token included in the request is invalid.", requestId);
            case "InvalidToken" -> answer(ErrorType.UNRECOGNIZED_CLIENT,
                    "The security token included in the request is invalid", requestId);
            case "SignatureDoesNotMatch", "XAmzContentSHA256Mismatch" -> answer(ErrorType.INVALID_SIGNATURE, mismatch(refusal),
                    requestId);
            case "RequestTimeTooSkewed" -> answer(ErrorType.INVALID_SIGNATURE, SkewedTime.text(refusal), requestId);
            case "AccessDenied" -> denied(refusal, requestId);
            case "AuthorizationHeaderMalformed", "AuthorizationQueryParametersError", "MissingSecurityHeader" -> answer(
                    ErrorType.INCOMPLETE_SIGNATURE, refusal.message(), requestId);
            case "EntityTooLarge" -> answer(ErrorType.REQUEST_TOO_LARGE, null, requestId);
            case "SlowDown" -> answer(ErrorType.THROTTLING, "Rate exceeded", requestId);
            case "ServiceUnavailable" -> answer(ErrorType.SERVICE_UNAVAILABLE, refusal.message(), requestId);
            case "InternalError" -> answer(ErrorType.INTERNAL_SERVER_ERROR, "Internal server error", requestId);
            default ->
                answer(refusal.status() >= 500 ? ErrorType.INTERNAL_SERVER_ERROR : ErrorType.SERIALIZATION, refusal.status(),
                        refusal.message(), requestId);
        };
    }

    private static String mismatch(Refusal refusal) {
        var text = "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and"
                + " signing method. Consult the service documentation for details.";
        var canonical = refusal.details().get("CanonicalRequest");
        var toSign = refusal.details().get("StringToSign");
        if (canonical == null || toSign == null)
            return text;
        return text + "\n\nThe Canonical String for this request should have been\n'" + canonical
                + "'\n\nThe String-to-Sign should have been\n'" + toSign + "'\n";
    }

    /// One code of S3's for what are several here.
    private static Answer denied(Refusal refusal, String requestId) {
        var details = refusal.details();
        if (details.containsKey("HeadersNotSigned"))
            return answer(ErrorType.INVALID_SIGNATURE,
                    "'" + notSigned(details.getOrDefault("HeadersNotSigned", ""))
                            + "' must be a 'SignedHeader' in the AWS Authorization.",
                    requestId);
        if (details.containsKey("Expires") || details.containsKey("X-Amz-Date"))
            return answer(ErrorType.INVALID_SIGNATURE, SkewedTime.text(refusal), requestId);
        if (refusal.message().contains("x-amz-date"))
            return answer(ErrorType.INCOMPLETE_SIGNATURE,
                    "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.", requestId);
        return answer(ErrorType.ACCESS_DENIED, refusal.message(), requestId);
    }

    private static String notSigned(String headers) {
        return headers.equals("host") ? "Host" : headers;
    }
}
