package io.cairn.replication.internal.archive;

import io.cairn.replication.Group;

/// The head of a timeline, version 1. A timeline is one run of a log without a gap, from the first byte of one log file on. A log that
/// was restored, or that went on without its archive, begins another.
///
///     offset  bytes  field
///          0     12  magic "CAIRNTLN", version 1 ([Checked])
///         12      4  engine
///         16      4  group
///         20      8  timeline: random, not 0
///         28      8  first file: number of the log file that it begins with
///         36      8  first index: of the first entry in or after that file
///         44      8  begun: microseconds since 1970
///         52      4  crc32c
public record TimelineHead(int engine, int group, long timeline, long firstFile, long firstIndex, long begun) {
    static final long MAGIC = 0x4E4C544E52494143L; // "CAIRNTLN"
    static final int VERSION = 1;

    public TimelineHead(Group group, long timeline, long firstFile, long firstIndex, long begun) {
        this(group.engine().id(), group.number(), timeline, firstFile, firstIndex, begun);
    }

    public byte[] encode() {
        return Checked.seal(Checked.begin(MAGIC, VERSION, 40).putInt(engine).putInt(group).putLong(timeline).putLong(firstFile)
                .putLong(firstIndex).putLong(begun));
    }

    static TimelineHead decode(byte[] bytes) {
        return Checked.read(bytes, MAGIC, VERSION, in -> new TimelineHead(in.getInt(), in.getInt(), in.getLong(), in.getLong(),
                in.getLong(), in.getLong()));
    }
}
