package io.cairn.server.s3;

import io.cairn.object.Checksum;
import io.cairn.object.ListRequest;
import io.cairn.object.MultipartUpload;
import io.cairn.object.ObjectInfo;
import io.cairn.object.StoredObject;
import io.cairn.server.http.Answer;
import io.cairn.server.xml.XmlWriter;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// GetObjectAttributes: what is known of an object, as a document, and its parts in pages.
final class Attributes {
    private static final String WANTED = "x-amz-object-attributes";
    private static final String MAX_PARTS = "x-amz-max-parts";
    private static final String MARKER = "x-amz-part-number-marker";
    private static final Set<String> KNOWN = Set.of("ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize");

    static void get(S3Call call) {
        var bucket = call.bucket();
        var version = Versions.asked(call);
        var wanted = wanted(call);
        int max = number(call, MAX_PARTS, ListRequest.MAX, ListRequest.MAX);
        int marker = number(call, MARKER, 0, MultipartUpload.MAX_PARTS);
        call.onWorker(() -> {
            try (var object = bucket.get(call.key(), version)) {
                var info = object.info();
                var xml = new XmlWriter(1024).openRoot("GetObjectAttributesResponse", S3Face.NAMESPACE);
                if (wanted.contains("ETag"))
                    xml.element("ETag", info.etag()); // without quotes, unlike everywhere else
                var checksum = info.checksum();
                if (wanted.contains("Checksum") && checksum != null)
                    xml.open("Checksum").element(ChecksumNames.element(checksum.algorithm()), value(checksum))
                            .element("ChecksumType", checksum.type().name()).close("Checksum");
                if (wanted.contains("ObjectParts") && info.partCount() > 0)
                    parts(xml, object, info, marker, max);
                if (wanted.contains("StorageClass"))
                    xml.element("StorageClass", "STANDARD");
                if (wanted.contains("ObjectSize"))
                    xml.element("ObjectSize", info.sizeBytes());
                var answer = Answer.of(200, XmlWriter.CONTENT_TYPE, xml.close("GetObjectAttributesResponse").bytes());
                Versions.tell(bucket, info.versionId(), answer.headers());
                return answer.header("Last-Modified", HttpDates.format(info.lastModified()));
            }
        });
    }

    /// Without the `-N` that follows a composite value elsewhere.
    private static String value(Checksum checksum) {
        var text = checksum.text();
        int dash = text.indexOf('-');
        return dash < 0 ? text : text.substring(0, dash);
    }

    /// The parts themselves are told only where each has a checksum of its own to tell, as S3 does.
    private static void parts(XmlWriter xml, StoredObject object, ObjectInfo info, int marker, int max) {
        xml.open("ObjectParts").element("PartsCount", info.partCount());
        if (info.checksum() != null) {
            var parts = object.parts(marker, max);
            int last = parts.isEmpty() ? marker : parts.getLast().number();
            xml.element("PartNumberMarker", marker).element("NextPartNumberMarker", last).element("MaxParts", max)
                    .element("IsTruncated", last < info.partCount() && max > 0);
            for (var part : parts)
                xml.open("Part").element("PartNumber", part.number()).element("Size", part.sizeBytes())
                        .with(ChecksumNames.element(part.checksum()))
                        .close("Part");
        }
        xml.close("ObjectParts");
    }

    private static Set<String> wanted(S3Call call) {
        var wanted = new LinkedHashSet<String>();
        for (var header : call.headers().getAll(WANTED))
            for (var name : header.split(","))
                if (!name.isBlank())
                    wanted.add(name.strip());
        if (wanted.isEmpty())
            throw Refusals.invalidRequest("The x-amz-object-attributes header specifying the attributes to be retrieved is either"
                    + " missing or empty");
        for (var name : wanted)
            if (!KNOWN.contains(name))
                throw Refusals.invalidArgument(WANTED, name, "Invalid attribute name specified.");
        return wanted;
    }

    private static int number(S3Call call, String header, int otherwise, int limit) {
        @Nullable
        String value = call.headers().get(header);
        if (value == null)
            return otherwise;
        try {
            int number = Integer.parseInt(value.strip());
            if (number >= 0)
                return Math.min(number, limit);
        } catch (NumberFormatException e) {
            // refused below
        }
        throw Refusals.invalidArgument(header, value, "Provided " + header + " not an integer or within integer range");
    }

    private Attributes() {}
}
