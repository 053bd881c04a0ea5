package io.cairn.server.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.object.BucketInfo;
import io.cairn.object.ListRequest;
import io.cairn.object.Listing;
import io.cairn.object.ObjectInfo;
import io.cairn.server.http.Answer;
import io.cairn.server.xml.XmlWriter;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// ListObjects and ListObjectsV2.
final class Listings {
    /// About what one key costs in XML.
    private static final int ENTRY_BYTES = 300;
    private static final String TOKEN_VERSION = "1";

    /// How an answer writes keys and prefixes.
    interface Spelling {
        String of(String text);

        static Spelling asked(Query query) {
            var encoding = query.get("encoding-type");
            if (encoding == null || encoding.isEmpty())
                return text -> text;
            if (!encoding.equals("url"))
                throw Refusals.invalidArgument("encoding-type", encoding, "Invalid Encoding Method specified in Request");
            return PercentCoding::encode;
        }
    }

    /// ListObjects, version 1.
    static void objects(S3Call call) {
        var bucket = call.bucket();
        var query = call.query();
        var spelling = Spelling.asked(query);
        var marker = query.get("marker", "");
        var request = request(query, marker);
        call.onWorker(() -> {
            var page = bucket.list(request);
            var xml = open(call, page, request, spelling).element("Marker", spelling.of(marker));
            if (page.truncated() && !request.delimiter().isEmpty())
                xml.element("NextMarker", spelling.of(page.next()));
            return close(call, xml, page, spelling, bucket.info());
        });
    }

    /// ListObjectsV2. A continuation token is the place to go on at, in base64, so that clients do not build on it.
    static void objectsV2(S3Call call) {
        var bucket = call.bucket();
        var query = call.query();
        var spelling = Spelling.asked(query);
        var token = query.get("continuation-token");
        var startAfter = query.get("start-after");
        var request = request(query, token != null ? continuation(token) : startAfter != null ? startAfter : "");
        var owner = query.get("fetch-owner", "").equals("true") ? bucket.info() : null;
        call.onWorker(() -> {
            var page = bucket.list(request);
            var xml = open(call, page, request, spelling).element("KeyCount",
                    page.objects().size() + page.commonPrefixes().size());
            if (token != null)
                xml.element("ContinuationToken", token);
            if (page.truncated())
                xml.element("NextContinuationToken", token(page.next()));
            if (startAfter != null)
                xml.element("StartAfter", spelling.of(startAfter));
            return close(call, xml, page, spelling, owner);
        });
    }

    private static ListRequest request(Query query, String after) {
        return new ListRequest(query.get("prefix", ""), query.get("delimiter", ""), after,
                query.count("max-keys", ListRequest.MAX));
    }

    static String token(String next) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString((TOKEN_VERSION + next).getBytes(UTF_8));
    }

    static String continuation(String token) {
        try {
            var text = new String(Base64.getUrlDecoder().decode(token), UTF_8);
            if (text.length() > 1 && text.startsWith(TOKEN_VERSION))
                return text.substring(TOKEN_VERSION.length());
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw Refusals.invalidArgument("continuation-token", token, "The continuation token provided is incorrect");
    }

    private static XmlWriter open(S3Call call, Listing page, ListRequest request, Spelling spelling) {
        int entries = page.objects().size() + page.commonPrefixes().size();
        var xml = new XmlWriter(1024 + ENTRY_BYTES * entries).openRoot("ListBucketResult", S3Face.NAMESPACE)
                .element("Name", call.address().bucket())
                .element("Prefix", spelling.of(request.prefix())).element("MaxKeys", request.max());
        if (!request.delimiter().isEmpty())
            xml.element("Delimiter", spelling.of(request.delimiter()));
        if (call.query().has("encoding-type"))
            xml.element("EncodingType", "url");
        return xml.element("IsTruncated", page.truncated());
    }

    private static Answer close(S3Call call, XmlWriter xml, Listing page, Spelling spelling, @Nullable BucketInfo owner) {
        for (var object : page.objects())
            entry(call, xml, object, spelling, owner);
        for (var prefix : page.commonPrefixes())
            xml.open("CommonPrefixes").element("Prefix", spelling.of(prefix)).close("CommonPrefixes");
        return Answer.of(200, XmlWriter.CONTENT_TYPE, xml.close("ListBucketResult").bytes());
    }

    private static void entry(S3Call call, XmlWriter xml, ObjectInfo object, Spelling spelling, @Nullable BucketInfo owner) {
        xml.open("Contents").element("Key", spelling.of(object.key())).element("LastModified", object.lastModified())
                .quoted("ETag", object.etag());
        var checksum = object.checksum();
        if (checksum != null)
            xml.element("ChecksumAlgorithm", checksum.algorithm().name()).element("ChecksumType", checksum.type().name());
        xml.element("Size", object.sizeBytes());
        if (owner != null)
            Owners.write(xml, "Owner", owner.owner(), call.principal());
        xml.element("StorageClass", "STANDARD").close("Contents");
    }

    private Listings() {}
}
