package io.cairn.server.sigv4;

import static io.cairn.server.sigv4.SignatureRefusedException.malformedTrailer;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The trailers of an aws-chunked body: exactly those that `x-amz-trailer` announced, and their signature when chunks are signed
/// ("Including Trailing Headers").
final class Trailers {
    /// All lines together.
    static final int MAX_BYTES = 8192;
    private static final String SIGNATURE = "x-amz-trailer-signature";
    private final TreeSet<String> announced = new TreeSet<>();
    private final TreeMap<String, String> received = new TreeMap<>();
    private final @Nullable ChunkSignatures signatures;
    private int bytes;
    private boolean verified;

    Trailers(String announcedNames, @Nullable ChunkSignatures signatures) {
        this.signatures = signatures;
        int from = 0;
        while (from < announcedNames.length()) {
            int to = announcedNames.indexOf(',', from);
            if (to < 0)
                to = announcedNames.length();
            var name = announcedNames.substring(from, to).strip().toLowerCase(Locale.ROOT);
            if (!name.isEmpty())
                announced.add(name);
            from = to + 1;
        }
    }

    /// Takes one line, without its end. True when it was the last.
    boolean line(CharSequence line) {
        bytes += line.length() + 2;
        if (bytes > MAX_BYTES)
            throw malformedTrailer("more than " + MAX_BYTES + " bytes");
        if (line.isEmpty()) {
            // A client that ends lines with LF CRLF sends an empty line between the trailers and their signature.
            if (signatures != null && !verified && !received.isEmpty())
                return false;
            end();
            return true;
        }
        var text = line.toString();
        int colon = text.indexOf(':');
        if (colon < 1 || text.chars().anyMatch(c -> c < ' ' || c >= 127))
            throw malformedTrailer("a line without name and colon, or with a control character");
        var name = text.substring(0, colon).strip().toLowerCase(Locale.ROOT);
        var value = text.substring(colon + 1).strip();
        if (verified)
            throw malformedTrailer(name + " stands behind the signature");
        if (name.equals(SIGNATURE))
            verify(value);
        else if (!announced.contains(name))
            throw malformedTrailer(name + " was not announced in x-amz-trailer");
        else if (received.putIfAbsent(name, value) != null)
            throw malformedTrailer(name + " is given twice");
        return false;
    }

    private void verify(String signature) {
        if (signatures == null)
            throw malformedTrailer("a trailer signature without signed chunks");
        var canonical = new Scratch();
        received.forEach((name, value) -> canonical.put(name).put(':').put(value).put('\n'));
        signatures.checkTrailers(signature, canonical);
        verified = true;
    }

    private void end() {
        if (!received.keySet().equals(announced))
            throw malformedTrailer("announced " + announced + ", received " + received.keySet());
        if (signatures != null && !verified && !received.isEmpty())
            throw malformedTrailer(SIGNATURE + " is missing");
    }

    HttpHeaders headers() {
        var headers = DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        received.forEach(headers::set);
        return headers;
    }
}
