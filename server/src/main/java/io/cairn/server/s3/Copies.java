package io.cairn.server.s3;

import io.cairn.object.Bucket;
import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ChecksumType;
import io.cairn.object.MultipartUpload;
import io.cairn.object.ObjectInfo;
import io.cairn.object.ObjectMetadata;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.PutOptions;
import io.cairn.object.Reason;
import io.cairn.object.StoredObject;
import io.cairn.object.Versioning;
import io.cairn.server.http.Answer;
import io.cairn.server.http.RefusedException;
import io.cairn.server.xml.XmlWriter;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/// CopyObject and UploadPartCopy. Where the store can take over what it has, no bytes are copied.
final class Copies {
    private static final String SOURCE = "x-amz-copy-source";
    private static final String VERSION = "?versionId=";
    private static final String SOURCE_VERSION_ID = "x-amz-copy-source-version-id";

    /// What is to be copied; an empty version is the newest.
    record Source(Address address, String version) {}

    private static final String RANGE = "x-amz-copy-source-range";

    static void copyObject(S3Call call) {
        var bucket = call.bucket();
        var headers = call.headers();
        var source = source(headers);
        boolean replace = replaces(headers, "x-amz-metadata-directive");
        var given = MetadataHeaders.read(headers); // also refuses what cannot be had
        var tags = Tagging.parse(headers.get(Tagging.HEADER));
        boolean replaceTags = replaces(headers, "x-amz-tagging-directive");
        if (source.equals(new Source(call.address(), "")) && !replace && !replaceTags
                && !given.headers().containsKey(MetadataHeaders.REDIRECT))
            throw Refusals.invalidRequest("This copy request is illegal because it is trying to copy an object to itself without"
                    + " changing the object's metadata, storage class, website redirect location or encryption attributes.");
        var condition = ObjectWrites.condition(headers);
        var named = headers.get("x-amz-checksum-algorithm");
        carryOut(call, byValue -> {
            try (var from = open(call, source)) {
                var info = from.info();
                requireSize(call, info.sizeBytes());
                var algorithm = named == null ? algorithm(info) : ChecksumNames.required(named);
                ObjectMetadata metadata = replace ? given : MetadataHeaders.copied(info.metadata(), given);
                var options = new PutOptions(metadata, algorithm, type(info, algorithm), condition,
                        replaceTags ? tags : info.tags());
                var done = byValue
                        ? from.writeTo(bucket.upload(call.key(), options), 0, info.sizeBytes())
                        : bucket.copy(call.key(), from, options);
                return done.thenApply(copy -> copied(call, source, bucket, info, copy));
            }
        });
    }

    /// Copies on a worker. A source that was replaced between its opening and its latch leaves nothing to refer to, but what was opened can still
    /// be read: then its bytes are copied.
    private static void carryOut(S3Call call, Copy copy) {
        call.runOnWorker(() -> call.answerWhen(copy.begin(false)
                .exceptionallyComposeAsync(
                        failure -> isConflict(failure) ? copy.begin(true) : CompletableFuture.failedFuture(failure),
                        call.exchange().worker()),
                Function.identity()));
    }

    /// One way to carry a copy out: by reference, or by value.
    private interface Copy { CompletableFuture<Answer> begin(boolean byValue); }

    private static boolean isConflict(Throwable failure) {
        var cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof ObjectRefusedException refused && refused.reason() == Reason.CONFLICT;
    }

    static void copyPart(S3Call call) {
        call.bucket();
        int number = Multiparts.partNumber(call);
        var source = source(call.headers());
        var wanted = call.headers().get(RANGE);
        carryOut(call, byValue -> {
            var multipart = Multiparts.upload(call);
            try (var from = open(call, source)) {
                long size = from.info().sizeBytes();
                var range = wanted == null ? null : range(wanted, size);
                long first = range == null ? 0 : range.first();
                long length = range == null ? size : range.length();
                requireSize(call, length);
                var done = byValue
                        ? from.writeTo(multipart.part(number), first, length)
                        : multipart.copyPart(number, from, first, length);
                return done.thenApply(part -> {
                    var xml = new XmlWriter().openRoot("CopyPartResult", S3Face.NAMESPACE)
                            .element("LastModified", part.lastModified())
                            .quoted("ETag", part.etag()).with(ChecksumNames.element(part.checksum())).close("CopyPartResult");
                    var answer = Answer.of(200, XmlWriter.CONTENT_TYPE, xml.bytes());
                    tellSource(call, source, from.info(), answer);
                    return answer;
                });
            }
        });
    }

    /// The run `bytes=first-last` of a source, which must have all of it: unlike the range of a GET it is never cut to what is there
    /// (Amazon S3 API reference, UploadPartCopy).
    private static ByteRange range(String wanted, long size) {
        var range = ByteRange.exactly(wanted);
        if (range == null)
            throw Refusals.invalidArgument(RANGE, wanted, "The x-amz-copy-source-range value must be of the form bytes=first-last"
                    + " where first and last are the zero-based offsets of the first and last bytes to copy");
        if (range.last() >= size)
            throw Refusals.invalidArgument(RANGE, wanted, "Range specified is not valid for source object of size: " + size);
        return range;
    }

    /// `bucket/key` or `/bucket/key`, percent-encoded, and perhaps `?versionId=ID` behind it.
    static Source source(HttpHeaders headers) {
        var header = headers.get(SOURCE, "");
        int query = header.indexOf(VERSION);
        var version = query < 0 ? "" : header.substring(query + VERSION.length());
        if (query >= 0 && version.isEmpty())
            throw Refusals.invalidArgument(SOURCE, header, "Version id cannot be the empty string");
        int start = header.startsWith("/") ? 1 : 0;
        int end = query < 0 ? header.length() : query;
        var path = PercentCoding.decode(header, start, end, false);
        int slash = path.indexOf('/');
        if (slash <= 0 || slash == path.length() - 1)
            throw Refusals.invalidArgument(SOURCE, header,
                    "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
        if (path.startsWith("arn:"))
            throw Refusals.notImplemented(SOURCE + " as an ARN");
        return new Source(new Address(path.substring(0, slash), path.substring(slash + 1)), version);
    }

    private static boolean replaces(HttpHeaders headers, String name) {
        var directive = headers.get(name, "COPY");
        return switch (directive) {
            case "COPY" -> false;
            case "REPLACE" -> true;
            default -> throw Refusals.invalidArgument(name, directive, "Unknown directive.");
        };
    }

    /// Opens the source; what the store says of it is said of the source's bucket and key, not of those written to.
    private static StoredObject open(S3Call call, Source source) {
        StoredObject object;
        try {
            var bucket = call.bucket(source.address().bucket());
            call.requireOwner("x-amz-source-expected-bucket-owner");
            object = bucket.get(source.address().key(), source.version());
        } catch (ObjectRefusedException e) {
            if (e.reason() == Reason.IS_DELETE_MARKER)
                throw Refusals.invalidRequest(
                        "The source of a copy request may not specifically refer to a delete marker by version id.");
            // Without the marker's headers: they would be taken for the target's.
            throw new RefusedException(Refusals.of(e.reason(), String.valueOf(e.getMessage()), source.address()));
        }
        try {
            Preconditions.ofCopySource(call.headers(), object.info());
            return object;
        } catch (RuntimeException e) {
            object.close();
            throw e;
        }
    }

    private static void requireSize(S3Call call, long bytes) {
        if (bytes > MultipartUpload.MAX_PART_BYTES)
            throw Refusals.invalidRequest(
                    "The specified copy source is larger than the maximum allowable size for a copy source: " + bytes);
        call.space().require(bytes);
    }

    private static ChecksumAlgorithm algorithm(ObjectInfo source) {
        return source.checksum() == null ? ChecksumAlgorithm.CRC64NVME : source.checksum().algorithm();
    }

    /// That of the source where its checksum is to be kept, so that the store can take over what it has.
    private static ChecksumType type(ObjectInfo source, ChecksumAlgorithm algorithm) {
        var checksum = source.checksum();
        return checksum != null && checksum.algorithm() == algorithm ? checksum.type() : ChecksumType.FULL_OBJECT;
    }

    private static Answer copied(S3Call call, Source source, Bucket bucket, ObjectInfo from, ObjectInfo copy) {
        var xml = new XmlWriter().openRoot("CopyObjectResult", S3Face.NAMESPACE).element("LastModified", copy.lastModified())
                .quoted("ETag", copy.etag())
                .with(ChecksumNames.element(copy.checksum()));
        if (copy.checksum() != null)
            xml.element("ChecksumType", copy.checksum().type().name());
        var answer = Answer.of(200, XmlWriter.CONTENT_TYPE, xml.close("CopyObjectResult").bytes());
        Versions.tell(bucket, copy.versionId(), answer.headers());
        tellSource(call, source, from, answer);
        return answer;
    }

    private static void tellSource(S3Call call, Source source, ObjectInfo from, Answer answer) {
        if (call.bucket(source.address().bucket()).versioning() != Versioning.OFF)
            answer.header(SOURCE_VERSION_ID, from.versionId());
    }

    private Copies() {}
}
