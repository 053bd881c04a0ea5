package io.cairn.object.internal.row;

import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ChecksumType;

/// How enums stand in rows. Codes are never reused.
final class Codes {
    private Codes() {}

    static int of(ChecksumAlgorithm algorithm) {
        return switch (algorithm) {
            case CRC32 -> 1;
            case CRC32C -> 2;
            case CRC64NVME -> 3;
            case SHA1 -> 4;
            case SHA256 -> 5;
            case SHA512 -> 6;
            case MD5 -> 7;
            case XXHASH64 -> 8;
            case XXHASH3 -> 9;
            case XXHASH128 -> 10;
        };
    }

    static ChecksumAlgorithm algorithm(int code) {
        for (var algorithm : ChecksumAlgorithm.values())
            if (of(algorithm) == code)
                return algorithm;
        throw new IllegalArgumentException("checksum algorithm of code " + code + "; this program is older than the row");
    }

    static int of(ChecksumType type) {
        return switch (type) {
            case FULL_OBJECT -> 0;
            case COMPOSITE -> 1;
        };
    }

    static ChecksumType type(int code) {
        for (var type : ChecksumType.values())
            if (of(type) == code)
                return type;
        throw new IllegalArgumentException("checksum type of code " + code + "; this program is older than the row");
    }
}
