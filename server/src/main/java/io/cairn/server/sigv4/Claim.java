package io.cairn.server.sigv4;

import org.jspecify.annotations.Nullable;

/// What a request says of its own signature, parsed and not yet believed.
///
/// @param credential `ACCESS-KEY/yyyyMMdd/REGION/SERVICE/aws4_request`
/// @param scope the same without the access key
/// @param signedHeaders lower-case names, separated by `;`
/// @param expiresSeconds how long a presigned request holds from `signed` on; -1 for a signature in the `Authorization` header
/// @param securityToken of temporary credentials
public record Claim(String credential, String accessKey, String scope, String region, String service, String signedHeaders,
        String signature, Timestamp signed, long expiresSeconds, @Nullable String securityToken) {
    boolean presigned() {
        return expiresSeconds >= 0;
    }

    boolean signs(CharSequence header) {
        int from = 0;
        while (from <= signedHeaders.length()) {
            int to = signedHeaders.indexOf(';', from);
            if (to < 0)
                to = signedHeaders.length();
            if (to - from == header.length() && equalsIgnoreCase(header, from))
                return true;
            from = to + 1;
        }
        return false;
    }

    private boolean equalsIgnoreCase(CharSequence header, int from) {
        for (int i = 0; i < header.length(); i++) {
            char c = header.charAt(i);
            if (c >= 'A' && c <= 'Z')
                c = (char) (c | 0x20);
            if (c != signedHeaders.charAt(from + i))
                return false;
        }
        return true;
    }
}
