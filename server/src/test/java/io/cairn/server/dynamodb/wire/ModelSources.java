package io.cairn.server.dynamodb.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/// The Smithy models on the class path. DynamoDB's is published on Maven Central; that of DynamoDB Streams is not: its requests stand in our own
/// resource in the same form, taken from the AWS SDK's description of the service.
final class ModelSources {
    static final List<String> RESOURCES = List.of("/META-INF/smithy/2012-08-10/dynamodb-2012-08-10.json",
            "/io/cairn/server/dynamodb/streams.json");

    private ModelSources() {}

    static Map<String, Object> read(String resource) {
        try (var in = ModelSources.class.getResourceAsStream(resource)) {
            if (in == null)
                throw new IllegalStateException("not on the class path: " + resource);
            return ModelGenerator.map(JsonTree.parse(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
