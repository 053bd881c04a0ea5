package io.cairn.server.dynamodb;

import io.cairn.kv.KvStore;
import io.cairn.server.FaceFactory;
import io.cairn.server.Server;
import io.cairn.server.ServerOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/// A whole server in this process, over the engine on real files, with clients of today's SDK.
public record DynamoDbServer(Server server) implements AutoCloseable {
    public static final String ROOT_KEY = "CAIRNROOTKEY12345678";
    public static final String ROOT_SECRET = "rootsecretrootsecretrootsecretrootsecret";
    static final String USER_KEY = "AKUSER";
    static final String USER_SECRET = "usersecret";

    private record ItemsFace() implements FaceFactory {
        @Override
        public String service() {
            return "dynamodb";
        }

        @Override
        public OpenFace open(Context context) {
            var store = KvStore.open(context.data().resolve("kv"));
            return new OpenFace(new DynamoDbFace(store, DynamoDbSettings.DEFAULT, context.clock()), store.failed(), store);
        }
    }

    public static DynamoDbServer start(Path directory) throws Exception {
        var users = Files.writeString(directory.resolve("users"),
                USER_KEY + " " + USER_SECRET + " " + "a".repeat(64) + " A user\n");
        var options = ServerOptions.at(directory.resolve("data")).withPortOffset(OptionalInt.empty()).withUsersFile(users)
                .withEnvironment(Map.of("CAIRN_ROOT_ACCESS_KEY", ROOT_KEY, "CAIRN_ROOT_SECRET_KEY", ROOT_SECRET));
        return new DynamoDbServer(Server.start(options, List.of(new ItemsFace()), InstantSource.system()));
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + Objects.requireNonNull(server.endpoint("aws")).port());
    }

    DynamoDbClient client(String key, String secret) {
        return configured(DynamoDbClient.builder(), key, secret, List.of()).httpClient(UrlConnectionHttpClient.create()).build();
    }

    DynamoDbClient client(ExecutionInterceptor... interceptors) {
        return configured(DynamoDbClient.builder(), ROOT_KEY, ROOT_SECRET, List.of(interceptors))
                .httpClient(UrlConnectionHttpClient.create()).build();
    }

    DynamoDbAsyncClient asyncClient(ExecutionInterceptor... interceptors) {
        return configured(DynamoDbAsyncClient.builder(), ROOT_KEY, ROOT_SECRET, List.of(interceptors))
                .httpClient(NettyNioAsyncHttpClient.create()).build();
    }

    private <B extends AwsClientBuilder<B, ?>> B configured(B builder, String key, String secret,
            List<ExecutionInterceptor> interceptors) {
        return builder.endpointOverride(uri()).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret)))
                .overrideConfiguration(o -> interceptors.forEach(o::addExecutionInterceptor));
    }

    DynamoDbStreamsClient streams(String key, String secret) {
        return configured(DynamoDbStreamsClient.builder(), key, secret, List.of()).httpClient(UrlConnectionHttpClient.create())
                .build();
    }

    DynamoDbStreamsClient streams(ExecutionInterceptor... interceptors) {
        return configured(DynamoDbStreamsClient.builder(), ROOT_KEY, ROOT_SECRET, List.of(interceptors))
                .httpClient(UrlConnectionHttpClient.create()).build();
    }

    @Override
    public void close() {
        server.close();
    }
}
