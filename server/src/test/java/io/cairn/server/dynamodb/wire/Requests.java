package io.cairn.server.dynamodb.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.cairn.kv.KvRefusedException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Short ways to ask the decoder.
final class Requests {
    static final Model MODEL = Model.load();

    private Requests() {}

    static Operation operation(String name) {
        for (var operation : MODEL.operations())
            if (operation.name().equals(name))
                return operation;
        throw new AssertionError("no operation " + name);
    }

    static Structure decode(String operation, String json) {
        return RequestDecoder.decode(operation(operation), json.getBytes(StandardCharsets.UTF_8));
    }

    static @Nullable String refused(ErrorType type, String operation, String json) {
        var refused = assertThrows(RequestRefusedException.class, () -> decode(operation, json), json);
        assertEquals(type, refused.type(), json);
        return refused.text();
    }

    static void assertConstraint(String operation, String json, String text) {
        assertEquals(text, refused(ErrorType.VALIDATION, operation, json), json);
    }

    /// What is said of the values of the member when they are asked for.
    static @Nullable String unusable(String operation, String json, String member) {
        var input = decode(operation, json);
        return assertThrows(KvRefusedException.class, () -> {
            var _ = input.item(member);
        }, json).getMessage();
    }
}
