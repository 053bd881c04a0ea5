package io.cairn.server.s3;

import io.cairn.object.Bucket;
import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.Expected;
import io.cairn.object.MultipartUpload.CompletedPart;
import io.cairn.object.ObjectInfo;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.PutOptions;
import io.cairn.object.Reason;
import io.cairn.server.http.Answer;
import io.cairn.server.xml.XmlWriter;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/// CompleteMultipartUpload. The checksum header is that of the object to be, not of the request's body.
final class Completions {
    private static final String OBJECT_SIZE = "x-amz-mp-object-size";

    static void complete(S3Call call) {
        var bucket = call.bucket();
        var headers = call.headers();
        var condition = ObjectWrites.condition(headers);
        long size = size(headers.get(OBJECT_SIZE));
        var bodyMd5 = new Digests(Digests.of(headers).md5(), null, null, false);
        DocumentReceiver.receive(call, bodyMd5, document -> {
            var upload = Multiparts.upload(call);
            requireType(headers, upload.options());
            var algorithm = upload.options().checksum();
            var expected = new Expected(size, null, objectChecksum(headers, algorithm));
            var done = upload.complete(parts(document, algorithm), expected, condition)
                    .exceptionallyCompose(failure -> CompletableFuture.failedFuture(named(failure)));
            call.answerWhen(done, info -> completed(call, bucket, info));
        });
    }

    private static long size(@Nullable String header) {
        if (header == null)
            return -1;
        try {
            long size = Long.parseLong(header);
            if (size >= 0)
                return size;
        } catch (NumberFormatException e) {
            // refused below
        }
        throw Refusals.invalidRequest("Value for " + OBJECT_SIZE + " header is invalid: " + header);
    }

    /// A size that is not the sum of the parts is an `InvalidRequest` here, where no body was cut.
    private static Throwable named(Throwable failure) {
        var cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof ObjectRefusedException refused && refused.reason() == Reason.INCOMPLETE_BODY
                ? Refusals.invalidRequest(
                        "The provided '" + OBJECT_SIZE + "' header does not match the object: " + refused.getMessage())
                : cause;
    }

    private static void requireType(HttpHeaders headers, PutOptions options) {
        var type = headers.get("x-amz-checksum-type");
        if (type != null && options.checksum() != null && ChecksumNames.type(type) != options.checksumType())
            throw Refusals.invalidRequest("The upload was created using the " + options.checksumType()
                    + " checksum mode. The complete request must use the same checksum mode.");
    }

    private static byte @Nullable [] objectChecksum(HttpHeaders headers, @Nullable ChecksumAlgorithm kept) {
        var sent = Digests.of(headers);
        if (sent.algorithm() == null || sent.trailing())
            return null;
        if (sent.algorithm() != kept)
            throw Refusals.invalidRequest("Checksum Type mismatch occurred, expected checksum Type: " + kept
                    + ", actual checksum Type: " + sent.algorithm());
        return sent.checksum();
    }

    private static List<CompletedPart> parts(byte[] document, @Nullable ChecksumAlgorithm algorithm) {
        var parts = new ArrayList<CompletedPart>();
        XmlReader.read(document, "CompleteMultipartUpload", in -> in.children(name -> {
            if (name.equals("Part"))
                parts.add(part(in, algorithm));
            else
                in.skip();
        }));
        if (parts.isEmpty())
            throw Refusals.malformedXml("no Part");
        return parts;
    }

    private static CompletedPart part(XmlReader in, @Nullable ChecksumAlgorithm algorithm) {
        Map<String, String> fields = new HashMap<>();
        in.children(name -> fields.put(name, in.text().strip()));
        var number = fields.get("PartNumber");
        var etag = fields.get("ETag");
        if (number == null || etag == null)
            throw Refusals.malformedXml("a Part without PartNumber or ETag");
        var checksum = algorithm == null ? null : fields.get(ChecksumNames.element(algorithm));
        try {
            return new CompletedPart(Integer.parseInt(number), Preconditions.unquoted(etag),
                    checksum == null || algorithm == null ? null : ChecksumNames.value(algorithm, checksum));
        } catch (NumberFormatException e) {
            throw Refusals.malformedXml("PartNumber is not a number: " + number);
        }
    }

    private static Answer completed(S3Call call, Bucket bucket, ObjectInfo info) {
        var host = call.headers().get("Host", "localhost");
        var scheme = call.exchange().request().secure() ? "https://" : "http://";
        var xml = new XmlWriter().openRoot("CompleteMultipartUploadResult", S3Face.NAMESPACE)
                .element("Location", scheme + host + call.exchange().request().rawPath()).element("Bucket", bucket.info().name())
                .element("Key", info.key()).quoted("ETag", info.etag()).with(ChecksumNames.element(info.checksum()));
        if (info.checksum() != null)
            xml.element("ChecksumType", info.checksum().type().name());
        var answer = Answer.of(200, XmlWriter.CONTENT_TYPE, xml.close("CompleteMultipartUploadResult").bytes());
        Versions.tell(bucket, info.versionId(), answer.headers());
        return answer;
    }

    private Completions() {}
}
