package io.cairn.server.s3;

import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ChecksumType;
import io.cairn.object.Expected;
import io.cairn.object.MultipartUpload;
import io.cairn.object.ObjectInfo;
import io.cairn.object.ObjectMetadata;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.PutOptions;
import io.cairn.object.StoredObject;
import io.cairn.object.Upload;
import io.cairn.server.http.Answer;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;

/// CopyObject and UploadPartCopy: the bytes are read from the source and written again, through one buffer.
final class Copies {
    private static final int BUFFER_BYTES = 256 << 10;
    private static final String SOURCE = "x-amz-copy-source";
    private static final String RANGE = "x-amz-copy-source-range";

    static void copyObject(S3Call call) {
        var bucket = call.bucket();
        var headers = call.headers();
        var source = source(headers);
        boolean replace = replaces(headers);
        var given = MetadataHeaders.read(headers); // also refuses what cannot be had
        if (source.equals(call.address()) && !replace && !given.headers().containsKey(MetadataHeaders.REDIRECT))
            throw Refusals.invalidRequest("This copy request is illegal because it is trying to copy an object to itself without"
                    + " changing the object's metadata, storage class, website redirect location or encryption attributes.");
        var condition = ObjectWrites.condition(headers);
        var named = headers.get("x-amz-checksum-algorithm");
        call.runOnWorker(() -> {
            try (var from = open(call, source)) {
                var info = from.info();
                requireSize(call, info.sizeBytes());
                var algorithm = named == null ? algorithm(info) : ChecksumNames.required(named);
                ObjectMetadata metadata = replace ? given : MetadataHeaders.copied(info.metadata(), given);
                var options = new PutOptions(metadata, algorithm, ChecksumType.FULL_OBJECT, condition, Map.of());
                try (var upload = bucket.upload(call.key(), options)) {
                    transfer(call, from, 0, info.sizeBytes(), upload);
                    call.answerWhen(upload.commit(new Expected(info.sizeBytes(), null, null)), Copies::copied);
                }
            }
        });
    }

    static void copyPart(S3Call call) {
        call.bucket();
        int number = Multiparts.partNumber(call);
        var source = source(call.headers());
        var wanted = call.headers().get(RANGE);
        call.runOnWorker(() -> {
            var multipart = Multiparts.upload(call);
            try (var from = open(call, source)) {
                long size = from.info().sizeBytes();
                var range = wanted == null ? null : range(wanted, size);
                long first = range == null ? 0 : range.first();
                long length = range == null ? size : range.length();
                requireSize(call, length);
                try (var upload = multipart.part(number)) {
                    transfer(call, from, first, length, upload);
                    call.answerWhen(upload.commit(new Expected(length, null, null)), part -> {
                        var xml = new XmlWriter().openRoot("CopyPartResult").element("LastModified", part.lastModified())
                                .etag(part.etag()).checksum(part.checksum()).close("CopyPartResult");
                        return Answer.of(200, XmlWriter.CONTENT_TYPE, xml.bytes());
                    });
                }
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

    /// `bucket/key` or `/bucket/key`, percent-encoded; behind it `?versionId=null` at most.
    static Address source(HttpHeaders headers) {
        var header = headers.get(SOURCE, "");
        int query = header.indexOf("?versionId=");
        if (query >= 0 && !header.endsWith("?versionId=null"))
            throw Refusals.invalidArgument(SOURCE, header, "Invalid version id specified");
        int start = header.startsWith("/") ? 1 : 0;
        int end = query < 0 ? header.length() : query;
        var path = PercentCoding.decode(header, start, end, false);
        int slash = path.indexOf('/');
        if (slash <= 0 || slash == path.length() - 1)
            throw Refusals.invalidArgument(SOURCE, header,
                    "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
        if (path.startsWith("arn:"))
            throw Refusals.notImplemented(SOURCE + " as an ARN");
        return new Address(path.substring(0, slash), path.substring(slash + 1));
    }

    private static boolean replaces(HttpHeaders headers) {
        var directive = headers.get("x-amz-metadata-directive", "COPY");
        return switch (directive) {
            case "COPY" -> false;
            case "REPLACE" -> true;
            default -> throw Refusals.invalidArgument("x-amz-metadata-directive", directive, "Unknown metadata directive.");
        };
    }

    /// Opens the source; what the store says of it is said of the source's bucket and key, not of those written to.
    private static StoredObject open(S3Call call, Address source) {
        StoredObject object;
        try {
            var bucket = call.bucket(source.bucket());
            call.requireOwner("x-amz-source-expected-bucket-owner");
            object = bucket.get(source.key());
        } catch (ObjectRefusedException e) {
            throw Refusals.of(e, source);
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

    private static void transfer(S3Call call, StoredObject from, long first, long length, Upload<?> to) {
        var buffer = new byte[(int) Math.min(BUFFER_BYTES, Math.max(length, 1))];
        try (var in = from.stream(first, length)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                call.space().require(0);
                to.write(ByteBuffer.wrap(buffer, 0, read));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Answer copied(ObjectInfo info) {
        var xml = new XmlWriter().openRoot("CopyObjectResult").element("LastModified", info.lastModified()).etag(info.etag())
                .checksum(info.checksum());
        if (info.checksum() != null)
            xml.element("ChecksumType", info.checksum().type().name());
        return Answer.of(200, XmlWriter.CONTENT_TYPE, xml.close("CopyObjectResult").bytes());
    }

    private Copies() {}
}
