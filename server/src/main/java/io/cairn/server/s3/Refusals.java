package io.cairn.server.s3;

import io.cairn.object.ObjectRefusedException;
import io.cairn.object.Reason;
import io.cairn.replication.NotLeaderException;
import io.cairn.replication.OutcomeUnknownException;
import io.cairn.replication.StoreFailedException;
import io.cairn.server.http.Answer;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.RefusedException;
import io.cairn.server.http.Request;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What S3 answers when it does not do what was asked (Amazon S3 API reference, "Error responses").
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    private static final String HOST_ID = "Y2Fpcm4=";

    /// The error document; HEAD has none.
    static Answer answer(Request request, String requestId, Refusal refusal) {
        var answer = request.method().equals("HEAD")
                ? Answer.of(refusal.status())
                : Answer.of(refusal.status(), XmlWriter.CONTENT_TYPE, document(request, requestId, refusal));
        return answer.header("x-amz-id-2", HOST_ID);
    }

    private static byte[] document(Request request, String requestId, Refusal refusal) {
        var xml = new XmlWriter().open("Error").element("Code", refusal.code()).element("Message", refusal.message());
        refusal.details().forEach(xml::element);
        if (!refusal.details().containsKey("Resource"))
            xml.element("Resource", request.rawPath());
        return xml.element("RequestId", requestId).element("HostId", HOST_ID).close("Error").bytes();
    }

    /// The same failure as the front door is to answer it: what the store refused gets S3's status and code.
    static Throwable translated(Throwable failure, Address address) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (cause) {
            case ObjectRefusedException refused ->
                new RefusedException(of(refused.reason(), String.valueOf(refused.getMessage()), address));
            case NotLeaderException failed -> new RefusedException(503, "ServiceUnavailable",
                    "Nothing was changed: the store takes no changes until it is opened again. Please try again later.");
            case OutcomeUnknownException failed -> new RefusedException(500, "InternalError",
                    "The store failed while the change was being written: it may have been made or not. Please look, and try again.");
            case StoreFailedException failed -> {
                // One line: the disk is to blame, not the code that a trace would show.
                LOG.error("the store failed a request: {}", failed.getMessage());
                yield new RefusedException(500, "InternalError", "The store could not read or write its files.");
            }
            default -> cause;
        };
    }

    static Refusal of(Reason reason, String message, Address address) {
        return switch (reason) {
            case NO_SUCH_BUCKET -> new Refusal(404, "NoSuchBucket", message, Map.of("BucketName", address.bucket()));
            case NO_SUCH_KEY -> new Refusal(404, "NoSuchKey", message, Map.of("Key", address.key()));
            case NO_SUCH_UPLOAD -> new Refusal(404, "NoSuchUpload", message);
            case BUCKET_ALREADY_EXISTS ->
                new Refusal(409, "BucketAlreadyExists", message, Map.of("BucketName", address.bucket()));
            case BUCKET_NOT_EMPTY -> new Refusal(409, "BucketNotEmpty", message, Map.of("BucketName", address.bucket()));
            case INVALID_BUCKET_NAME -> new Refusal(400, "InvalidBucketName", message, Map.of("BucketName", address.bucket()));
            case TOO_MANY_BUCKETS -> new Refusal(400, "TooManyBuckets", message);
            case KEY_TOO_LONG -> new Refusal(400, "KeyTooLongError", message);
            case INVALID_KEY, INVALID_ARGUMENT -> new Refusal(400, "InvalidArgument", message);
            case METADATA_TOO_LARGE -> new Refusal(400, "MetadataTooLarge", message);
            case ENTITY_TOO_LARGE -> new Refusal(400, "EntityTooLarge", message);
            case ENTITY_TOO_SMALL -> new Refusal(400, "EntityTooSmall", message);
            case INVALID_PART -> new Refusal(400, "InvalidPart", message);
            case INVALID_PART_ORDER -> new Refusal(400, "InvalidPartOrder", message);
            case BAD_DIGEST, BAD_CHECKSUM -> new Refusal(400, "BadDigest", message);
            case INCOMPLETE_BODY -> new Refusal(400, "IncompleteBody", message);
            case PRECONDITION_FAILED -> new Refusal(412, "PreconditionFailed", message);
            case CONFLICT -> new Refusal(409, "ConditionalRequestConflict", message);
            case OVERLOADED -> new Refusal(503, "SlowDown", message);
        };
    }

    static RefusedException accessDenied() {
        return new RefusedException(403, "AccessDenied", "Access Denied");
    }

    static RefusedException invalidArgument(String name, @Nullable String value, String message) {
        return new RefusedException(new Refusal(400, "InvalidArgument", message,
                Map.of("ArgumentName", name, "ArgumentValue", value == null ? "" : value)));
    }

    static RefusedException invalidRequest(String message) {
        return new RefusedException(400, "InvalidRequest", message);
    }

    static RefusedException malformedXml(String detail) {
        return new RefusedException(400, "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our published schema: " + detail);
    }

    static RefusedException notImplemented(String what) {
        return new RefusedException(501, "NotImplemented", "A header or query you provided implies functionality that is not"
                + " implemented: " + what);
    }

    static RefusedException preconditionFailed(String header) {
        return new RefusedException(new Refusal(412, "PreconditionFailed",
                "At least one of the pre-conditions you specified did not hold", Map.of("Condition", header)));
    }

    private Refusals() {}
}
