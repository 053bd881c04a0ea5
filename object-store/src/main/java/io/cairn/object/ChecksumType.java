package io.cairn.object;

/// Of what a multipart object's checksum is taken: of all its bytes, or of its parts' checksums.
public enum ChecksumType {
    FULL_OBJECT, COMPOSITE
}
