package io.cairn.replication;

/// Keeps every extent that is named at this moment, or later, readable until closed, also when it is dropped meanwhile. Any thread;
/// closing twice does nothing.
public interface Pin extends AutoCloseable {
    @Override
    void close();
}
