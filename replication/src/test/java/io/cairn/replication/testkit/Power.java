package io.cairn.replication.testkit;

import java.io.IOException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Power and faults of one machine: all its disks share it, so a cut stops them at the same instant. Its monitor guards them too.
public final class Power {
    private boolean off;
    private long operations;
    private long offAt = Long.MAX_VALUE;
    private long failWriteAt = Long.MAX_VALUE;
    private long failSyncAt = Long.MAX_VALUE;
    private long writes;
    private long syncs;
    private boolean syncsIgnored;
    private @Nullable String ignoredSuffix;
    private @Nullable BiConsumer<String, String> watcher;

    /// What a disk is asked to do.
    enum Kind {
        WRITE, SYNC, NAME
    }

    /// From now on every operation fails; what was not synced is in doubt.
    public synchronized void cut() {
        off = true;
    }

    /// Cuts the power at the `count`-th writing, syncing or naming operation from now, which is itself not done.
    public synchronized void cutAfter(long count) {
        offAt = operations + count;
    }

    /// Planted fault: the `count`-th write from now fails, and does half of its work.
    public synchronized void failWrite(long count) {
        failWriteAt = writes + count;
    }

    /// Planted fault: the `count`-th sync from now fails, and does nothing.
    public synchronized void failSync(long count) {
        failSyncAt = syncs + count;
    }

    /// Planted fault: syncs of files and of names say that they are done and do nothing.
    public synchronized void ignoreSyncs() {
        syncsIgnored = true;
    }

    /// Planted fault: the same, of files whose name ends so, alone.
    public synchronized void ignoreSyncsOf(String suffix) {
        ignoredSuffix = suffix;
    }

    /// Is told of each operation and its file before it is done; may itself use the disk.
    public synchronized void watch(BiConsumer<String, String> other) {
        watcher = other;
    }

    public synchronized boolean isOff() { return off; }

    synchronized boolean syncsIgnored(String name) {
        return syncsIgnored || ignoredSuffix != null && name.endsWith(ignoredSuffix);
    }

    void announce(String operation, String name) {
        BiConsumer<String, String> told;
        synchronized (this) {
            told = watcher;
        }
        if (told != null)
            told.accept(operation, name);
    }

    /// Under the monitor, before each operation. True: do half of it, then fail.
    boolean begin(Kind kind) throws IOException {
        if (++operations == offAt)
            off = true;
        check();
        if (kind == Kind.SYNC && ++syncs == failSyncAt)
            throw new IOException("planted: this sync fails");
        return kind == Kind.WRITE && ++writes == failWriteAt;
    }

    void check() throws IOException {
        if (off)
            throw new IOException("the power is off");
    }
}
