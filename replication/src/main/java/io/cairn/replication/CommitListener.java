package io.cairn.replication;

/// What an engine may want to hear from its log. Called on the log's thread, in order, also while a log is replayed at open: be quick.
public interface CommitListener {
    CommitListener NONE = (index, stamp, note) -> {
    };

    /// A NOTE of an applied batch.
    void noted(long index, long stamp, byte[] note);
}
