package io.cairn.replication;

/// All spaces as they were between two batches. Any thread; closed when nobody reads from it any more.
/// Close it: it keeps what is overwritten meanwhile.
public interface StoreSnapshot extends StoreView, AutoCloseable {
    @Override
    void close();
}
