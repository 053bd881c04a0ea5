package io.cairn.server.sigv4;

import io.cairn.server.iam.Credentials;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.checksums.DefaultChecksumAlgorithm;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/// A request as the AWS SDK for Java v2 signs it: the oracle for everything that Cairn verifies.
public record SdkSigned(String method, String path, String query, HttpHeaders headers, byte[] body) {
    public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    public static final String ACCESS_KEY = "AKIDEXAMPLE";
    public static final String SECRET_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    /// The ways in which a request can be signed.
    public enum Form {
        HASHED, UNSIGNED_PAYLOAD, PRESIGNED, SIGNED_CHUNKS, SIGNED_CHUNKS_AND_TRAILER, UNSIGNED_CHUNKS_AND_TRAILER;

        public boolean chunked() {
            return this == SIGNED_CHUNKS || this == SIGNED_CHUNKS_AND_TRAILER || this == UNSIGNED_CHUNKS_AND_TRAILER;
        }
    }

    /// @param uri with path and query as they go over the wire
    public static SdkSigned sign(Form form, String service, String method, URI uri, Map<String, String> headers, byte[] body,
            Instant now) {
        var request = SdkHttpRequest.builder().uri(uri).method(SdkHttpMethod.fromValue(method));
        headers.forEach(request::putHeader);
        if (form != Form.PRESIGNED && (body.length > 0 || form.chunked()))
            request.putHeader("Content-Length", Integer.toString(body.length));
        boolean s3 = service.equals("s3");
        var signed = AwsV4HttpSigner.create().sign(call -> {
            call.identity(AwsCredentialsIdentity.create(ACCESS_KEY, SECRET_KEY)).request(request.build())
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, service)
                    .putProperty(AwsV4HttpSigner.REGION_NAME, "eu-central-1").putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, !s3)
                    .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, !s3)
                    .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, ZoneOffset.UTC));
            // Whoever makes a presigned request does not know the body.
            if (form != Form.PRESIGNED)
                call.payload(() -> new ByteArrayInputStream(body));
            switch (form) {
                case HASHED -> {
                }
                case UNSIGNED_PAYLOAD -> call.putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false);
                case PRESIGNED -> call.putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
                        .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, Duration.ofMinutes(10))
                        .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false);
                case SIGNED_CHUNKS -> call.putProperty(AwsV4HttpSigner.CHUNK_ENCODING_ENABLED, true);
                case SIGNED_CHUNKS_AND_TRAILER -> call.putProperty(AwsV4HttpSigner.CHUNK_ENCODING_ENABLED, true)
                        .putProperty(AwsV4HttpSigner.CHECKSUM_ALGORITHM, DefaultChecksumAlgorithm.CRC32);
                case UNSIGNED_CHUNKS_AND_TRAILER -> call.putProperty(AwsV4HttpSigner.CHUNK_ENCODING_ENABLED, true)
                        .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)
                        .putProperty(AwsV4HttpSigner.CHECKSUM_ALGORITHM, DefaultChecksumAlgorithm.CRC32);
            }
        });
        var wire = DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        signed.request().forEachHeader((name, values) -> values.forEach(value -> wire.add(name, value)));
        var query = signed.request().encodedQueryParameters().orElse("");
        try {
            var payload = signed.payload().isPresent() ? signed.payload().get().newStream().readAllBytes() : body;
            return new SdkSigned(method, signed.request().encodedPath(), query, wire, payload);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Credentials credentials() {
        return Credentials.of(ACCESS_KEY, SECRET_KEY, List.of());
    }

    SdkSigned withMethod(String other) {
        return new SdkSigned(other, path, query, headers, body);
    }

    SdkSigned withPath(String other) {
        return new SdkSigned(method, other, query, headers, body);
    }

    SdkSigned withQuery(String other) {
        return new SdkSigned(method, path, other, headers, body);
    }

    SdkSigned withBody(byte[] other) {
        return new SdkSigned(method, path, query, headers, other);
    }

    SdkSigned withHeader(String name, String value) {
        var changed = headers.copy();
        changed.set(name, value);
        return new SdkSigned(method, path, query, changed, body);
    }
}
