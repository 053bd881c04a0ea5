package io.cairn.server.http;

import java.util.Map;

/// A request that is not served: HTTP status, the AWS error code, a message with the values concerned, and further named values
/// (S3 writes them as elements: `StringToSign`, `Resource`).
public record Refusal(int status, String code, String message, Map<String, String> details) {
    public Refusal(int status, String code, String message) {
        this(status, code, message, Map.of());
    }
}
