package io.cairn.replication.internal.archive;

/// How far a timeline is whole while nothing is changed, version 1: no entry with a stamp up to this one is, or will be, behind the named segment. The
/// newest one counts, unless its segment is missing; it is no damage when there is none.
///
///     offset  bytes  field
///          0     12  magic "CAIRNWMK", version 1 ([Checked])
///         12      8  timeline
///         20      8  sequence: of the timeline's last segment then
///         28      8  stamp: microseconds since 1970
///         36      4  crc32c
public record Watermark(long timeline, long sequence, long stamp) {
    static final long MAGIC = 0x4B4D574E52494143L; // "CAIRNWMK"
    static final int VERSION = 1;

    /// Within its timeline.
    public String name() {
        return Timeline.WATERMARKS + Timeline.digits(stamp);
    }

    public byte[] encode() {
        return Checked.seal(
                Checked.begin(MAGIC, VERSION, 24).putLong(timeline).putLong(sequence).putLong(stamp));
    }

    static Watermark decode(byte[] bytes) {
        return Checked.read(bytes, MAGIC, VERSION, in -> new Watermark(in.getLong(), in.getLong(), in.getLong()));
    }
}
