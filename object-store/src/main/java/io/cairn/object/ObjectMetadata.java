package io.cairn.object;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// What a client keeps beside the bytes. Names are lower case; values are kept as sent.
///
/// @param headers standard headers given back with the object: `content-type`, `cache-control`, `content-disposition`,
///     `content-encoding`, `content-language`, `expires`
/// @param user the client's own names (without the `x-amz-meta-` prefix of the wire), 2 KiB in all at most
public record ObjectMetadata(Map<String, String> headers, Map<String, String> user) {
    public static final int MAX_USER_BYTES = 2048;
    public static final ObjectMetadata EMPTY = new ObjectMetadata(Map.of(), Map.of());

    public ObjectMetadata {
        headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
        user = Collections.unmodifiableSortedMap(new TreeMap<>(user));
        long bytes = 0;
        for (var entry : user.entrySet())
            bytes += entry.getKey().getBytes(StandardCharsets.UTF_8).length
                    + entry.getValue().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_USER_BYTES)
            throw new ObjectRefusedException(Reason.METADATA_TOO_LARGE,
                    "user metadata is %d bytes, at most %d are kept".formatted(bytes, MAX_USER_BYTES));
    }

    public static ObjectMetadata ofType(String contentType) {
        return new ObjectMetadata(Map.of("content-type", contentType), Map.of());
    }
}
