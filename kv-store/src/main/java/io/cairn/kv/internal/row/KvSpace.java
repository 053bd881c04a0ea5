package io.cairn.kv.internal.row;

import io.cairn.replication.Engine;
import io.cairn.replication.Group;
import io.cairn.replication.Space;
import java.util.List;

/// The spaces of the key-value store. Written into every batch: only ever added to, at the end.
public enum KvSpace implements Space {
    /// [KeyLayout#key] -> the item.
    DATA,
    /// [KeyLayout#key] of a local index -> what it projects of the item.
    LSI,
    /// [KeyLayout#key] of a global index -> what it projects of the item.
    GSI,
    /// [StreamRow]s by [StreamRow#key].
    STREAM,
    /// [ExpiryRow#key] -> nothing.
    TTL,
    /// Idempotency tokens of transactions: [TokenRow].
    TOKEN,
    /// 0 -> u32 the next table's id; 1, table name -> [TableRow]; 2, table u32 -> [CountRow]; 3 -> [DisabledStreamRow].
    META;

    /// Group `number` of a key-value store.
    public static Group group(int number) {
        return new Group(Engine.KV, number, List.of(values()));
    }
}
