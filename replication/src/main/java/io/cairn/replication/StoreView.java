package io.cairn.replication;

import org.jspecify.annotations.Nullable;

/// The rows of a group, for reading: those of a [Store] as they are at each call, those of a [StoreSnapshot] as they were.
public interface StoreView {
    /// The value of a key, or null.
    byte @Nullable [] get(Space space, byte[] key);

    /// A walk over one space as it is at the call. Close it: it holds memory and files.
    Store.Cursor scan(Space space, Store.Range range);
}
