package io.cairn.kv.testkit;

import io.cairn.kv.KvRefusedException;
import io.cairn.kv.Reason;
import io.cairn.kv.Value;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a request led to. Other exceptions pass through and fail the test, but for those of a machine without power.
sealed interface Outcome {
    record Answer(@Nullable Object value) implements Outcome {}

    /// @param item for [Reason#CONDITION_FAILED]: what stands there
    /// @param codes for [Reason#TRANSACTION_CANCELED]
    record Refused(Reason reason, @Nullable Map<String, Value> item, List<String> codes) implements Outcome {}

    /// No answer came, as the power was cut: it may have been done.
    record Died(Throwable why) implements Outcome {}

    static Outcome of(Supplier<? extends @Nullable Object> request) {
        try {
            return new Answer(request.get());
        } catch (KvRefusedException e) {
            return refused(e);
        } catch (ModelRefused e) {
            return new Refused(e.reason, e.item, e.codes);
        } catch (CompletionException e) {
            if (e.getCause() instanceof KvRefusedException refused)
                return refused(refused);
            throw e;
        }
    }

    private static Outcome refused(KvRefusedException e) {
        return new Refused(e.reason(), Plain.ofNullable(e.item()),
                e.cancellations().stream().map(KvRefusedException.Cancellation::code).toList());
    }

    /// Where the power may be cut meanwhile.
    static Outcome ofCut(Supplier<? extends @Nullable Object> request) {
        try {
            var outcome = of(request);
            return outcome instanceof Refused refused && refused.reason == Reason.OVERLOADED
                    ? new Died(new KvRefusedException(Reason.OVERLOADED, "no power"))
                    : outcome;
        } catch (RuntimeException e) {
            return new Died(e);
        }
    }
}
