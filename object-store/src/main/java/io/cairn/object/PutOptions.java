package io.cairn.object;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How an object is to be stored.
///
/// @param checksum the checksum to compute and keep beside the MD5 ETag, or null for none
/// @param checksumType of a multipart object's checksum; ignored for others, which are always [ChecksumType#FULL_OBJECT]
/// @param tags at most [ObjectTags#MAX_TAGS]
public record PutOptions(ObjectMetadata metadata, @Nullable ChecksumAlgorithm checksum, ChecksumType checksumType,
        PutCondition condition, Map<String, String> tags) {
    public static final PutOptions DEFAULT = new PutOptions(ObjectMetadata.EMPTY, null, ChecksumType.FULL_OBJECT,
            PutCondition.ALWAYS, Map.of());

    public PutOptions {
        tags = ObjectTags.checked(tags);
    }

    public PutOptions withMetadata(ObjectMetadata metadata) {
        return new PutOptions(metadata, checksum, checksumType, condition, tags);
    }

    public PutOptions withChecksum(@Nullable ChecksumAlgorithm algorithm, ChecksumType type) {
        return new PutOptions(metadata, algorithm, type, condition, tags);
    }

    public PutOptions withCondition(PutCondition condition) {
        return new PutOptions(metadata, checksum, checksumType, condition, tags);
    }

    public PutOptions withTags(Map<String, String> tags) {
        return new PutOptions(metadata, checksum, checksumType, condition, tags);
    }
}
