package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.CORSRule;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/// A browser asks before it uses a presigned address: with `OPTIONS`, at that very address, whose signature is that of a PUT.
class PresignedPreflightTest {
    @TempDir
    Path directory;

    @Test
    void aPreflightOfAPresignedAddressIsAnswered() throws Exception {
        try (var server = RunningServer.start(directory);
                var s3 = SdkClient.of(server);
                var http = HttpClient.newHttpClient();
                var presigner = S3Presigner.builder().endpointOverride(server.endpoint())
                        .region(Region.US_EAST_1)
                        .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
                        .credentialsProvider(StaticCredentialsProvider
                                .create(AwsBasicCredentials.create(server.accessKey(), server.secretKey())))
                        .build()) {
            s3.createBucket(b -> b.bucket("pages"));
            var rule = CORSRule.builder().allowedMethods("PUT").allowedOrigins("https://example.com").build();
            s3.putBucketCors(b -> b.bucket("pages").corsConfiguration(c -> c.corsRules(rule)));
            var address = presigner.presignPutObject(p -> p.signatureDuration(Duration.ofMinutes(5))
                    .putObjectRequest(r -> r.bucket("pages").key("k"))).url().toURI();
            var answer = http.send(HttpRequest.newBuilder(address).method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                    .header("Origin", "https://example.com").header("Access-Control-Request-Method", "PUT").build(),
                    BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer.body());
        }
    }
}
