package io.cairn.server.cli.image;

/// Numbers of qcow2, by its specification (QEMU, `docs/interop/qcow2`). All fields are big-endian:
///
///     offset  bytes  field                     meaning
///          0      4  magic                     `QFI` and 0xfb
///          4      4  version                   2 or 3
///          8      8  backing_file_offset       0: none
///         16      4  backing_file_size
///         20      4  cluster_bits              a cluster has 1 << cluster_bits bytes
///         24      8  size                      of the disk, in bytes
///         32      4  crypt_method              0: none
///         36      4  l1_size                   count of entries
///         40      8  l1_table_offset
///         48      8  refcount_table_offset
///         56      4  refcount_table_clusters
///         60      4  nb_snapshots
///         64      8  snapshots_offset
///         72      8  incompatible_features     from here on of version 3 alone
///         80      8  compatible_features
///         88      8  autoclear_features
///         96      4  refcount_order            a count has 1 << refcount_order bits
///        100      4  header_length
///        104      1  compression_type          0: deflate; there if header_length reaches so far
///
/// An entry of the L1 table names a cluster of entries, an L2 table; an entry of that names a cluster of the disk:
///
///     bit      of an L1 entry     of an L2 entry                             of an L2 entry of compressed data, x = 70 - cluster_bits
///     0        0                  reads as zeros, whatever the offset (v3)   0 to x - 1: offset in the file, not aligned
///     9 to 55  offset of the L2   offset of the cluster                      x to 61: sectors of 512 bytes beside the first
///     62       0                  0                                          1
///     63       used once          used once                                  0
final class Qcow2 {
    static final int MAGIC = 0x514649fb;
    static final int HEADER_V2_BYTES = 72;
    static final int HEADER_V3_BYTES = 104;
    static final int MIN_CLUSTER_BITS = 9;
    static final int MAX_CLUSTER_BITS = 21;
    /// QEMU's own bound.
    static final int MAX_L1_BYTES = 32 << 20;

    static final long INCOMPATIBLE_DIRTY = 1;
    static final long INCOMPATIBLE_CORRUPT = 1 << 1;
    static final long INCOMPATIBLE_EXTERNAL_DATA = 1 << 2;
    static final long INCOMPATIBLE_COMPRESSION = 1 << 3;
    static final long INCOMPATIBLE_EXTENDED_L2 = 1 << 4;

    static final long OFFSET_MASK = 0x00ff_ffff_ffff_fe00L;
    static final long ZERO = 1;
    static final long COMPRESSED = 1L << 62;
    static final long USED_ONCE = 1L << 63;

    private Qcow2() {}
}
