package io.cairn.object;

/// The checksums S3 clients may ask for (Amazon S3 user guide, "Checking object integrity"). Only a CRC of the whole follows from those
/// of its parts, so the others have no full-object form in a multipart object.
public enum ChecksumAlgorithm {
    CRC32(4, true, true), CRC32C(4, true, true), CRC64NVME(8, true, false),
    SHA1(20, false, true), SHA256(32, false, true), SHA512(64, false, true), MD5(16, false, true),
    XXHASH64(8, false, true), XXHASH3(8, false, true), XXHASH128(16, false, true);

    private final int bytes;
    private final boolean fullObject;
    private final boolean composite;

    ChecksumAlgorithm(int bytes, boolean fullObject, boolean composite) {
        this.bytes = bytes;
        this.fullObject = fullObject;
        this.composite = composite;
    }

    /// Length of a value.
    public int bytes() {
        return bytes;
    }

    /// Whether a multipart object can have this checksum in that form.
    public boolean supports(ChecksumType type) {
        return switch (type) {
            case FULL_OBJECT -> fullObject;
            case COMPOSITE -> composite;
        };
    }
}
