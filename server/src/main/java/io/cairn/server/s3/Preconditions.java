package io.cairn.server.s3;

import io.cairn.object.ObjectInfo;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// Whether a reader wants an object in the state it is in (Amazon S3 API reference, GetObject, "Overriding response header values"
/// and the notes on conditional headers; RFC 9110, section 13.2.2). If-Match that holds makes If-Unmodified-Since void, and
/// If-None-Match, whether it holds or not, makes If-Modified-Since void. Dates count in whole seconds; one that cannot be read is void.
final class Preconditions {
    private record Names(AsciiString match, AsciiString noneMatch, AsciiString modified, AsciiString unmodified) {
        Names(String prefix) {
            this(AsciiString.cached(prefix + "if-match"), AsciiString.cached(prefix + "if-none-match"),
                    AsciiString.cached(prefix + "if-modified-since"), AsciiString.cached(prefix + "if-unmodified-since"));
        }
    }

    private static final Names READ = new Names("");
    private static final Names COPY_SOURCE = new Names("x-amz-copy-source-");

    enum Outcome {
        SEND, NOT_MODIFIED
    }

    /// What to do for a GET or HEAD, or 412 `PreconditionFailed`.
    static Outcome ofRead(HttpHeaders headers, ObjectInfo object) {
        return of(headers, READ, object);
    }

    /// Holds, or 412 `PreconditionFailed`, also where a read would be answered 304.
    static void ofCopySource(HttpHeaders headers, ObjectInfo source) {
        if (of(headers, COPY_SOURCE, source) == Outcome.NOT_MODIFIED)
            throw Refusals.preconditionFailed("x-amz-copy-source-If-None-Match");
    }

    private static Outcome of(HttpHeaders headers, Names names, ObjectInfo object) {
        var ifMatch = headers.get(names.match());
        if (ifMatch != null) {
            if (!names(ifMatch, object.etag()))
                throw Refusals.preconditionFailed("If-Match");
        } else {
            long date = date(headers.get(names.unmodified()));
            if (date >= 0 && seconds(object) > date)
                throw Refusals.preconditionFailed("If-Unmodified-Since");
        }
        var ifNoneMatch = headers.get(names.noneMatch());
        if (ifNoneMatch != null)
            return names(ifNoneMatch, object.etag()) ? Outcome.NOT_MODIFIED : Outcome.SEND;
        long date = date(headers.get(names.modified()));
        return date >= 0 && seconds(object) <= date ? Outcome.NOT_MODIFIED : Outcome.SEND;
    }

    /// Whether `Range` is to be heeded: there is no If-Range, or it names this state.
    static boolean ifRange(HttpHeaders headers, ObjectInfo object) {
        var ifRange = headers.get("if-range");
        if (ifRange == null)
            return true;
        long date = date(ifRange);
        return date >= 0 ? date == seconds(object) : names(ifRange, object.etag());
    }

    /// Whether `*` or a list of entity tags, quoted or not, names `etag`.
    static boolean names(String list, String etag) {
        for (int from = 0; from <= list.length();) {
            int comma = list.indexOf(',', from);
            int end = comma < 0 ? list.length() : comma;
            var tag = list.substring(from, end).strip();
            if (tag.equals("*") || unquoted(tag.startsWith("W/") ? tag.substring(2) : tag).equals(etag))
                return true;
            from = end + 1;
        }
        return false;
    }

    static String unquoted(String etag) {
        return etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"") ? etag.substring(1, etag.length() - 1) : etag;
    }

    private static long seconds(ObjectInfo object) {
        return object.lastModified().getEpochSecond();
    }

    private static long date(@Nullable String header) {
        return header == null ? -1 : HttpDates.parse(header);
    }

    private Preconditions() {}
}
