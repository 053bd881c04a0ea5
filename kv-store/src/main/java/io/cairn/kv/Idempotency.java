package io.cairn.kv;

/// Under which a transaction is carried out once, however often it is sent within ten minutes.
///
/// @param token 1 to 36 characters
/// @param requestHash SHA-256 of what is asked: the same token with another is refused with [Reason#TOKEN_MISMATCH]
public record Idempotency(String token, byte[] requestHash) {}
