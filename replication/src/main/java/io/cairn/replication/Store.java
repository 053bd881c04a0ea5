package io.cairn.replication;

import org.jspecify.annotations.Nullable;

/// The applied state of a group: sorted maps of bytes, for reading. Keys are ordered as unsigned bytes. Any thread.
/// The store of a closed log throws `IllegalStateException`.
public interface Store extends StoreView {
    /// All spaces as they are between two batches. Close it: it keeps what is overwritten meanwhile.
    StoreSnapshot snapshot();

    /// What memory alone can tell of a key: then it is what [#get] gives. Never blocks, so it may be called on a thread that serves many.
    Peek peek(Space space, byte[] key);

    /// The value of a key if memory has it, by [#peek]. Null when there is none, or only the disk could tell.
    default byte @Nullable [] getIfInMemory(Space space, byte[] key) {
        return peek(space, key).value();
    }

    /// @param known whether memory could tell; if not, only [#get] can
    /// @param value null for none
    record Peek(boolean known, byte @Nullable [] value) {
        public static final Peek UNKNOWN = new Peek(false, null);
        public static final Peek ABSENT = new Peek(true, null);
    }

    /// The index of the newest entry that is applied.
    long appliedIndex();

    /// Reads every byte of the store's files and holds it against its checksums. Blocks, as long as that takes; [StoreFailedException] names
    /// the first that is damaged.
    void verifyFiles();

    /// How many seeks cursors have made since open: for tests and metrics that count the cost of a listing.
    long seeks();

    /// Keys from `from` (inclusive) up to `to` (exclusive, null for the end of the space).
    record Range(byte[] from, byte @Nullable [] to) {
        public static Range prefix(byte[] prefix) {
            return new Range(prefix, OrderedBytes.afterPrefix(prefix));
        }
    }

    /// Positions of a walk. Not thread-safe.
    interface Cursor extends AutoCloseable {
        /// Goes to the first key at or behind `key` within the range.
        void seek(byte[] key);

        /// Goes to the first key of the range.
        void seekToFirst();

        void next();

        /// Goes to the last key of the range.
        void seekToLast();

        /// Goes to the last key at or before `key` within the range.
        void seekForPrevious(byte[] key);

        /// Goes to the key before.
        void previous();

        /// Whether it stands on a row. Throws when the disk failed or bytes were damaged, so that `false` always means the end.
        boolean valid();

        byte[] key();

        byte[] value();

        @Override
        void close();
    }
}
