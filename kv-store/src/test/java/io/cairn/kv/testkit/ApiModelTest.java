package io.cairn.kv.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.kv.Reason;
import io.cairn.kv.Value;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Example;
import org.jspecify.annotations.Nullable;

/// Histories as requests of the API, and the model's answers to them: each operation is there, and reads tell what writes left.
class ApiModelTest {
    private static final int HISTORIES = 8;
    private final ApiHistories histories = new ApiHistories("-x");
    private final Set<String> operations = new TreeSet<>();
    private final Set<Reason> refusals = EnumSet.noneOf(Reason.class);

    @Example
    void readsTellWhatWritesLeft() {
        for (long seed = 1; seed <= HISTORIES; seed++) {
            var model = new ApiModel(histories.tables());
            for (var call : histories.of(seed))
                ask(model, call);
        }
        assertEquals(Set.of("PutItem", "UpdateItem", "DeleteItem", "GetItem", "BatchGetItem", "TransactGetItems",
                "TransactWriteItems", "Query",
                "Scan"), operations);
        assertTrue(refusals.containsAll(List.of(Reason.VALIDATION, Reason.CONDITION_FAILED, Reason.TRANSACTION_CANCELED)),
                refusals::toString);
    }

    private void ask(ApiModel model, ApiCall call) {
        var before = items(model);
        var answer = model.answer(call);
        operations.add(call.operation());
        if (answer.refused() != null) {
            refusals.add(answer.refused());
            assertEquals(before, items(model), () -> "a refused request changed something: " + call.members());
            return;
        }
        var table = String.valueOf(call.members().get("TableName"));
        switch (call.operation()) {
            case "PutItem" -> assertTrue(model.items(table).contains(call.members().get("Item")));
            case "GetItem" -> assertEquals(found(model, table, call.members().get("Key")), answer.members().get("Item"));
            case "Scan" -> assertTrue(call.members().containsKey("FilterExpression") || call.members().containsKey("IndexName")
                    || model.items(table).equals(new HashSet<>((List<?>) assertNotNullOf(answer.members().get("Items")))));
            default -> {
            }
        }
    }

    private static Object assertNotNullOf(@Nullable Object value) {
        assertNotNull(value);
        return value;
    }

    private Map<String, Set<Map<String, Value>>> items(ApiModel model) {
        return Map.of("songs-x", Set.copyOf(model.items("songs-x")), "users-x", Set.copyOf(model.items("users-x")));
    }

    private static @Nullable Map<String, Value> found(ApiModel model, String table, @Nullable Object key) {
        for (var item : model.items(table))
            if (key instanceof Map<?, ?> wanted && item.entrySet().containsAll(wanted.entrySet()))
                return item;
        return null;
    }
}
