package io.cairn.object;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// The rules for tags (Amazon S3 user guide, "Categorizing your objects using tags"): lengths in characters.
public final class ObjectTags {
    public static final int MAX_TAGS = 10;
    public static final int MAX_NAME = 128;
    public static final int MAX_VALUE = 256;

    private ObjectTags() {}

    /// The same tags by name, or [Reason#INVALID_TAG].
    public static Map<String, String> checked(Map<String, String> tags) {
        if (tags.size() > MAX_TAGS)
            throw new ObjectRefusedException(Reason.INVALID_TAG,
                    "%d tags; an object has at most %d".formatted(tags.size(), MAX_TAGS));
        tags.forEach((name, value) -> {
            if (name.isEmpty() || name.codePointCount(0, name.length()) > MAX_NAME)
                throw new ObjectRefusedException(Reason.INVALID_TAG,
                        "a tag's name has 1 to %d characters: %s".formatted(MAX_NAME, name));
            if (value.codePointCount(0, value.length()) > MAX_VALUE)
                throw new ObjectRefusedException(Reason.INVALID_TAG,
                        "the value of tag %s has more than %d characters".formatted(name, MAX_VALUE));
        });
        return tags.isEmpty() ? Map.of() : Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }
}
