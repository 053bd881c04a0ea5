package io.cairn.server.dynamodb.difference;

import io.cairn.kv.testkit.ApiCall;
import org.jspecify.annotations.Nullable;

/// One step of a history.
///
/// @param call the same request to the model; null where it is asked nothing
/// @param bad whether the request must be refused, and so change nothing
record Question(Request request, @Nullable ApiCall call, boolean bad) {
    static Question of(Request request) {
        return new Question(request, null, false);
    }
}
