package io.cairn.kv.internal.expression;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an expression's text says, with its placeholders as they stand there: so it can be kept and used for other requests.
sealed interface Syntax {
    /// What has a value.
    sealed interface Term extends Syntax {}

    /// What is true or false.
    sealed interface Clause extends Syntax {}

    /// @param resolved the path when no placeholder is in it
    record Path(List<Step> steps, @Nullable DocumentPath resolved) implements Term {}

    sealed interface Step {
        record Field(String name) implements Step {}

        /// @param key with its `#`
        record Placeholder(String key) implements Step {}

        record Element(int index) implements Step {}
    }

    /// A value placeholder.
    ///
    /// @param key with its `:`
    /// @param utf8 the key
    record Literal(String key, byte[] utf8) implements Term {}

    /// @param at where it stands in the text
    record Call(String function, List<Term> arguments, int at) implements Term, Clause {}

    /// Only in updates.
    record Sum(Term left, Term right, boolean minus) implements Term {}

    record Compare(Comparator comparator, Term left, Term right) implements Clause {}

    record Between(Term value, Term lower, Term upper) implements Clause {}

    record In(Term value, List<Term> candidates) implements Clause {}

    record And(Clause left, Clause right) implements Clause {}

    record Or(Clause left, Clause right) implements Clause {}

    record Not(Clause inner) implements Clause {}

    /// One of the things that an update does.
    sealed interface Action {
        Path path();

        record Set(Path path, Term value) implements Action {}

        record Remove(Path path) implements Action {}

        record Add(Path path, Literal value) implements Action {}

        record Delete(Path path, Literal value) implements Action {}
    }
}
