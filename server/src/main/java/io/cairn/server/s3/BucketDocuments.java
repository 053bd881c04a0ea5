package io.cairn.server.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.object.Bucket;
import io.cairn.server.http.Answer;
import io.cairn.server.http.RefusedException;
import io.cairn.server.xml.XmlWriter;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Configurations of buckets that are documents and nothing more to the store. What is kept is the document as it is given back, so
/// that getting one is reading it.
final class BucketDocuments {
    static final String CORS = "cors";
    static final String LOCATION = "location";
    static final String OWNERSHIP = "ownership";
    static final String REQUEST_PAYMENT = "request-payment";
    static final String TAGS = "tags";

    /// Keeps what `read` makes of the request's body, which refuses what is wrong with it.
    static void put(S3Call call, String name, int status, UnaryOperator<byte[]> read) {
        var bucket = call.bucket();
        DocumentReceiver.receive(call, Digests.of(call.headers()), document -> {
            bucket.setSetting(name, read.apply(document));
            call.answer(Answer.of(status));
        });
    }

    /// Gives it back, or else what stands for none.
    static void get(S3Call call, String name, byte[] otherwise) {
        get(call, name, otherwise, null);
    }

    /// Gives it back, or else refuses.
    static void get(S3Call call, String name, RefusedException otherwise) {
        get(call, name, new byte[0], otherwise);
    }

    private static void get(S3Call call, String name, byte[] none, @Nullable RefusedException refusal) {
        var bucket = call.bucket();
        call.onWorker(() -> {
            var document = bucket.setting(name);
            if (document == null && refusal != null)
                throw refusal;
            return Answer.of(200, XmlWriter.CONTENT_TYPE, document == null ? none : document);
        });
    }

    static void delete(S3Call call, String name) {
        var bucket = call.bucket();
        call.onWorker(() -> {
            bucket.setSetting(name, null);
            return Answer.of(204);
        });
    }

    /// What is kept as plain text, or empty.
    static String text(Bucket bucket, String name) {
        var document = bucket.setting(name);
        return document == null ? "" : new String(document, UTF_8);
    }

    private BucketDocuments() {}
}
