package io.cairn.server.dynamodb;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/// A request as it goes over the wire, signed as the SDK signs it, and then perhaps spoiled. Header names are in lower case.
record SignedPost(String method, Map<String, String> headers, byte[] body) {
    /// What is signed.
    ///
    /// @param target empty for no such header
    record Plain(URI server, String key, String secret, String target, String contentType, Instant now) {
        Plain(DynamoDbServer server, String operation) {
            this(server.uri(), DynamoDbServer.ROOT_KEY, DynamoDbServer.ROOT_SECRET, "DynamoDB_20120810." + operation,
                    "application/x-amz-json-1.0",
                    Instant.now());
        }

        Plain withKeys(String otherKey, String otherSecret) {
            return new Plain(server, otherKey, otherSecret, target, contentType, now);
        }

        Plain withTarget(String other) {
            return new Plain(server, key, secret, other, contentType, now);
        }

        Plain withContentType(String other) {
            return new Plain(server, key, secret, target, other, now);
        }

        Plain at(Instant other) {
            return new Plain(server, key, secret, target, contentType, other);
        }

        SignedPost sign(String body) {
            return sign("POST", body.getBytes(UTF_8));
        }

        SignedPost sign(String method, byte[] body) {
            var request = SdkHttpRequest.builder().uri(server).method(SdkHttpMethod.fromValue(method));
            if (!contentType.isEmpty())
                request.putHeader("Content-Type", contentType);
            if (!target.isEmpty())
                request.putHeader("X-Amz-Target", target);
            var signed = AwsV4HttpSigner.create()
                    .sign(call -> call.identity(AwsCredentialsIdentity.create(key, secret)).request(request.build())
                            .payload(() -> new ByteArrayInputStream(body))
                            .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "dynamodb")
                            .putProperty(AwsV4HttpSigner.REGION_NAME, "us-east-1")
                            .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC)));
            var headers = new LinkedHashMap<String, String>();
            signed.request()
                    .forEachHeader((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
            headers.put("content-length", Integer.toString(body.length));
            return new SignedPost(method, headers, body);
        }
    }

    SignedPost with(String header, String value) {
        var changed = new LinkedHashMap<>(headers);
        changed.put(header, value);
        return new SignedPost(method, changed, body);
    }

    SignedPost without(String... names) {
        var changed = new LinkedHashMap<>(headers);
        List.of(names).forEach(changed::remove);
        return new SignedPost(method, changed, body);
    }

    SignedPost withMethod(String other) {
        return new SignedPost(other, headers, body);
    }

    SignedPost withBody(byte[] other) {
        return new SignedPost(method, headers, other).with("content-length", Integer.toString(other.length));
    }

    String header(String name) {
        return headers.getOrDefault(name, "");
    }

    byte[] wire() {
        var lines = new ArrayList<String>();
        lines.add(method + " / HTTP/1.1");
        headers.forEach((name, value) -> lines.add(name + ": " + value));
        var out = new ByteArrayOutputStream();
        out.writeBytes((String.join("\r\n", lines) + "\r\n\r\n").getBytes(ISO_8859_1));
        out.writeBytes(body);
        return out.toByteArray();
    }
}
