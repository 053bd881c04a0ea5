package io.cairn.server.s3;

import io.cairn.server.http.Request;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a request is about (Amazon S3 user guide, "Virtual hosting of general purpose buckets"). Keys are kept exactly as they
/// decode: `../x`, `a//b` and `.` are keys like any other.
///
/// @param bucket empty when the request is about the service
/// @param key empty when the request is about the bucket
record Address(String bucket, String key) {
    /// Names of S3 endpoints without their domain, old ones too (AWS general reference, "Amazon S3 endpoints").
    private static final Pattern ENDPOINT = Pattern.compile("s3(-[a-z0-9-]+|(\\.dualstack)?(\\.[a-z0-9-]+)?)");

    static Address of(Request request, List<String> domains) {
        var path = request.rawPath();
        int start = path.startsWith("/") ? 1 : 0;
        var host = request.headers().get("Host");
        var hosted = host == null ? null : bucketOf(host, domains);
        if (hosted != null)
            return new Address(hosted, PercentCoding.decode(path, start, path.length(), false));
        int slash = path.indexOf('/', start);
        int end = slash < 0 ? path.length() : slash;
        return new Address(PercentCoding.decode(path, start, end, false),
                PercentCoding.decode(path, Math.min(end + 1, path.length()), path.length(), false));
    }

    /// The bucket that a host name names, or null when it is the name of the endpoint itself.
    static @Nullable String bucketOf(String hostAndPort, List<String> domains) {
        int colon = hostAndPort.lastIndexOf(':');
        var port = colon > hostAndPort.lastIndexOf(']') ? colon : hostAndPort.length();
        if (port == 0 || Character.digit(hostAndPort.charAt(port - 1), 10) >= 0)
            return null; // an address: no name ends in a digit
        var host = hostAndPort.substring(0, port).toLowerCase(Locale.ROOT);
        for (var domain : domains) {
            if (host.equals(domain))
                return null;
            if (host.endsWith("." + domain))
                return host.substring(0, host.length() - domain.length() - 1);
        }
        if (host.endsWith(".localhost"))
            return bucketBeforeS3(host.substring(0, host.length() - ".localhost".length()), true);
        if (host.endsWith(".amazonaws.com"))
            return bucketBeforeS3(host.substring(0, host.length() - ".amazonaws.com".length()), false);
        return null;
    }

    /// `BUCKET`, or `BUCKET.` before the name of an endpoint; that name alone is the endpoint.
    private static @Nullable String bucketBeforeS3(String labels, boolean bareIsBucket) {
        if (ENDPOINT.matcher(labels).matches())
            return null;
        for (int dot = labels.lastIndexOf(".s3"); dot > 0; dot = labels.lastIndexOf(".s3", dot - 1))
            if (ENDPOINT.matcher(labels).region(dot + 1, labels.length()).matches())
                return labels.substring(0, dot);
        return bareIsBucket ? labels : null;
    }
}
