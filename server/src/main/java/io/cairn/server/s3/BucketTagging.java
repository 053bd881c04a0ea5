package io.cairn.server.s3;

import io.cairn.server.http.RefusedException;
import java.util.Map;

/// Tags of buckets: up to 50 (Amazon S3 user guide, "Using cost allocation S3 bucket tags").
final class BucketTagging {
    private static final int MAX_TAGS = 50;
    private static final int MAX_NAME_CHARS = 128;
    private static final int MAX_VALUE_CHARS = 256;

    static void get(S3Call call) {
        BucketDocuments.get(call, BucketDocuments.TAGS, new RefusedException(404, "NoSuchTagSet", "The TagSet does not exist"));
    }

    static void put(S3Call call) {
        BucketDocuments.put(call, BucketDocuments.TAGS, 204, body -> document(Tagging.read(body)));
    }

    static void delete(S3Call call) {
        BucketDocuments.delete(call, BucketDocuments.TAGS);
    }

    static byte[] document(Map<String, String> tags) {
        if (tags.size() > MAX_TAGS)
            throw Refusals.invalidRequest("Bucket tag count cannot be greater than " + MAX_TAGS);
        tags.forEach((name, value) -> {
            if (name.isEmpty() || name.codePointCount(0, name.length()) > MAX_NAME_CHARS)
                throw new RefusedException(400, "InvalidTag", "The TagKey you have provided is invalid: " + name);
            if (value.codePointCount(0, value.length()) > MAX_VALUE_CHARS)
                throw new RefusedException(400, "InvalidTag", "The TagValue you have provided is invalid: " + value);
        });
        return Tagging.document(tags);
    }

    private BucketTagging() {}
}
