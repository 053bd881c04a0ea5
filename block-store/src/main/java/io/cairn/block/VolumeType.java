package io.cairn.block;

/// What a volume is for, by EBS's names, and [#EPHEMERAL]. Rows name them by place: new ones stand at the end.
public enum VolumeType {
    GP3, GP2, IO1, IO2, ST1, SC1, STANDARD,
    /// What EC2 calls an instance store: as fast as a file, and its bytes are zeros again whenever the store is opened. Its definition stays. It is
    /// written in place: nothing of it is in the log, nor in an archive; a flush waits for what is under way, and syncs nothing. It has no snapshots, is no
    /// clone, and never becomes a volume of another type, nor one of these becomes ephemeral: [Reason#UNSUPPORTED]. Each block that is read is held against a
    /// checksum, which is in memory: 1.25 MiB for each GiB that is written.
    EPHEMERAL
}
