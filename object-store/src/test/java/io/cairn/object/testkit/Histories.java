package io.cairn.object.testkit;

import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ChecksumType;
import io.cairn.object.Versioning;
import io.cairn.object.testkit.Step.*;
import io.cairn.replication.testkit.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Tuple;

/// Random histories: at least 30 steps, of which one in six closes, or crashes inside an operation.
public final class Histories {
    private static final int MIN_STEPS = 30;
    private static final int MAX_STEPS = 70;

    /// Made once: jqwik keeps the generators of all arbitraries it ever met, and finds one by comparing whole trees of them.
    private static final class Seeded { static final RandomGenerator<List<Step>> GENERATOR = histories().generator(1000); }

    /// Lists of steps; they shrink to few and simple ones. Most enable versioning once there is something.
    static Arbitrary<List<Step>> histories() {
        var begins = Arbitraries.frequency(Tuple.of(2, Versioning.OFF), Tuple.of(3, Versioning.ENABLED),
                Tuple.of(1, Versioning.SUSPENDED));
        var puts = puts().list().ofSize(3);
        var steps = steps().list().ofMinSize(MIN_STEPS).ofMaxSize(MAX_STEPS);
        return Combinators.combine(puts, begins, steps).as((first, versioning, rest) -> {
            var all = new ArrayList<Step>(first);
            all.add(new SetVersioning(versioning));
            all.addAll(rest);
            return all;
        });
    }

    /// The history of a seed.
    public static List<Step> of(long seed) {
        return Seeded.GENERATOR.next(new Random(seed)).value();
    }

    private static Arbitrary<Step> steps() {
        return Choice.frequencyOf(Tuple.of(36, puts()), Tuple.of(2, keyed().map(Write::abandon)),
                Tuple.of(7, deletions()), Tuple.of(3, deletionSets().map(DeleteAll::new)), Tuple.of(13, reads()),
                Tuple.of(6, listings()), Tuple.of(8, versionListings()), Tuple.of(12, begins()), Tuple.of(18, parts()),
                Tuple.of(13, completions()), Tuple.of(5, uploads().map(CompleteAgain::new)), Tuple.of(8, putsInParts()),
                Tuple.of(1, uploads().map(Abort::new)), Tuple.of(5, uploadListings()),
                Tuple.of(1, Arbitraries.just(new DropBucket())), Tuple.of(2, Arbitraries.integers().between(0, 1).map(Turn::new)),
                Tuple.of(3, Arbitraries.of(Versioning.class).map(SetVersioning::new)), Tuple.of(2, settings()),
                Tuple.of(4, tags()), Tuple.of(12, copies()), Tuple.of(10, partCopies()), Tuple.of(5, renames()),
                Tuple.of(4, Arbitraries.just(new Reopen())), Tuple.of(5, keyed().map(Write::crash)),
                Tuple.of(2, deletionSets().map(CrashInDelete::new)), Tuple.of(3, uploads().map(CrashInComplete::new)),
                Tuple.of(3, copies().map(CrashInCopy::new)), Tuple.of(1, tags().map(CrashInSetTags::new)),
                Tuple.of(1, Combinators.combine(keys(), keys()).as(CrashInRename::new)));
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

    /// Every second time one of three, so that versions pile up.
    private static Arbitrary<String> keys() {
        return Choice.oneOf(Arbitraries.of(Step.KEYS), Arbitraries.of("a", "a/1", "a/b/3"));
    }

    /// @param there weight of versions by their id, foreign of ids that no version, or none with bytes, has
    private static Arbitrary<Place> places(int newest, int there, int foreign) {
        var which = Arbitraries.frequency(Tuple.of(newest, Which.NEWEST), Tuple.of(there, Which.THERE),
                Tuple.of(there, Which.PARTS), Tuple.of(foreign, Which.MARKER), Tuple.of(foreign, Which.GONE),
                Tuple.of(foreign, Which.FOREIGN), Tuple.of(foreign, Which.MALFORMED));
        return Combinators.combine(keys(), which, Arbitraries.integers().between(0, 99)).as(Place::new);
    }

    /// How many buckets further on from the one whose turn it is.
    private static Arbitrary<Integer> otherBuckets() {
        return Arbitraries.of(0, 0, 0, 0, 1);
    }

    private static Arbitrary<Integer> uploads() {
        return Arbitraries.integers().between(0, 3);
    }

    /// Around every border at which an engine may store bytes in another way.
    private static Arbitrary<Content> contents() {
        var sizes = Choice.frequencyOf(Tuple.of(3, Arbitraries.of(0, 1)),
                Tuple.of(4, Arbitraries.integers().between(1000, 1050)),
                Tuple.of(2, Arbitraries.of(4095, 4096, 65_536, 65_537)),
                Tuple.of(2, Arbitraries.integers().between(199_000, 201_000)),
                Tuple.of(2, Arbitraries.of(262_143, 262_144, 262_145, 300_000)));
        return Combinators.combine(sizes, Arbitraries.integers().between(1, 5)).as(Content::new);
    }

    private static Arbitrary<Step> puts() {
        var faults = Arbitraries.frequency(Tuple.of(12, Fault.NONE), Tuple.of(5, Fault.ALL_SAID), Tuple.of(1, Fault.LENGTH),
                Tuple.of(1, Fault.MD5), Tuple.of(1, Fault.CHECKSUM));
        return Combinators
                .combine(keys(), contents(), Choice.orNull(Arbitraries.of(ChecksumAlgorithm.class), 0.3), faults, conditions(12),
                        Arbitraries.of(1 << 30, 777, 65_536), Arbitraries.of("", "m"))
                .as((key, content, algorithm, fault, condition, piece, metadata) ->
                // one reason to refuse at a time: which of two comes first is nobody's business
                new Put(key, content, algorithm, fault,
                        fault == Fault.NONE || fault == Fault.ALL_SAID ? condition : Condition.ALWAYS, piece,
                        metadata));
    }

    private static Arbitrary<Condition> conditions(int always) {
        return Arbitraries.frequency(Tuple.of(always, Condition.ALWAYS), Tuple.of(1, Condition.IF_ABSENT),
                Tuple.of(2, Condition.IF_MATCH), Tuple.of(1, Condition.IF_MATCH_ANY), Tuple.of(1, Condition.IF_MATCH_WRONG));
    }

    private static Arbitrary<Delete> deletions() {
        return Combinators.combine(places(8, 4, 3), conditions(12))
                .as((place, condition) -> new Delete(place, place.which() == Which.MALFORMED ? Condition.ALWAYS : condition));
    }

    /// Some name one key twice.
    private static Arbitrary<List<Delete>> deletionSets() {
        var twice = keys().map(key -> {
            var delete = new Delete(new Place(key, Which.NEWEST, 0), Condition.ALWAYS);
            return List.of(delete, delete);
        });
        return Choice.frequencyOf(Tuple.of(5, deletions().list().ofMinSize(1).ofMaxSize(4)), Tuple.of(1, twice));
    }

    private static Arbitrary<Step> reads() {
        var thousandths = Arbitraries.integers().between(0, 1000);
        return Combinators.combine(places(7, 7, 2), thousandths, thousandths)
                .as((place, a, b) -> new Read(place, Math.min(a, b), Math.max(a, b)));
    }

    private static Arbitrary<Step> listings() {
        return Combinators
                .combine(Arbitraries.of(Step.PREFIXES), Arbitraries.of(Step.DELIMITERS), Arbitraries.of(1, 2, 3, 5, 1000, 0))
                .as(ListKeys::new);
    }

    private static Arbitrary<Step> versionListings() {
        return Combinators
                .combine(Arbitraries.of(Step.PREFIXES), Arbitraries.of(Step.DELIMITERS), Arbitraries.of(1, 2, 3, 5, 1000, 0),
                        Choice.orNull(places(2, 3, 2), 0.6))
                .as(ListVersions::new);
    }

    private static Arbitrary<Step> uploadListings() {
        return Combinators
                .combine(Arbitraries.of("", "", "", "a", "a/"), Arbitraries.of("", "", "", "/"), Arbitraries.of(1, 1, 2, 1000))
                .as(ListUploads::new);
    }

    private static Arbitrary<Step> settings() {
        return Combinators.combine(Arbitraries.integers().between(0, 2), Arbitraries.of(-1, 0, 3, 65_536, 65_537))
                .as(SetSetting::new);
    }

    private static Arbitrary<SetTags> tags() {
        return Combinators.combine(places(3, 3, 1), Arbitraries.of("", "t", "u")).as(SetTags::new);
    }

    private static Arbitrary<Copy> copies() {
        return Combinators.combine(otherBuckets(), places(3, 6, 1), keys(), Arbitraries.of(Wish.class), conditions(12),
                Arbitraries.of("", "m", "n"))
                .as((bucket, source, key, wish, condition, metadata) -> new Copy(bucket, source, key, wish, condition, metadata));
    }

    private static Arbitrary<Step> renames() {
        return Combinators.combine(keys(), keys(), conditions(6), Arbitraries.of(Condition.ALWAYS, Condition.ALWAYS,
                Condition.IF_ABSENT, Condition.IF_MATCH_ANY)).as((source, target, ofSource, ofTarget) ->
        // one reason to refuse at a time
        new Rename(source, target, ofSource, ofSource == Condition.ALWAYS ? ofTarget : Condition.ALWAYS));
    }

    private static Arbitrary<Step> partCopies() {
        var runs = Arbitraries.of(List.of(0, 1000), List.of(0, 500), List.of(333, 667), List.of(500, 1000), List.of(1000, 1000));
        return Combinators.combine(uploads(), Arbitraries.of(1, 2, 3), otherBuckets(), places(2, 4, 1), runs)
                .as((upload, number, bucket, source, run) -> new CopyPart(upload, number, bucket, source, run.get(0),
                        run.get(1)));
    }

    private static Arbitrary<Step> begins() {
        var begun = Choice.oneOf(keys(), Arbitraries.of("a", "a/1")); // so that one key has several uploads
        return Combinators
                .combine(begun, Choice.orNull(Arbitraries.of(ChecksumAlgorithm.class), 0.2), Arbitraries.of(ChecksumType.class))
                .as(Begin::new);
    }

    /// The first part is as small as a part may be, or larger.
    private static Arbitrary<Step> putsInParts() {
        var first = Combinators.combine(Arbitraries.of(1030, 4096, 200_000, 300_000), Arbitraries.integers().between(1, 5))
                .as(Content::new);
        return Combinators
                .combine(keys(), Choice.orNull(Arbitraries.of(ChecksumAlgorithm.class), 0.3), Arbitraries.of(ChecksumType.class),
                        first, contents())
                .as((key, algorithm, type, one, two) -> new PutInParts(key, algorithm, type, one, two));
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
        return Combinators.combine(uploads(), namings, conditions(6))
                .as((upload, naming, condition) -> new Complete(upload, naming,
                        Naming.LAST_ONLY == naming ? condition : Condition.ALWAYS));
    }

    private Histories() {}
}
