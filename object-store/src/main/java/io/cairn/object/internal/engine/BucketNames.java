package io.cairn.object.internal.engine;

import io.cairn.object.ObjectRefusedException;
import io.cairn.object.Reason;
import java.util.List;
import java.util.regex.Pattern;

/// Amazon S3 user guide, "General purpose bucket naming rules": 3 to 63 of lower-case letters, digits, dots and hyphens in labels; not an
/// IPv4 address; not with a prefix or suffix that S3 keeps for itself.
final class BucketNames {
    private static final Pattern LABELS = Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");
    private static final Pattern ADDRESS = Pattern.compile("[0-9]+\\.[0-9]+\\.[0-9]+\\.[0-9]+");
    private static final List<String> KEPT_PREFIXES = List.of("xn--", "sthree-", "amzn-s3-demo-");
    private static final List<String> KEPT_SUFFIXES = List.of("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3");

    private BucketNames() {}

    static void check(String name) {
        boolean kept = KEPT_PREFIXES.stream().anyMatch(name::startsWith) || KEPT_SUFFIXES.stream().anyMatch(name::endsWith);
        if (kept || name.length() < 3 || name.length() > 63 || !LABELS.matcher(name).matches() || ADDRESS.matcher(name).matches())
            throw new ObjectRefusedException(Reason.INVALID_BUCKET_NAME, "not a bucket name: " + name);
    }
}
