package io.cairn.object.testkit;

import io.cairn.object.PutCondition;
import io.cairn.object.Reason;
import org.jspecify.annotations.Nullable;

/// What one client did to one key and what it was told, as a step of a register that holds the ETag of the key's newest object, or
/// [#NONE].
sealed interface KeyCall {
    String NONE = "";

    /// What the register holds after this call when it held `etag` before, or null when this answer could not have been given then.
    @Nullable
    String after(String etag);

    /// How a call that is under a condition ended.
    enum Answer {
        DONE, PRECONDITION_FAILED, NO_SUCH_KEY,
        /// No answer came: it may take effect at any time after it began, or never.
        NEVER;

        static Answer of(Reason reason) {
            return switch (reason) {
                case PRECONDITION_FAILED -> PRECONDITION_FAILED;
                case NO_SUCH_KEY -> NO_SUCH_KEY;
                default -> throw new AssertionError("not an answer to these calls: " + reason);
            };
        }

        /// What a store answers that holds `etag`.
        private static Answer to(PutCondition condition, String etag) {
            return switch (condition) {
                case PutCondition.Always() -> DONE;
                case PutCondition.IfAbsent() -> etag.isEmpty() ? DONE : PRECONDITION_FAILED;
                case PutCondition.IfMatch(var expected) -> {
                    if (etag.isEmpty())
                        yield NO_SUCH_KEY;
                    yield expected.equals("*") || expected.equals(etag) ? DONE : PRECONDITION_FAILED;
                }
            };
        }

        private boolean mayFollow(Answer right) {
            return this == right || (this == NEVER && right == DONE);
        }
    }

    /// @param answered the ETag that was read, or [#NONE]
    record Read(String answered) implements KeyCall {
        @Override
        public @Nullable String after(String etag) {
            return answered.equals(etag) ? etag : null;
        }
    }

    record Write(String written, PutCondition condition, Answer answer) implements KeyCall {
        @Override
        public @Nullable String after(String etag) {
            var right = Answer.to(condition, etag);
            if (!answer.mayFollow(right))
                return null;
            return right == Answer.DONE ? written : etag;
        }
    }

    record Delete(PutCondition condition, boolean existed, Answer answer) implements KeyCall {
        @Override
        public @Nullable String after(String etag) {
            var right = Answer.to(condition, etag);
            if (!answer.mayFollow(right) || (answer == Answer.DONE && existed == etag.isEmpty()))
                return null;
            return right == Answer.DONE ? NONE : etag;
        }
    }
}
