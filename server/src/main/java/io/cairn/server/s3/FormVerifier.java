package io.cairn.server.s3;

import io.cairn.server.iam.Principal;
import io.cairn.server.sigv4.SigV4;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/// Says who signed the policy of a form, and what time it is.
public record FormVerifier(SigV4 signatures, InstantSource clock) {
    Principal signer(String credential, String date, String signature, @Nullable String token, String policy) {
        return signatures.signerOfPolicy(credential, date, signature, token, policy);
    }

    Instant now() {
        return clock.instant();
    }
}
