package io.cairn.server.http;

import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// Carries a body from the event loop to the worker pool. The loop adds pieces while less than [#HIGH_BYTES] wait, and is woken when
/// less than [#LOW_BYTES] do. At most one worker at a time takes from it, so the receiver's calls come one after the other; no worker
/// is held while the client is silent.
final class BodyPump implements BodySink, Runnable {
    static final int HIGH_BYTES = 128 << 10;
    static final int LOW_BYTES = 64 << 10;

    /// While more than this waits on all connections together, each may have one piece waiting.
    static final long ALL_BYTES = 64 << 20;

    private final Connection connection;
    private final Workers workers;
    private final BodyDelivery delivery;

    private final Object lock = new Object();
    // Guarded by lock:
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>(4);
    private int waitingBytes;
    private boolean running;
    private boolean loopWaits;
    private boolean ended;
    private boolean abandoned;
    private @Nullable Throwable cut;

    /// Loop only: the first task asks for room in the pool, the others continue what was let in.
    private boolean admitted;

    BodyPump(Connection connection, Workers workers, BodyDelivery delivery) {
        this.connection = connection;
        this.workers = workers;
        this.delivery = delivery;
    }

    @Override
    public boolean ready() {
        synchronized (lock) {
            int high = workers.waitingBodyBytes().get() < ALL_BYTES ? HIGH_BYTES : 1;
            if (waitingBytes < high)
                return true;
            loopWaits = true;
            return false;
        }
    }

    @Override
    public void piece(ByteBuf piece) {
        synchronized (lock) {
            if (abandoned) {
                piece.release();
                return;
            }
            waiting.add(piece);
            count(piece.readableBytes());
        }
        start();
    }

    @Override
    public void ended() {
        synchronized (lock) {
            ended = true;
        }
        start();
    }

    @Override
    public void cut(Throwable cause) {
        synchronized (lock) {
            if (ended || cut != null)
                return;
            cut = cause;
        }
        start();
    }

    @Override
    public void abandon() {
        synchronized (lock) {
            abandoned = true;
            releaseAll();
        }
    }

    private void start() {
        synchronized (lock) {
            if (running || abandoned)
                return;
            running = true;
        }
        try {
            if (admitted)
                workers.resume(this);
            else
                workers.execute(this);
            admitted = true;
        } catch (RuntimeException refused) {
            abandon();
            delivery.fail(refused);
        }
    }

    /// On a worker.
    @Override
    public void run() {
        while (true) {
            ByteBuf piece = null;
            Throwable failure;
            boolean wake;
            synchronized (lock) {
                failure = cut;
                if (failure != null)
                    releaseAll();
                else
                    piece = waiting.poll();
                if (piece != null)
                    count(-piece.readableBytes());
                if (abandoned || (piece == null && failure == null && !ended)) {
                    running = false;
                    if (piece != null)
                        piece.release();
                    return;
                }
                wake = loopWaits && waitingBytes < LOW_BYTES;
                if (wake)
                    loopWaits = false;
            }
            if (wake)
                connection.resume();
            if (piece != null) {
                delivery.piece(piece);
                continue;
            }
            // The last call: `running` stays set, so that nobody takes over.
            if (failure != null)
                delivery.fail(failure);
            else
                delivery.ended();
            return;
        }
    }

    private void releaseAll() {
        for (ByteBuf piece = waiting.poll(); piece != null; piece = waiting.poll())
            piece.release();
        count(-waitingBytes);
    }

    private void count(int bytes) {
        waitingBytes += bytes;
        workers.waitingBodyBytes().addAndGet(bytes);
    }
}
