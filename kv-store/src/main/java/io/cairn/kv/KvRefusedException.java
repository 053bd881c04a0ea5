package io.cairn.kv;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request that was not carried out, and changed nothing. The message has the values concerned, is fit for the client, and is DynamoDB's
/// own where it has one.
public final class KvRefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final Reason reason;
    private final transient @Nullable Item item;
    private final transient List<Cancellation> cancellations;

    public KvRefusedException(Reason reason, String message) {
        this(reason, message, null, List.of());
    }

    private KvRefusedException(Reason reason, String message, @Nullable Item item, List<Cancellation> cancellations) {
        super(message, null, false, false); // thrown for each failed condition: a stack trace costs more than the check
        this.reason = reason;
        this.item = item;
        this.cancellations = cancellations;
    }

    /// A [Reason#VALIDATION].
    public static KvRefusedException validation(String message) {
        return new KvRefusedException(Reason.VALIDATION, message);
    }

    /// @param item what stands under the key; null for nothing
    public static KvRefusedException conditionFailed(@Nullable Item item) {
        return new KvRefusedException(Reason.CONDITION_FAILED, "The conditional request failed", item, List.of());
    }

    /// @param cancellations one for each of the transaction's requests, in order
    public static KvRefusedException canceled(List<Cancellation> cancellations) {
        var codes = cancellations.stream().map(c -> c.reason == null ? "None" : c.code()).toList();
        return new KvRefusedException(Reason.TRANSACTION_CANCELED,
                "Transaction cancelled, please refer cancellation reasons for specific reasons [" + String.join(", ", codes)
                        + "]",
                null, List.copyOf(cancellations));
    }

    public Reason reason() {
        return reason;
    }

    /// For [Reason#CONDITION_FAILED]: the item that failed it, if there is one.
    public @Nullable Item item() {
        return item;
    }

    /// For [Reason#TRANSACTION_CANCELED]: one for each request, in order.
    public List<Cancellation> cancellations() {
        return cancellations;
    }

    /// What stood in the way of one of a transaction's requests.
    ///
    /// @param reason null when nothing did
    /// @param item for [Reason#CONDITION_FAILED]: what stands there, if anything
    public record Cancellation(@Nullable Reason reason, String message, @Nullable Item item) {
        public static final Cancellation NONE = new Cancellation(null, "", null);

        /// The code that the API has for it.
        public String code() {
            return switch (reason) {
                case null -> "None";
                case CONDITION_FAILED -> "ConditionalCheckFailed";
                case VALIDATION, NOT_FOUND, IN_USE, LIMIT_EXCEEDED, TOKEN_MISMATCH, TRANSACTION_CANCELED, EXPIRED,
                        OVERLOADED ->
                    "ValidationError";
            };
        }
    }
}
