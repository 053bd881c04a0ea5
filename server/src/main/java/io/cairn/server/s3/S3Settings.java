package io.cairn.server.s3;

import java.util.List;

/// What the S3 face is told at start.
///
/// @param region its name in answers; `us-east-1` alone lets an owner make his bucket again without an error
/// @param account the account's 12 digits, compared with `x-amz-expected-bucket-owner`
/// @param domains further host names, lower case, under which `BUCKET.domain` names a bucket (`CAIRN_S3_DOMAIN`)
public record S3Settings(String region, String account, List<String> domains) {
    public static final S3Settings DEFAULT = new S3Settings("us-east-1", "000000000000", List.of());

    public S3Settings {
        domains = List.copyOf(domains);
    }
}
