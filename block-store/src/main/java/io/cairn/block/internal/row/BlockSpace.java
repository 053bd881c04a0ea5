package io.cairn.block.internal.row;

import io.cairn.replication.Engine;
import io.cairn.replication.Group;
import io.cairn.replication.Space;
import java.util.List;

/// The spaces of the block store. Written into every batch: only ever added to, at the end.
public enum BlockSpace implements Space {
    /// 0 -> [CounterRow]; 1 -> u32 the next volume's number; 2, volume id -> [VolumeRow]; 3, snapshot id -> [SnapshotRow];
    /// 4, u32 number -> [DataKeyRow].
    META,
    /// u32 version -> its row.
    VERSION,
    /// u64 node -> its row.
    NODE,
    /// u64 stamp -> [Note]s that no checkpoint has yet.
    NOTE;

    /// Group `number` of a block store.
    public static Group group(int number) {
        return new Group(Engine.VOLUMES, number, List.of(values()));
    }
}
