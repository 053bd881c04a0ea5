package io.cairn.server.s3;

import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ListRequest;
import io.cairn.object.MultipartListRequest;
import io.cairn.object.MultipartUpload;
import io.cairn.object.Part;
import io.cairn.object.PutCondition;
import io.cairn.object.PutOptions;
import io.cairn.server.http.Answer;
import io.cairn.server.xml.XmlWriter;
import org.jspecify.annotations.Nullable;

/// Multipart uploads, but for their completion ([Completions]).
final class Multiparts {
    private static final String ALGORITHM = "x-amz-checksum-algorithm";
    private static final String TYPE = "x-amz-checksum-type";

    static void create(S3Call call) {
        var bucket = call.bucket();
        call.space().require(0);
        var headers = call.headers();
        var named = headers.get(ALGORITHM);
        var algorithm = named == null ? ChecksumAlgorithm.CRC64NVME : ChecksumNames.required(named);
        var typeNamed = headers.get(TYPE);
        if (named == null && typeNamed != null)
            throw Refusals
                    .invalidRequest("The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.");
        var type = typeNamed == null ? ChecksumNames.usualType(algorithm) : ChecksumNames.type(typeNamed);
        if (!algorithm.supports(type))
            throw Refusals.invalidRequest(
                    "The " + type + " checksum type cannot be used with the " + algorithm + " checksum algorithm.");
        var options = new PutOptions(MetadataHeaders.read(headers), algorithm, type, PutCondition.ALWAYS,
                Tagging.parse(headers.get(Tagging.HEADER)));
        call.onWorker(() -> {
            var upload = bucket.createMultipart(call.key(), options);
            var xml = new XmlWriter().openRoot("InitiateMultipartUploadResult", S3Face.NAMESPACE)
                    .element("Bucket", call.address().bucket())
                    .element("Key", call.key()).element("UploadId", upload.id()).close("InitiateMultipartUploadResult");
            var answer = Answer.of(200, XmlWriter.CONTENT_TYPE, xml.bytes());
            return named == null ? answer : answer.header(ALGORITHM, algorithm.name()).header(TYPE, type.name());
        });
    }

    static MultipartUpload upload(S3Call call) {
        return call.bucket().multipart(call.key(), call.query().get("uploadId", ""));
    }

    static int partNumber(S3Call call) {
        var text = call.query().get("partNumber", "");
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= MultipartUpload.MAX_PARTS)
                return number;
        } catch (NumberFormatException e) {
            // refused below
        }
        throw Refusals.invalidArgument("partNumber", text,
                "Part number must be an integer between 1 and " + MultipartUpload.MAX_PARTS + ", inclusive");
    }

    static void uploadPart(S3Call call) {
        call.bucket();
        int number = partNumber(call);
        ObjectWrites.requireLength(call.exchange().request());
        call.space().require(call.exchange().request().contentLength());
        var digests = Digests.of(call.headers());
        call.runOnWorker(() -> {
            var upload = upload(call);
            var side = side(digests.algorithm(), upload.options().checksum());
            call.exchange().receive(new UploadReceiver<>(call, upload.part(number), digests, side, Multiparts::stored));
        });
    }

    /// A part may come with another checksum than the upload keeps only when the upload keeps S3's own choice.
    private static SideChecksum side(@Nullable ChecksumAlgorithm sent,
            @Nullable ChecksumAlgorithm kept) {
        if (sent == null || sent == kept)
            return SideChecksum.NONE;
        if (kept == null || kept == ChecksumAlgorithm.CRC64NVME)
            return SideChecksum.of(sent);
        throw Refusals.invalidRequest("Checksum Type mismatch occurred, expected checksum Type: " + kept
                + ", actual checksum Type: " + sent);
    }

    private static Answer stored(Part part) {
        var answer = Answer.of(200).header("ETag", "\"" + part.etag() + "\"");
        var checksum = part.checksum();
        if (checksum != null)
            answer.header(ChecksumNames.header(checksum.algorithm()), checksum.text());
        return answer;
    }

    static void abort(S3Call call) {
        call.bucket();
        call.runOnWorker(() -> call.answerWhen(upload(call).abort(), nothing -> Answer.of(204)));
    }

    static void parts(S3Call call) {
        var bucket = call.bucket();
        int marker = call.query().has("part-number-marker")
                ? call.query().count("part-number-marker", MultipartUpload.MAX_PARTS)
                : 0;
        int max = call.query().count("max-parts", ListRequest.MAX);
        var spelling = Listings.Spelling.asked(call.query());
        call.onWorker(() -> {
            var upload = upload(call);
            var parts = upload.parts(marker, max + 1);
            var page = parts.subList(0, Math.min(max, parts.size()));
            var xml = new XmlWriter(1024 + 300 * page.size()).openRoot("ListPartsResult", S3Face.NAMESPACE)
                    .element("Bucket", call.address().bucket())
                    .element("Key", spelling.of(call.key())).element("UploadId", upload.id());
            Owners.write(xml, "Initiator", bucket.info().owner(), call.principal());
            Owners.write(xml, "Owner", bucket.info().owner(), call.principal());
            xml.element("StorageClass", "STANDARD").element("PartNumberMarker", marker)
                    .element("NextPartNumberMarker", page.isEmpty() ? marker : page.getLast().number()).element("MaxParts", max)
                    .element("IsTruncated", max > 0 && parts.size() > max);
            var algorithm = upload.options().checksum();
            if (algorithm != null)
                xml.element("ChecksumAlgorithm", algorithm.name()).element("ChecksumType",
                        upload.options().checksumType().name());
            for (var part : page)
                xml.open("Part").element("PartNumber", part.number()).element("LastModified", part.lastModified())
                        .quoted("ETag", part.etag()).element("Size", part.sizeBytes())
                        .with(ChecksumNames.element(part.checksum())).close("Part");
            return Answer.of(200, XmlWriter.CONTENT_TYPE, xml.close("ListPartsResult").bytes());
        });
    }

    static void list(S3Call call) {
        var bucket = call.bucket();
        var query = call.query();
        var spelling = Listings.Spelling.asked(query);
        var keyMarker = query.get("key-marker", "");
        var idMarker = keyMarker.isEmpty() ? "" : query.get("upload-id-marker", "");
        var request = new MultipartListRequest(query.get("prefix", ""), query.get("delimiter", ""), keyMarker, idMarker,
                query.count("max-uploads", ListRequest.MAX));
        call.onWorker(() -> {
            var page = bucket.multiparts(request);
            var xml = new XmlWriter(1024).openRoot("ListMultipartUploadsResult", S3Face.NAMESPACE)
                    .element("Bucket", call.address().bucket())
                    .element("KeyMarker", spelling.of(keyMarker)).element("UploadIdMarker", idMarker)
                    .element("Prefix", spelling.of(request.prefix()));
            if (!request.delimiter().isEmpty())
                xml.element("Delimiter", spelling.of(request.delimiter()));
            if (page.truncated())
                xml.element("NextKeyMarker", spelling.of(page.nextKey())).element("NextUploadIdMarker", page.nextId());
            if (query.has("encoding-type"))
                xml.element("EncodingType", "url");
            xml.element("MaxUploads", request.max()).element("IsTruncated", page.truncated());
            for (var upload : page.uploads())
                write(call, xml, upload, bucket.info().owner(), spelling);
            for (var prefix : page.commonPrefixes())
                xml.open("CommonPrefixes").element("Prefix", spelling.of(prefix)).close("CommonPrefixes");
            return Answer.of(200, XmlWriter.CONTENT_TYPE, xml.close("ListMultipartUploadsResult").bytes());
        });
    }

    private static void write(S3Call call, XmlWriter xml, MultipartUpload upload, String owner, Listings.Spelling spelling) {
        xml.open("Upload").element("UploadId", upload.id()).element("Key", spelling.of(upload.key()));
        Owners.write(xml, "Initiator", owner, call.principal());
        Owners.write(xml, "Owner", owner, call.principal());
        xml.element("StorageClass", "STANDARD").element("Initiated", upload.initiated());
        var algorithm = upload.options().checksum();
        if (algorithm != null)
            xml.element("ChecksumAlgorithm", algorithm.name()).element("ChecksumType", upload.options().checksumType().name());
        xml.close("Upload");
    }

    private Multiparts() {}
}
