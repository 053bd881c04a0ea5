package io.cairn.server.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.object.ObjectMetadata;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.Reason;
import io.cairn.replication.NotLeaderException;
import io.cairn.replication.OutcomeUnknownException;
import io.cairn.replication.StoreFailedException;
import io.cairn.server.http.Answer;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.RefusedException;
import io.cairn.server.http.Request;
import io.cairn.server.xml.XmlWriter;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What S3 answers when it does not do what was asked (Amazon S3 API reference, "Error responses").
final class Refusals {
    private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
    static final int MAX_KEY_BYTES = 1024;
    static final String KEY_TOO_LONG = "Your key is too long";
    static final String ENTITY_TOO_LARGE = "Your proposed upload exceeds the maximum allowed size";
    private static final String PRECONDITION_FAILED = "At least one of the pre-conditions you specified did not hold";
    private static final String DETAIL = "Detail";
    private static final String HOST_ID = "Y2Fpcm4=";

    /// The error document; HEAD has none.
    static Answer answer(Request request, String requestId, Refusal refusal) {
        var answer = request.method().equals("HEAD")
                ? Answer.of(refusal.status())
                : Answer.of(refusal.status(), XmlWriter.CONTENT_TYPE, document(request, requestId, refusal));
        refusal.headers().forEach(answer::header);
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
        return translated(failure, address, false);
    }

    /// @param conditional whether the request named a condition, for which S3 has a conflict of its own
    static Throwable translated(Throwable failure, Address address, boolean conditional) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return switch (cause) {
            case ObjectRefusedException refused when conditional && refused.reason() == Reason.CONFLICT ->
                new RefusedException(with(String.valueOf(refused.getMessage()), 409, "ConditionalRequestConflict",
                        "The conditional request cannot succeed due to a conflicting operation against this resource."));
            case ObjectRefusedException refused -> of(refused, address);
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

    /// What the store refused, about this address.
    static RefusedException of(ObjectRefusedException refused, Address address) {
        var refusal = of(refused.reason(), String.valueOf(refused.getMessage()), address);
        return new RefusedException(refused.markerId().isEmpty()
                ? refusal
                : new Refusal(refusal.status(), refusal.code(), refusal.message(), refusal.details(),
                        Map.of(Versions.DELETE_MARKER, "true", Versions.VERSION_ID, refused.markerId())));
    }

    /// With S3's own words, as scripts look for them; the store's go into `Detail` where they say more.
    static Refusal of(Reason reason, String detail, Address address) {
        return switch (reason) {
            case NO_SUCH_BUCKET -> new Refusal(404, "NoSuchBucket", "The specified bucket does not exist", ofBucket(address));
            case NO_SUCH_KEY ->
                new Refusal(404, "NoSuchKey", "The specified key does not exist.", Map.of("Key", address.key()));
            case NO_SUCH_VERSION ->
                new Refusal(404, "NoSuchVersion", "The specified version does not exist.", Map.of("Key", address.key()));
            case INVALID_VERSION -> with(detail, 400, "InvalidArgument", "Invalid version id specified");
            case IS_DELETE_MARKER ->
                with(detail, 405, "MethodNotAllowed", "The specified method is not allowed against this resource.");
            case INVALID_TAG -> new Refusal(400, "InvalidTag", detail);
            case NO_SUCH_UPLOAD -> with(detail, 404, "NoSuchUpload",
                    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or"
                            + " completed.");
            case BUCKET_ALREADY_EXISTS -> new Refusal(409, "BucketAlreadyExists",
                    "The requested bucket name is not available. The bucket namespace is shared by all users of the system."
                            + " Please select a different name and try again.",
                    ofBucket(address));
            case BUCKET_NOT_EMPTY ->
                new Refusal(409, "BucketNotEmpty", "The bucket you tried to delete is not empty", ofBucket(address));
            case INVALID_BUCKET_NAME ->
                new Refusal(400, "InvalidBucketName", "The specified bucket is not valid.", ofBucket(address));
            case TOO_MANY_BUCKETS ->
                with(detail, 400, "TooManyBuckets", "You have attempted to create more buckets than allowed");
            case KEY_TOO_LONG -> new Refusal(400, "KeyTooLongError", KEY_TOO_LONG,
                    Map.of("Size", Integer.toString(address.key().getBytes(UTF_8).length), "MaxSizeAllowed",
                            Integer.toString(MAX_KEY_BYTES)));
            case INVALID_KEY, INVALID_ARGUMENT -> new Refusal(400, "InvalidArgument", detail);
            case METADATA_TOO_LARGE -> new Refusal(400, "MetadataTooLarge",
                    "Your metadata headers exceed the maximum allowed metadata size",
                    Map.of("MaxSizeAllowed", Integer.toString(ObjectMetadata.MAX_USER_BYTES), DETAIL, detail));
            case ENTITY_TOO_LARGE -> with(detail, 400, "EntityTooLarge", ENTITY_TOO_LARGE);
            case ENTITY_TOO_SMALL ->
                with(detail, 400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
            case INVALID_PART -> with(detail, 400, "InvalidPart",
                    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified"
                            + " entity tag may not match the part's entity tag.");
            case INVALID_PART_ORDER -> with(detail, 400, "InvalidPartOrder",
                    "The list of parts was not in ascending order. Parts must be ordered by part number.");
            case BAD_DIGEST ->
                with(detail, 400, "BadDigest", "The Content-MD5 you specified did not match what we received.");
            case BAD_CHECKSUM ->
                badChecksum("checksum", detail).refusal();
            case INCOMPLETE_BODY -> with(detail, 400, "IncompleteBody",
                    "You did not provide the number of bytes specified by the Content-Length HTTP header");
            case PRECONDITION_FAILED -> with(detail, 412, "PreconditionFailed", PRECONDITION_FAILED);
            case CONFLICT -> with(detail, 409, "OperationAborted", "A conflicting conditional operation is currently in progress"
                    + " against this resource. Please try again.");
            case OVERLOADED -> with(detail, 503, "SlowDown", "Please reduce your request rate.");
        };
    }

    static RefusedException badChecksum(String algorithm, String detail) {
        return new RefusedException(with(detail, 400, "BadDigest",
                "The " + algorithm + " you specified did not match the calculated checksum."));
    }

    private static Map<String, String> ofBucket(Address address) {
        return Map.of("BucketName", address.bucket());
    }

    private static Refusal with(String detail, int status, String code, String message) {
        return new Refusal(status, code, message, Map.of(DETAIL, detail));
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
        return new RefusedException(with(detail, 400, "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our published schema"));
    }

    static RefusedException notImplemented(String what) {
        return new RefusedException(501, "NotImplemented", "A header or query you provided implies functionality that is not"
                + " implemented: " + what);
    }

    static RefusedException preconditionFailed(String header) {
        return new RefusedException(new Refusal(412, "PreconditionFailed", PRECONDITION_FAILED, Map.of("Condition", header)));
    }

    private Refusals() {}
}
