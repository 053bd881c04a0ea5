package io.cairn.kv;

import io.cairn.kv.internal.expression.Binding;
import io.cairn.kv.internal.expression.Compiler;
import io.cairn.kv.internal.expression.Kind;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request's ExpressionAttributeNames and ExpressionAttributeValues, and what compiles its expressions with them.
///
///     var placeholders = new Placeholders(Map.of("#n", "name"), Item.of(":v", Value.n(1)));
///     var update = placeholders.update("SET #n = :v");
///     placeholders.requireAllUsed();
///
/// All that is wrong with an expression is a [KvRefusedException] of [Reason#VALIDATION] with DynamoDB's own text. The same text is parsed
/// once: the last 4,096 are kept. For one request and one thread; [#NONE] for any.
public final class Placeholders {
    /// For requests with neither names nor values.
    public static final Placeholders NONE = new Placeholders(null, null);
    private final Binding binding;

    /// @param names what each `#name` stands for; null when the request has no such member, which is not the same as empty
    /// @param values what each `:value` stands for; null when the request has no such member
    public Placeholders(@Nullable Map<String, String> names, @Nullable Item values) {
        this.binding = new Binding(names, values);
    }

    /// A ConditionExpression.
    public Condition condition(String text) {
        return new Condition(Compiler.condition(Kind.CONDITION, text, binding));
    }

    /// A FilterExpression.
    public Condition filter(String text) {
        return new Condition(Compiler.condition(Kind.FILTER, text, binding));
    }

    /// An UpdateExpression.
    public Update update(String text) {
        return new Update(Compiler.update(text, binding));
    }

    /// A ProjectionExpression.
    public Projection projection(String text) {
        return new Projection(Compiler.projection(text, binding));
    }

    /// A KeyConditionExpression.
    public KeyCondition keyCondition(String text) {
        return Compiler.keyCondition(text, binding);
    }

    /// After all of the request's expressions: refuses names and values that none has used.
    public void requireAllUsed() {
        binding.requireAllUsed();
    }
}
