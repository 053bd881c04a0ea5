package io.cairn.server.s3;

import io.cairn.object.Bucket;
import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ChecksumType;
import io.cairn.object.DeleteOutcome;
import io.cairn.object.Deletion;
import io.cairn.object.MultipartUpload;
import io.cairn.object.ObjectInfo;
import io.cairn.object.PutCondition;
import io.cairn.object.PutOptions;
import io.cairn.server.http.Answer;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.RefusedException;
import io.cairn.server.http.Request;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Map;

/// PutObject and DeleteObject.
final class ObjectWrites {
    static void put(S3Call call) {
        if (call.query().has("uploadId") || call.query().has("partNumber"))
            throw Refusals.invalidArgument("partNumber", call.query().get("partNumber"), "uploadId and partNumber go together");
        var bucket = call.bucket();
        var headers = call.headers();
        requireLength(call.exchange().request());
        call.space().require(call.exchange().request().contentLength());
        var digests = Digests.of(headers);
        var algorithm = digests.algorithm() == null ? ChecksumAlgorithm.CRC64NVME : digests.algorithm();
        var options = new PutOptions(MetadataHeaders.read(headers), algorithm, ChecksumType.FULL_OBJECT, condition(headers),
                Tagging.parse(headers.get(Tagging.HEADER)));
        var upload = bucket.upload(call.key(), options);
        call.exchange().receive(new UploadReceiver<>(call, upload, digests, SideChecksum.NONE,
                info -> stored(bucket, info)));
    }

    private static Answer stored(Bucket bucket, ObjectInfo info) {
        var answer = Answer.of(200).header("ETag", "\"" + info.etag() + "\"");
        Versions.tell(bucket, info.versionId(), answer.headers());
        ChecksumNames.put(answer.headers(), info.checksum());
        return answer;
    }

    /// A body must say how long it is, or come in chunks; and be no longer than one PUT may be.
    static void requireLength(Request request) {
        long length = request.contentLength();
        if (length < 0 && !request.headers().contains("transfer-encoding"))
            throw new RefusedException(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
        if (length > MultipartUpload.MAX_PART_BYTES)
            throw new RefusedException(new Refusal(400, "EntityTooLarge", Refusals.ENTITY_TOO_LARGE,
                    Map.of("ProposedSize", Long.toString(length), "MaxSizeAllowed",
                            Long.toString(MultipartUpload.MAX_PART_BYTES))));
    }

    /// When the write may replace what is there (Amazon S3 user guide, "Conditional writes").
    static PutCondition condition(HttpHeaders headers) {
        var ifNoneMatch = headers.get("if-none-match");
        var ifMatch = headers.get("if-match");
        if (ifNoneMatch == null)
            return ifMatch == null ? PutCondition.ALWAYS : new PutCondition.IfMatch(Preconditions.unquoted(ifMatch.strip()));
        if (ifMatch != null || !ifNoneMatch.strip().equals("*"))
            throw Refusals.notImplemented("If-None-Match takes * alone");
        return PutCondition.IF_ABSENT;
    }

    static void delete(S3Call call) {
        var bucket = call.bucket();
        var headers = call.headers();
        for (var header : new String[]{"x-amz-if-match-last-modified-time", "x-amz-if-match-size", "x-amz-mfa"})
            if (call.headers().contains(header))
                throw Refusals.notImplemented(header);
        var ifMatch = headers.get("if-match");
        var deletion = new Deletion(call.key(), Versions.asked(call), ifMatch == null
                ? PutCondition.ALWAYS
                : new PutCondition.IfMatch(Preconditions.unquoted(ifMatch.strip())));
        call.runOnWorker(() -> call.answerWhen(bucket.delete(deletion), deleted -> deleted(bucket, deleted)));
    }

    private static Answer deleted(Bucket bucket, DeleteOutcome.Deleted deleted) {
        var answer = Answer.of(204);
        if (!deleted.markerId().isEmpty())
            answer.header(Versions.DELETE_MARKER, "true");
        var version = deleted.deletion().versionId().isEmpty() ? deleted.markerId() : deleted.deletion().versionId();
        if (!version.isEmpty())
            Versions.tell(bucket, version, answer.headers());
        return answer;
    }

    private ObjectWrites() {}
}
