package io.cairn.kv.testkit;

import io.cairn.kv.Reason;
import io.cairn.kv.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The model refuses a request and has changed nothing.
final class ModelRefused extends RuntimeException {
    private static final long serialVersionUID = 1;
    final Reason reason;
    /// For [Reason#CONDITION_FAILED]: what stands there.
    final transient @Nullable Map<String, Value> item;
    /// For [Reason#TRANSACTION_CANCELED]: the code of each request.
    final transient List<String> codes;

    ModelRefused(Reason reason) {
        this(reason, null, List.of());
    }

    ModelRefused(Reason reason, @Nullable Map<String, Value> item, List<String> codes) {
        super(reason.name());
        this.reason = reason;
        this.item = item;
        this.codes = List.copyOf(codes);
    }
}
