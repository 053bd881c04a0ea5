package io.cairn.server.s3;

import io.cairn.object.Bucket;
import io.cairn.object.ObjectInfo;
import io.cairn.server.http.Answer;
import io.cairn.server.http.RefusedException;
import io.cairn.server.xml.XmlWriter;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Tags of objects: GetObjectTagging, PutObjectTagging, DeleteObjectTagging, and the headers that carry tags with a write.
final class Tagging {
    static final String HEADER = "x-amz-tagging";
    static final String COUNT = "x-amz-tagging-count";
    /// Amazon S3 user guide, "Categorizing your objects using tags".
    private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");
    private static final String SYSTEM = "aws:";
    private static final String TWICE = "Cannot provide multiple Tags with the same key";

    static void get(S3Call call) {
        var bucket = call.bucket();
        var version = Versions.asked(call);
        call.onWorker(() -> {
            var info = bucket.head(call.key(), version);
            var answer = Answer.of(200, XmlWriter.CONTENT_TYPE, document(info.tags()));
            Versions.tell(bucket, info.versionId(), answer.headers());
            return answer;
        });
    }

    static byte[] document(Map<String, String> tags) {
        var xml = new XmlWriter().openRoot("Tagging", S3Face.NAMESPACE).open("TagSet");
        tags.forEach((name, value) -> xml.open("Tag").element("Key", name).element("Value", value).close("Tag"));
        return xml.close("TagSet").close("Tagging").bytes();
    }

    static void put(S3Call call) {
        var bucket = call.bucket();
        var version = Versions.asked(call);
        DocumentReceiver.receive(call, Digests.of(call.headers()), document -> set(call, bucket, version, read(document), 200));
    }

    static void delete(S3Call call) {
        var bucket = call.bucket();
        var version = Versions.asked(call);
        call.runOnWorker(() -> set(call, bucket, version, Map.of(), 204));
    }

    private static void set(S3Call call, Bucket bucket, String version, Map<String, String> tags, int status) {
        call.answerWhen(bucket.setTags(call.key(), version, tags), info -> {
            var answer = Answer.of(status);
            Versions.tell(bucket, info.versionId(), answer.headers());
            return answer;
        });
    }

    /// The tags that a document names.
    static Map<String, String> read(byte[] document) {
        var tags = new LinkedHashMap<String, String>();
        XmlReader.read(document, "Tagging", in -> in.children(name -> {
            if (name.equals("TagSet"))
                tags.putAll(set(in));
            else
                in.skip();
        }));
        return tags;
    }

    /// The `Tag` elements of the element that begins here.
    static Map<String, String> set(XmlReader in) {
        var tags = new LinkedHashMap<String, String>();
        in.children(tag -> {
            var fields = new LinkedHashMap<String, String>();
            in.children(field -> fields.put(field, in.text()));
            var name = fields.get("Key");
            var value = fields.get("Value");
            if (!tag.equals("Tag") || name == null || value == null)
                throw Refusals.malformedXml("a Tag needs a Key and a Value");
            requireAllowed(name, value);
            if (tags.put(name, value) != null)
                throw new RefusedException(400, "InvalidTag", TWICE);
        });
        return tags;
    }

    /// What S3 asks of every tag, of a bucket's as of an object's; how many there may be and how long differs.
    private static void requireAllowed(String name, String value) {
        if (name.startsWith(SYSTEM))
            throw new RefusedException(400, "InvalidTag", "System tags cannot be added/updated by requester");
        if (!ALLOWED.matcher(name).matches())
            throw new RefusedException(400, "InvalidTag", "The TagKey you have provided is invalid");
        if (!ALLOWED.matcher(value).matches())
            throw new RefusedException(400, "InvalidTag", "The TagValue you have provided is invalid");
    }

    /// Tags as a header has them: like a query, `name=value&name=value`, percent-encoded.
    static Map<String, String> parse(@Nullable String header) {
        if (header == null || header.isEmpty())
            return Map.of();
        var tags = new LinkedHashMap<String, String>();
        for (var pair : header.split("&", -1)) {
            int equals = pair.indexOf('=');
            int end = equals < 0 ? pair.length() : equals;
            var name = PercentCoding.decode(pair, 0, end, true);
            var value = equals < 0 ? "" : PercentCoding.decode(pair, equals + 1, pair.length(), true);
            requireAllowed(name, value);
            if (tags.put(name, value) != null)
                throw Refusals.invalidArgument(HEADER, header, TWICE);
        }
        return tags;
    }

    /// Says how many tags an object has, if any.
    static void tell(ObjectInfo info, HttpHeaders headers) {
        if (!info.tags().isEmpty())
            headers.set(COUNT, info.tags().size());
    }

    private Tagging() {}
}
