package io.cairn.server.s3;

import io.cairn.object.Bucket;
import io.cairn.object.ObjectInfo;
import io.cairn.object.StoredObject;
import io.cairn.server.http.Answer;
import io.cairn.server.http.RefusedException;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// GetObject and HeadObject.
final class ObjectReads {
    private static final AsciiString ETAG = AsciiString.cached("ETag");
    private static final AsciiString LAST_MODIFIED = AsciiString.cached("Last-Modified");
    private static final AsciiString ACCEPT_RANGES = AsciiString.cached("Accept-Ranges");
    private static final AsciiString BYTES = AsciiString.cached("bytes");
    private static final AsciiString RANGE = AsciiString.cached("range");
    private static final AsciiString CHECKSUM_MODE = AsciiString.cached("x-amz-checksum-mode");
    private static final AsciiString CUSTOMER_KEY = AsciiString.cached("x-amz-server-side-encryption-customer-algorithm");
    private static final String[] OVERRIDES = {"content-type", "content-language", "expires", "cache-control",
            "content-disposition", "content-encoding"};

    static void get(S3Call call) {
        read(call, true);
    }

    static void head(S3Call call) {
        read(call, false);
    }

    private static void read(S3Call call, boolean withBytes) {
        var bucket = call.bucket();
        refuseUnsupported(call);
        var version = Versions.asked(call);
        boolean wantsPart = call.query().has("partNumber");
        if (withBytes && !wantsPart && version.isEmpty() && answerFromMemory(call, bucket))
            return;
        call.onWorker(() -> {
            if (!withBytes && !wantsPart)
                return answer(call, bucket, bucket.head(call.key(), version), null);
            var object = bucket.get(call.key(), version);
            boolean handedOver = false;
            try {
                var answer = answer(call, bucket, object.info(), object);
                handedOver = answer.body() instanceof Answer.Body.Stored;
                return answer;
            } finally {
                if (!handedOver)
                    object.close();
            }
        });
    }

    /// Answers on the event loop where that needs no disk: two changes of the thread cost more than all the rest of a small GET.
    private static boolean answerFromMemory(S3Call call, Bucket bucket) {
        try (var object = bucket.getIfInMemory(call.key())) {
            if (object == null)
                return false;
            var answer = answer(call, bucket, object.info(), object);
            call.answer(answer.body() instanceof Answer.Body.Stored(var pieces, long length, var _)
                    ? new Answer(answer.status(), answer.headers(), new Answer.Body.Bytes(bytes(pieces, (int) length)))
                    : answer);
            return true;
        }
    }

    private static byte[] bytes(StoredObject.Pieces pieces, int length) {
        var bytes = new byte[length];
        int at = 0;
        for (var piece = pieces.next(); piece != null; piece = pieces.next())
            if (piece instanceof StoredObject.Piece.Bytes(var from)) {
                int count = from.remaining();
                from.get(bytes, at, count);
                at += count;
            } else
                throw new IllegalStateException("an object in memory is sent from a file");
        return bytes;
    }

    /// @param object open for reading; null when a HEAD asks for no part
    private static Answer answer(S3Call call, Bucket bucket, ObjectInfo info, @Nullable StoredObject object) {
        var headers = call.headers();
        if (Preconditions.ofRead(headers, info) == Preconditions.Outcome.NOT_MODIFIED) {
            var notModified = Answer.of(304);
            state(bucket, info, notModified.headers());
            return notModified;
        }
        var part = call.query().get("partNumber");
        var wanted = headers.get(RANGE);
        var range = part != null && object != null
                ? part(call, part, object)
                : wanted != null && Preconditions.ifRange(headers, info) ? ByteRange.of(wanted, info.sizeBytes()) : null;
        long first = range == null ? 0 : range.first();
        long length = range == null ? info.sizeBytes() : range.length();
        var body = object == null || call.exchange().request().method().equals("HEAD")
                ? new Answer.Body.Announced(length)
                : new Answer.Body.Stored(object.pieces(first, length), length, object);
        var answer = new Answer(partial(range) ? 206 : 200, new DefaultHttpHeaders(), body);
        describe(call, bucket, info, range, answer.headers());
        boolean ofPart = part != null && info.partCount() > 0;
        if (ofPart)
            answer.header("x-amz-mp-parts-count", info.partCount());
        if ("ENABLED".equalsIgnoreCase(headers.get(CHECKSUM_MODE))) {
            if (ofPart && object != null)
                tellPartChecksum(object, Multiparts.partNumber(call), answer.headers());
            else if (length == info.sizeBytes())
                ChecksumNames.put(answer.headers(), info.checksum());
        }
        return answer;
    }

    /// A 206 names its run (RFC 9110, section 15.3.7), and no Content-Range can name an empty one: S3 answers an empty part with 200.
    private static boolean partial(@Nullable ByteRange range) {
        return range != null && range.length() > 0;
    }

    /// The bytes of one part; an empty one ends before it begins.
    private static ByteRange part(S3Call call, String text, StoredObject object) {
        if (call.headers().contains(RANGE))
            throw Refusals.invalidRequest("Cannot specify both Range header and partNumber query parameter");
        var run = object.part(Multiparts.partNumber(call));
        if (run == null)
            throw new RefusedException(416, "InvalidPartNumber", "The requested partnumber is not satisfiable: " + text);
        return new ByteRange(run.offset(), run.offset() + run.length() - 1);
    }

    private static void refuseUnsupported(S3Call call) {
        if (call.headers().contains(CUSTOMER_KEY))
            throw Refusals.notImplemented(CUSTOMER_KEY.toString());
        if (call.principal().anonymous())
            for (var name : OVERRIDES)
                if (call.query().has("response-" + name))
                    throw Refusals.invalidRequest(
                            "Request specific response headers cannot be used for anonymous GET requests.");
    }

    private static void describe(S3Call call, Bucket bucket, ObjectInfo info, @Nullable ByteRange range, HttpHeaders headers) {
        state(bucket, info, headers);
        Tagging.tell(info, headers);
        headers.set(ACCEPT_RANGES, BYTES);
        MetadataHeaders.write(info.metadata(), headers);
        if (range != null && partial(range))
            headers.set("Content-Range", range.contentRange(info.sizeBytes()));
        if (!call.query().isEmpty())
            override(call.query(), headers);
    }

    /// The part's own value, where the upload had checksums. Not the type: that says how the whole's is made of the parts'.
    private static void tellPartChecksum(StoredObject object, int number, HttpHeaders headers) {
        var whole = object.info().checksum();
        if (whole == null)
            return;
        for (var part : object.parts(number - 1, 1)) {
            var checksum = part.checksum();
            if (checksum != null && checksum.algorithm() == whole.algorithm())
                headers.set(ChecksumNames.header(checksum.algorithm()), checksum.text());
        }
    }

    private static void state(Bucket bucket, ObjectInfo info, HttpHeaders headers) {
        Versions.tell(bucket, info.versionId(), headers);
        headers.set(ETAG, "\"" + info.etag() + "\"");
        headers.set(LAST_MODIFIED, HttpDates.format(info.lastModified()));
    }

    private static void override(Query query, HttpHeaders headers) {
        for (var name : OVERRIDES) {
            var value = query.get("response-" + name);
            if (value == null)
                continue;
            for (int i = 0; i < value.length(); i++)
                if (value.charAt(i) < 0x20 || value.charAt(i) > 0x7e)
                    throw Refusals.invalidArgument("response-" + name, value, "Header values are printable ASCII");
            headers.set(name, value);
        }
    }

    private ObjectReads() {}
}
