package io.cairn.kv.testkit;

import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

/// What every store of items does, wherever it keeps them: it answers like the model, also after crashes inside whatever it was doing. What was
/// acknowledged is there, what was not is there whole or not at all, indexes are what a walk over the table says, the stream tells every
/// change once and in order.
public abstract class KvContract {
    private static final Coverage COVERAGE = new Coverage();

    /// A machine of its own for each call.
    protected abstract KvSubject subject(long seed);

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
    void answersLikeTheModel(@ForAll("histories") List<Step> history) {
        run(history);
    }

    /// Does the history, and compares.
    final void run(List<Step> history) {
        try (var subject = subject(history.hashCode()); var run = new HistoryRun(subject, COVERAGE)) {
            run.run(history);
        }
    }

    @Provide
    Arbitrary<List<Step>> histories() {
        return Histories.histories();
    }

    @AfterContainer
    static void report() {
        COVERAGE.report("histories of items", Map.of());
    }
}
