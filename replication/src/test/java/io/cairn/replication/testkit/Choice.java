package io.cairn.replication.testkit;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCases;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/// Choices between arbitraries as jqwik's [Arbitraries] has them, for trees of many: for every value that jqwik draws from a choice it looks up the
/// chosen one's generator by the hash and the equality of all that is below it, which takes far longer than drawing. Here each alternative is equal
/// to itself alone.
public final class Choice {
    private Choice() {}

    private static final class Alternative<T> implements Arbitrary<T> {
        private final Arbitrary<T> arbitrary;

        Alternative(Arbitrary<T> arbitrary) {
            this.arbitrary = arbitrary;
        }

        @Override
        public RandomGenerator<T> generator(int genSize) {
            return arbitrary.generator(genSize);
        }

        @Override
        public RandomGenerator<T> generatorWithEmbeddedEdgeCases(int genSize) {
            return arbitrary.generatorWithEmbeddedEdgeCases(genSize);
        }

        @Override
        public EdgeCases<T> edgeCases(int maxEdgeCases) {
            return arbitrary.edgeCases(maxEdgeCases);
        }
    }

    /// As [Arbitraries#oneOf].
    @SafeVarargs
    public static <T> Arbitrary<T> oneOf(Arbitrary<? extends T>... alternatives) {
        var all = new ArrayList<Arbitrary<? extends T>>();
        for (var one : alternatives)
            all.add(one);
        return oneOf(all);
    }

    /// As [Arbitraries#oneOf].
    public static <T> Arbitrary<T> oneOf(List<? extends Arbitrary<? extends T>> alternatives) {
        var all = new ArrayList<Arbitrary<? extends T>>();
        for (var one : alternatives)
            all.add(new Alternative<>(Choice.<T>cast(one)));
        return Arbitraries.oneOf(all);
    }

    /// As [Arbitraries#frequencyOf].
    @SafeVarargs
    public static <T> Arbitrary<T> frequencyOf(Tuple.Tuple2<Integer, ? extends Arbitrary<? extends T>>... alternatives) {
        var all = new ArrayList<Tuple.Tuple2<Integer, Arbitrary<T>>>();
        for (var one : alternatives)
            all.add(Tuple.of(one.get1(), new Alternative<>(cast(one.get2()))));
        return Arbitraries.frequencyOf(all);
    }

    /// An arbitrary only ever gives its values away.
    @SuppressWarnings("unchecked")
    private static <T> Arbitrary<T> cast(Arbitrary<? extends T> arbitrary) {
        return (Arbitrary<T>) arbitrary;
    }

    /// As [Arbitrary#injectNull].
    public static <T> Arbitrary<@Nullable T> orNull(Arbitrary<T> arbitrary, double probability) {
        return new Alternative<>(arbitrary).injectNull(probability);
    }
}
