package io.cairn.replication;

/// What an engine may want to hear from its log. Called on the log's thread, in order, also while a log is replayed at open: be quick.
public interface CommitListener {
    CommitListener NONE = (index, stamp, note) -> {
    };

    /// A NOTE of an applied batch.
    void noted(long index, long stamp, byte[] note);

    /// Extents that were appended before this point of the log can be read by their addresses from now on. Not called during a replay.
    ///
    /// @param file of the log
    /// @param offset in it; extents in files of lower numbers lie before it
    default void written(long file, long offset) {}
}
