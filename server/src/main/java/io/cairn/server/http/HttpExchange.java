package io.cairn.server.http;

import io.cairn.server.iam.Principal;
import io.cairn.server.sigv4.Payload;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One request on one [Connection]. The body belongs to the event loop, the answer to whoever gives it first.
final class HttpExchange implements Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(HttpExchange.class);
    private final Connection connection;
    private final Head head;
    private final Request request;
    private final String requestId;
    private final long startNanos = System.nanoTime();
    private final AtomicBoolean answered = new AtomicBoolean();
    private final AtomicBoolean bodyAsked = new AtomicBoolean();
    private Face face;
    private DoorMetrics.FaceMetrics metrics;
    private Principal principal = Principal.ANONYMOUS;
    private Payload payload = Payload.plain();

    /// The body, when it had to be read before the signature could be checked.
    private byte @Nullable [] collected;
    private int status;

    /// Guarded by itself; null once the exchange has ended.
    private final Object endLock = new Object();
    private @Nullable List<Runnable> endActions = new ArrayList<>(2);
    private long heapBytes;

    HttpExchange(Connection connection, Head head, Request request, String requestId, Face face) {
        this.connection = connection;
        this.head = head;
        this.request = request;
        this.requestId = requestId;
        this.face = face;
        this.metrics = connection.door().metrics().face(face.service());
        metrics.inFlight.increment();
    }

    Head head() {
        return head;
    }

    /// Loop only, before the face sees the exchange.
    void route(Face newFace) {
        if (newFace.service().equals(face.service()))
            return;
        metrics.inFlight.decrement();
        face = newFace;
        metrics = connection.door().metrics().face(face.service());
        metrics.inFlight.increment();
    }

    /// Loop only, before the face sees the exchange.
    void verified(Principal newPrincipal, Payload newPayload) {
        principal = newPrincipal;
        payload = newPayload;
    }

    void collected(byte[] bytes) {
        collected = bytes;
        bodyAsked.set(false);
    }

    Payload payload() {
        return payload;
    }

    void serve() {
        try {
            face.serve(this);
        } catch (Throwable t) {
            fail(t);
        }
    }

    @Override
    public Request request() {
        return request;
    }

    @Override
    public Principal principal() {
        return principal;
    }

    @Override
    public String requestId() {
        return requestId;
    }

    @Override
    public CompletableFuture<byte[]> body(int limitBytes) {
        askOnce();
        if (request.contentLength() > limitBytes)
            return CompletableFuture.failedFuture(CollectedBody.tooLarge(limitBytes));
        var collector = new CollectedBody(request.contentLength(), limitBytes, this::takeHeapForBody);
        receive(collector, false);
        return collector.result();
    }

    @Override
    public void receive(BodyReceiver receiver) {
        askOnce();
        boolean small = (request.contentLength() >= 0 && request.contentLength() <= BodyReceiver.INLINE_BYTES)
                || head.bodyBytes() == 0;
        receive(receiver, !small);
    }

    private void askOnce() {
        if (!bodyAsked.compareAndSet(false, true))
            throw new IllegalStateException("the body of request " + requestId + " was asked for twice");
    }

    private void receive(BodyReceiver receiver, boolean mayBlock) {
        var delivery = new BodyDelivery(this, payload, receiver);
        var ready = collected;
        if (ready == null)
            connection.receive(this,
                    mayBlock ? new BodyPump(connection, connection.door().workers(), delivery) : new InlineBody(delivery));
        else if (mayBlock)
            connection.door().workers().execute(() -> deliver(delivery, ready));
        else
            deliver(delivery, ready);
    }

    private static void deliver(BodyDelivery delivery, byte[] bytes) {
        delivery.piece(Unpooled.wrappedBuffer(bytes));
        delivery.ended();
    }

    @Override
    public Executor worker() {
        return connection.door().workers();
    }

    boolean answered() {
        return answered.get();
    }

    @Override
    public void answer(Answer answer) {
        if (answered.compareAndSet(false, true))
            connection.answer(this, answer);
        else
            AnswerWriter.release(answer);
    }

    @Override
    public void fail(Throwable failure) {
        if (answered.compareAndSet(false, true))
            connection.answer(this, refusal(failure));
    }

    /// How the face words a failure. Never throws.
    Answer refusal(Throwable failure) {
        var refusal = Refusals.of(failure);
        if (refusal == null) {
            LOG.error("request {} {} {} failed", requestId, request.method(), request.rawPath(), failure);
            refusal = new Refusal(500, "InternalError", "We encountered an internal error. Please try again.");
        }
        try {
            return face.refusal(request, requestId, refusal);
        } catch (RuntimeException e) {
            LOG.error("request {}: {} cannot word {}", requestId, face.service(), refusal.code(), e);
            return Answer.of(refusal.status());
        }
    }

    void status(int newStatus) {
        status = newStatus;
    }

    @Override
    public boolean takeHeap(long bytes) {
        return takeHeap(bytes, connection.door().workers().heap()::take);
    }

    private boolean takeHeapForBody(long bytes) {
        return takeHeap(bytes, connection.door().workers().heap()::takeForBody);
    }

    private boolean takeHeap(long bytes, LongPredicate budget) {
        synchronized (endLock) {
            if (endActions == null || !budget.test(bytes))
                return false;
            heapBytes += bytes;
            return true;
        }
    }

    @Override
    public void holdHeap(long bytes) {
        synchronized (endLock) {
            if (endActions == null)
                return;
            connection.door().workers().heap().change(bytes - heapBytes);
            heapBytes = bytes;
        }
    }

    @Override
    public void onEnd(Runnable action) {
        synchronized (endLock) {
            if (endActions != null) {
                endActions.add(action);
                return;
            }
        }
        run(action);
    }

    /// The answer was sent or the connection was lost. Only the first call counts.
    void end() {
        List<Runnable> actions;
        synchronized (endLock) {
            actions = endActions;
            endActions = null;
            if (heapBytes > 0)
                connection.door().workers().heap().change(-heapBytes);
            heapBytes = 0;
        }
        if (actions == null)
            return;
        metrics.inFlight.decrement();
        if (status > 0)
            metrics.answered(DoorMetrics.Operation.of(request.method()), status, System.nanoTime() - startNanos);
        for (var action : actions)
            run(action);
    }

    private void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException e) {
            LOG.error("request {}: an action at its end failed", requestId, e);
        }
    }
}
