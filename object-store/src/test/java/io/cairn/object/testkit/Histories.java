package io.cairn.object.testkit;

import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ChecksumType;
import io.cairn.object.testkit.Step.*;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/// Random histories: at least 30 steps, of which one in six closes, or crashes inside an operation.
public final class Histories {
    private static final int MIN_STEPS = 30;
    private static final int MAX_STEPS = 60;

    /// Lists of steps; they shrink to few and simple ones.
    static Arbitrary<List<Step>> histories() {
        return steps().list().ofMinSize(MIN_STEPS).ofMaxSize(MAX_STEPS);
    }

    private static Arbitrary<Step> steps() {
        return Arbitraries.frequencyOf(Tuple.of(24, puts()), Tuple.of(2, keyed().map(Write::abandon)),
                Tuple.of(4, keys().map(Delete::new)),
                Tuple.of(3, keySets().map(DeleteAll::new)), Tuple.of(8, reads()), Tuple.of(9, listings()), Tuple.of(7, begins()),
                Tuple.of(16, parts()), Tuple.of(9, completions()), Tuple.of(2, uploads().map(CompleteAgain::new)),
                Tuple.of(1, uploads().map(Abort::new)), Tuple.of(2, uploadListings()),
                Tuple.of(1, Arbitraries.just(new DropBucket())),
                Tuple.of(4, Arbitraries.just(new Reopen())), Tuple.of(4, keyed().map(Write::crash)),
                Tuple.of(2, keySets().map(CrashInDelete::new)), Tuple.of(2, uploads().map(CrashInComplete::new)));
    }

    private record Write(String key, Content content) {
        Step abandon() {
            return new Abandon(key, content);
        }

        Step crash() {
            return new CrashInPut(key, content);
        }
    }

    private static Arbitrary<Write> keyed() {
        return Combinators.combine(keys(), contents()).as(Write::new);
    }

    private static Arbitrary<String> keys() {
        return Arbitraries.of(Step.KEYS);
    }

    private static Arbitrary<List<String>> keySets() {
        return keys().list().ofMinSize(1).ofMaxSize(8).uniqueElements();
    }

    private static Arbitrary<Integer> uploads() {
        return Arbitraries.integers().between(0, 3);
    }

    /// Around every border at which an engine may store bytes in another way.
    private static Arbitrary<Content> contents() {
        var sizes = Arbitraries.frequencyOf(Tuple.of(3, Arbitraries.of(0, 1)),
                Tuple.of(4, Arbitraries.integers().between(1000, 1050)),
                Tuple.of(2, Arbitraries.of(4095, 4096, 65_536, 65_537)),
                Tuple.of(2, Arbitraries.integers().between(199_000, 201_000)),
                Tuple.of(2, Arbitraries.of(262_143, 262_144, 262_145, 300_000)));
        return Combinators.combine(sizes, Arbitraries.integers().between(1, 5)).as(Content::new);
    }

    private static Arbitrary<Step> puts() {
        var faults = Arbitraries.frequency(Tuple.of(9, Fault.NONE), Tuple.of(4, Fault.ALL_SAID), Tuple.of(1, Fault.LENGTH),
                Tuple.of(1, Fault.MD5), Tuple.of(1, Fault.CHECKSUM));
        var conditions = Arbitraries.frequency(Tuple.of(7, Condition.ALWAYS), Tuple.of(2, Condition.IF_ABSENT),
                Tuple.of(2, Condition.IF_MATCH), Tuple.of(1, Condition.IF_MATCH_WRONG));
        return Combinators
                .combine(keys(), contents(), Arbitraries.of(ChecksumAlgorithm.class).injectNull(0.3), faults, conditions,
                        Arbitraries.of(1 << 30, 777, 65_536), Arbitraries.of("", "m"))
                .as((key, content, algorithm, fault, condition, piece, metadata) ->
                // one reason to refuse at a time: which of two comes first is nobody's business
                new Put(key, content, algorithm, fault,
                        fault == Fault.NONE || fault == Fault.ALL_SAID ? condition : Condition.ALWAYS, piece,
                        metadata));
    }

    private static Arbitrary<Step> reads() {
        var thousandths = Arbitraries.integers().between(0, 1000);
        return Combinators.combine(keys(), thousandths, thousandths)
                .as((key, a, b) -> new Read(key, Math.min(a, b), Math.max(a, b)));
    }

    private static Arbitrary<Step> listings() {
        return Combinators
                .combine(Arbitraries.of(Step.PREFIXES), Arbitraries.of(Step.DELIMITERS), Arbitraries.of(1, 2, 3, 5, 1000, 0))
                .as(ListKeys::new);
    }

    private static Arbitrary<Step> uploadListings() {
        return Combinators.combine(Arbitraries.of(Step.PREFIXES), Arbitraries.of(Step.DELIMITERS), Arbitraries.of(1, 2, 1000))
                .as(ListUploads::new);
    }

    private static Arbitrary<Step> begins() {
        return Combinators
                .combine(keys(), Arbitraries.of(ChecksumAlgorithm.class).injectNull(0.2), Arbitraries.of(ChecksumType.class))
                .as(Begin::new);
    }

    private static Arbitrary<Step> parts() {
        var faults = Arbitraries.frequency(Tuple.of(8, Fault.NONE), Tuple.of(2, Fault.ALL_SAID), Tuple.of(1, Fault.MD5),
                Tuple.of(1, Fault.CHECKSUM));
        return Combinators.combine(uploads(), Arbitraries.of(1, 1, 2, 2, 3, 9, 10_000), contents(), faults).as(PutPart::new);
    }

    private static Arbitrary<Step> completions() {
        var namings = Arbitraries.frequency(Tuple.of(6, Naming.ALL), Tuple.of(3, Naming.ALL_WITH_CHECKSUMS),
                Tuple.of(2, Naming.FIRST_ONLY),
                Tuple.of(3, Naming.LAST_ONLY), Tuple.of(1, Naming.WRONG_ETAG), Tuple.of(1, Naming.MISSING),
                Tuple.of(1, Naming.REVERSED),
                Tuple.of(1, Naming.WRONG_CHECKSUM));
        var conditions = Arbitraries.frequency(Tuple.of(3, Condition.ALWAYS), Tuple.of(1, Condition.IF_ABSENT),
                Tuple.of(1, Condition.IF_MATCH),
                Tuple.of(1, Condition.IF_MATCH_WRONG));
        return Combinators.combine(uploads(), namings, conditions)
                .as((upload, naming, condition) -> new Complete(upload, naming,
                        Naming.LAST_ONLY == naming ? condition : Condition.ALWAYS));
    }

    private Histories() {}
}
