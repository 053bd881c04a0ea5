package io.cairn.kv.internal.expression;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.cairn.kv.KeyCondition;
import java.util.List;

/// From an expression's text to what is asked of items or done to them. What the text says is kept for the next request that has the same
/// text, with placeholders as they stand there; what they stand for is each request's own. Any thread.
public final class Compiler {
    private static final int MAX_KEPT = 4096;
    private static final Cache<Source, Parsed> PARSED = Caffeine.newBuilder().maximumSize(MAX_KEPT).build();

    private Compiler() {}

    private record Source(Kind kind, String text) {}

    private sealed interface Parsed {
        record Condition(Syntax.Clause clause) implements Parsed {}

        record Update(List<Syntax.Action> actions) implements Parsed {}

        record Projection(List<Syntax.Path> paths) implements Parsed {}
    }

    /// @param kind CONDITION or FILTER
    public static Question condition(Kind kind, String text, Binding binding) {
        var binder = new ConditionBinder(kind, binding);
        var condition = binder.bind(clause(kind, text));
        return new Question(condition, binder.attributes(), binder.nested());
    }

    public static KeyCondition keyCondition(String text, Binding binding) {
        return KeyConditionBinder.bind(clause(Kind.KEY_CONDITION, text), binding);
    }

    public static BoundUpdate update(String text, Binding binding) {
        return switch (parsed(Kind.UPDATE, text)) {
            case Parsed.Update(var actions) -> UpdateBinder.bind(actions, binding);
            case Parsed.Condition _,Parsed.Projection _ -> throw new IllegalStateException("no update was parsed");
        };
    }

    public static BoundProjection projection(String text, Binding binding) {
        return switch (parsed(Kind.PROJECTION, text)) {
            case Parsed.Projection(var paths) -> {
                var bound = paths.stream().map(path -> binding.path(Kind.PROJECTION, path)).toList();
                Overlap.refuse(Kind.PROJECTION, bound);
                yield new BoundProjection(bound);
            }
            case Parsed.Condition _,Parsed.Update _ -> throw new IllegalStateException("no projection was parsed");
        };
    }

    private static Syntax.Clause clause(Kind kind, String text) {
        return switch (parsed(kind, text)) {
            case Parsed.Condition(var clause) -> clause;
            case Parsed.Update _,Parsed.Projection _ -> throw new IllegalStateException("no condition was parsed");
        };
    }

    private static Parsed parsed(Kind kind, String text) {
        var source = new Source(kind, text);
        var kept = PARSED.getIfPresent(source);
        if (kept != null)
            return kept;
        var parsed = switch (kind) {
            case CONDITION, FILTER, KEY_CONDITION -> new Parsed.Condition(ConditionParser.parse(kind, text));
            case UPDATE -> new Parsed.Update(UpdateParser.parse(text));
            case PROJECTION -> new Parsed.Projection(ProjectionParser.parse(text));
        };
        PARSED.put(source, parsed);
        return parsed;
    }
}
