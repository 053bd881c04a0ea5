package io.cairn.server.http;

import java.util.Map;

/// A request that is not served: HTTP status, the AWS error code, a message with the values concerned, and further named values
/// (S3 writes them as elements: `StringToSign`, `Resource`).
///
/// @param headers of the answer, beside those of every refusal
public record Refusal(int status, String code, String message, Map<String, String> details, Map<String, String> headers) {
    public Refusal(int status, String code, String message, Map<String, String> details) {
        this(status, code, message, details, Map.of());
    }

    public Refusal(int status, String code, String message) {
        this(status, code, message, Map.of());
    }
}
