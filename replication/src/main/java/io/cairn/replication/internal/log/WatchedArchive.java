package io.cairn.replication.internal.log;

import io.cairn.replication.Archive;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/// An archive of which one can tell from outside that it does not answer: a network's file system may wait for ever. Whoever cannot wait any
/// longer abandons it; the call under way then fails when it returns, and so does each until [#again], so that the caller never goes on as
/// if what it has yet to read were still kept. Calls come from one thread, questions from any. What a stream of [#get] takes is not watched.
final class WatchedArchive implements Archive {
    private final Archive to;
    private final Duration patience;
    private boolean waiting;
    private long sinceNanos;
    private boolean abandoned;

    private interface Call<T> { T answer() throws IOException; }

    /// @param patience a call that takes longer is late
    WatchedArchive(Archive to, Duration patience) {
        this.to = to;
        this.patience = patience;
    }

    synchronized boolean late() {
        return waiting && System.nanoTime() - sinceNanos > patience.toNanos();
    }

    /// Whether it is abandoned; it is from now on if it is late and `unbearable`.
    synchronized boolean abandon(BooleanSupplier unbearable) {
        abandoned |= late() && unbearable.getAsBoolean();
        return abandoned;
    }

    synchronized boolean abandoned() {
        return abandoned;
    }

    /// The caller knows, and begins anew.
    synchronized void again() {
        abandoned = false;
    }

    private <T> T watched(Call<T> call) throws IOException {
        begin();
        T answer;
        try {
            answer = call.answer();
        } finally {
            end();
        }
        if (abandoned())
            throw new IOException("the archive has answered after more than " + patience.toSeconds()
                    + " s: the log did not keep for it what comes next");
        return answer;
    }

    private synchronized void begin() {
        waiting = true;
        sinceNanos = System.nanoTime();
    }

    private synchronized void end() {
        waiting = false;
    }

    @Override
    public void put(String name, long bytes, InputStream content) throws IOException {
        watched(() -> {
            to.put(name, bytes, content);
            return true;
        });
    }

    @Override
    public InputStream get(String name) throws IOException {
        return watched(() -> to.get(name));
    }

    @Override
    public List<String> list(String prefix) throws IOException {
        return watched(() -> to.list(prefix));
    }

    @Override
    public void delete(List<String> names) throws IOException {
        watched(() -> {
            to.delete(names);
            return true;
        });
    }

    @Override
    public void discardUnfinished(String prefix) throws IOException {
        watched(() -> {
            to.discardUnfinished(prefix);
            return true;
        });
    }

    @Override
    public String toString() {
        return to.toString();
    }
}
