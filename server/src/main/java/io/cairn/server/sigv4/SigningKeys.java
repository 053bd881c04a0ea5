package io.cairn.server.sigv4;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.SecretKey;

/// Signing keys, derived once a day for each credential ("Calculate the signature": four HMACs in a row). Any thread.
///
/// Bound: [#CAPACITY] keys; when full, all are forgotten and derived again as needed.
final class SigningKeys {
    static final int CAPACITY = 1024;
    private final ConcurrentHashMap<String, SecretKey> byCredential = new ConcurrentHashMap<>();

    /// `claim` must name an access key that exists, so that strangers cannot fill the cache.
    SecretKey find(Claim claim, String secretKey) {
        var key = byCredential.get(claim.credential());
        if (key != null)
            return key;
        key = derive(claim, secretKey);
        if (byCredential.size() >= CAPACITY)
            byCredential.clear();
        byCredential.put(claim.credential(), key);
        return key;
    }

    int size() {
        return byCredential.size();
    }

    static SecretKey derive(Claim claim, String secretKey) {
        var text = new Scratch();
        // A secret is ASCII in AWS; one from a users file may not be, and then its UTF-8 bytes count, as in the SDKs.
        text.put("AWS4");
        for (byte b : secretKey.getBytes(StandardCharsets.UTF_8))
            text.put(b);
        var key = Sha256.key(Arrays.copyOf(text.array(), text.length()));
        key = Sha256.key(Sha256.hmac(key, text.clear().put(claim.scope(), 0, 8)));
        key = Sha256.key(Sha256.hmac(key, text.clear().put(claim.region())));
        key = Sha256.key(Sha256.hmac(key, text.clear().put(claim.service())));
        return Sha256.key(Sha256.hmac(key, text.clear().put("aws4_request")));
    }
}
