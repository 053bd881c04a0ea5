package io.cairn.server.s3;

import io.cairn.object.ObjectInfo;
import io.cairn.server.http.Answer;
import io.cairn.server.http.RefusedException;
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
        var bucket = call.bucket();
        refuseUnsupported(call);
        call.onWorker(() -> {
            var object = bucket.get(call.key());
            try {
                var info = object.info();
                var head = head(call, info);
                if (head.answer() != null) {
                    object.close();
                    return head.answer();
                }
                var range = head.range();
                long first = range == null ? 0 : range.first();
                long length = range == null ? info.sizeBytes() : range.length();
                var answer = new Answer(range == null ? 200 : 206, Answer.of(200).headers(),
                        new Answer.Body.Stored(object.pieces(first, length), length, object));
                describe(call, info, range, answer.headers());
                return answer;
            } catch (RuntimeException | Error e) {
                object.close();
                throw e;
            }
        });
    }

    static void head(S3Call call) {
        var bucket = call.bucket();
        refuseUnsupported(call);
        call.onWorker(() -> {
            var info = bucket.head(call.key());
            var head = head(call, info);
            if (head.answer() != null)
                return head.answer();
            var range = head.range();
            var answer = new Answer(range == null ? 200 : 206, Answer.of(200).headers(),
                    new Answer.Body.Announced(range == null ? info.sizeBytes() : range.length()));
            describe(call, info, range, answer.headers());
            return answer;
        });
    }

    /// Either an answer that has no body, or what is to be sent: all, or a range.
    private record Head(@Nullable Answer answer, @Nullable ByteRange range) {}

    private static Head head(S3Call call, ObjectInfo info) {
        var headers = call.headers();
        if (Preconditions.ofRead(headers, info) == Preconditions.Outcome.NOT_MODIFIED) {
            var answer = Answer.of(304);
            state(info, answer.headers());
            return new Head(answer, null);
        }
        var part = call.query().get("partNumber");
        if (part != null)
            return new Head(null, wholeAsPart(call, part, info));
        var wanted = headers.get(RANGE);
        return new Head(null,
                wanted != null && Preconditions.ifRange(headers, info) ? ByteRange.of(wanted, info.sizeBytes()) : null);
    }

    /// An object written at once is its own part 1.
    private static @Nullable ByteRange wholeAsPart(S3Call call, String part, ObjectInfo info) {
        if (call.headers().contains(RANGE))
            throw Refusals.invalidRequest("Cannot specify both Range header and partNumber query parameter");
        if (info.partCount() > 0)
            throw Refusals.notImplemented("partNumber of a multipart object");
        if (!part.equals("1"))
            throw new RefusedException(416, "InvalidPartNumber", "The requested partnumber is not satisfiable");
        return info.sizeBytes() == 0 ? null : new ByteRange(0, info.sizeBytes() - 1);
    }

    private static void refuseUnsupported(S3Call call) {
        call.requireCurrentVersion();
        if (call.headers().contains(CUSTOMER_KEY))
            throw Refusals.notImplemented(CUSTOMER_KEY.toString());
        if (call.principal().anonymous())
            for (var name : OVERRIDES)
                if (call.query().has("response-" + name))
                    throw Refusals.invalidRequest(
                            "Request specific response headers cannot be used for anonymous GET requests.");
    }

    private static void describe(S3Call call, ObjectInfo info, @Nullable ByteRange range, HttpHeaders headers) {
        state(info, headers);
        headers.set(ACCEPT_RANGES, BYTES);
        MetadataHeaders.write(info.metadata(), headers);
        if (range != null)
            headers.set("Content-Range", range.contentRange(info.sizeBytes()));
        if ((range == null || range.length() == info.sizeBytes())
                && "ENABLED".equalsIgnoreCase(call.headers().get(CHECKSUM_MODE)))
            ChecksumNames.put(headers, info.checksum());
        if (!call.query().isEmpty())
            override(call.query(), headers);
    }

    private static void state(ObjectInfo info, HttpHeaders headers) {
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
