package io.cairn.server.s3;

import io.cairn.object.ChecksumAlgorithm;
import io.cairn.server.http.RefusedException;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a request's head says of its body's MD5 and checksum (Amazon S3 user guide, "Checking object integrity").
///
/// @param algorithm null when none is named
/// @param checksum null when none is named, or when it comes in a trailer
/// @param trailing the checksum comes behind the body
record Digests(byte @Nullable [] md5, @Nullable ChecksumAlgorithm algorithm, byte @Nullable [] checksum, boolean trailing) {
    private static final int MD5_BYTES = 16;

    static Digests of(HttpHeaders headers) {
        ChecksumAlgorithm algorithm = null;
        String value = null;
        for (var known : ChecksumAlgorithm.values()) {
            var sent = headers.get(ChecksumNames.header(known));
            if (sent == null)
                continue;
            if (algorithm != null)
                throw Refusals.invalidRequest(
                        "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
            algorithm = known;
            value = sent;
        }
        var md5 = md5(headers.get("content-md5"));
        var trailer = headers.get("x-amz-trailer");
        if (trailer != null && algorithm == null)
            return new Digests(md5, named(trailer), null, true);
        if (trailer != null)
            throw Refusals.invalidRequest("Expecting a single x-amz-checksum- header or trailer.");
        if (algorithm == null || value == null) {
            refuseNameWithoutValue(headers);
            return new Digests(md5, null, null, false);
        }
        return new Digests(md5, algorithm, ChecksumNames.value(algorithm, value), false);
    }

    private static ChecksumAlgorithm named(String trailer) {
        var name = trailer.strip().toLowerCase(Locale.ROOT);
        if (!name.startsWith(ChecksumNames.HEADER_PREFIX))
            throw Refusals.invalidRequest("The value specified in the x-amz-trailer header is not supported: " + trailer);
        return ChecksumNames.required(name.substring(ChecksumNames.HEADER_PREFIX.length()));
    }

    private static void refuseNameWithoutValue(HttpHeaders headers) {
        var named = headers.get("x-amz-sdk-checksum-algorithm");
        if (named != null)
            throw Refusals.invalidRequest("x-amz-sdk-checksum-algorithm specified (" + named
                    + "), but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.");
        for (Map.Entry<String, String> header : headers) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            if (name.startsWith(ChecksumNames.HEADER_PREFIX) && !name.endsWith("-algorithm") && !name.endsWith("-type")
                    && !name.endsWith("-mode"))
                ChecksumNames.required(name.substring(ChecksumNames.HEADER_PREFIX.length())); // throws: known ones were found above
        }
    }

    private static byte @Nullable [] md5(@Nullable String header) {
        if (header == null)
            return null;
        try {
            var md5 = Base64.getDecoder().decode(header.strip());
            if (md5.length == MD5_BYTES)
                return md5;
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw new RefusedException(400, "InvalidDigest", "The Content-MD5 you specified was invalid.");
    }

    boolean nothing() {
        return md5 == null && algorithm == null;
    }

    /// The checksum as known once the body is there, or null when the request named none.
    byte @Nullable [] checksum(HttpHeaders trailers) {
        if (!trailing || algorithm == null)
            return checksum;
        var value = trailers.get(ChecksumNames.header(algorithm));
        if (value == null)
            throw new RefusedException(400, "MalformedTrailerError",
                    "The request promised the trailer " + ChecksumNames.header(algorithm) + ", but it did not come");
        return ChecksumNames.value(algorithm, value.strip());
    }
}
