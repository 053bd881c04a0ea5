package io.cairn.kv.testkit;

import io.cairn.kv.Reason;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the model answers to an [ApiCall]. It knows no texts of errors and no sizes.
///
/// @param refused null for done
/// @param members of the answer, in the form of [ApiCall#members]; those that it does not say are not there
/// @param untold members of which the model knows nothing
/// @param codes of the reasons of a cancelled transaction
public record ApiAnswer(@Nullable Reason refused, Map<String, Object> members, List<String> untold, List<String> codes) {
    static ApiAnswer of(Map<String, Object> members, String... untold) {
        return new ApiAnswer(null, members, List.of(untold), List.of());
    }
}
