package io.cairn.server.http;

import io.cairn.server.iam.Principal;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/// One request and its one answer.
public interface Exchange {
    Request request();

    /// [Principal#ANONYMOUS] when the request was not signed.
    Principal principal();

    String requestId();

    /// The whole body, already decoded and verified; fails with a [RefusedException] (`EntityTooLarge`, `IncompleteBody`, `XAmzContentSHA256Mismatch`, ...)
    /// and for more than `limitBytes`. Call this or [#receive], once.
    CompletableFuture<byte[]> body(int limitBytes);

    /// Hands the body over piece by piece, in order, with back-pressure: the next piece comes only after the one before was taken.
    void receive(BodyReceiver receiver);

    /// A bounded pool for what may block. Rejects with a [RefusedException] 503 `SlowDown` when its queue is full.
    Executor worker();

    /// Gives the answer; any thread; the first one counts. What is left of the request's body is drained (up to a bound, else
    /// the connection is closed). A [Throwable] instead of an answer: see [#fail].
    void answer(Answer answer);

    /// Answers with what the face says of this failure: a [RefusedException]'s refusal, else 500 `InternalError`, logged with the request id.
    void fail(Throwable failure);

    /// Takes more of the heap that large bodies and answers of all requests together may have, for this exchange until it ends. For what is
    /// larger than some kilobytes.
    ///
    /// @return false when there is not so much left: the request should be refused as one that may be sent again later
    boolean takeHeap(long bytes);

    /// What this exchange needs of that from now on, in place of all that it took; granted even when there is not so much left.
    void holdHeap(long bytes);

    /// Runs when the answer was sent or the connection was lost, whichever is first; at once if that was so already. Any thread.
    void onEnd(Runnable action);
}
