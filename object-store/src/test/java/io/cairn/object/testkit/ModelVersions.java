package io.cairn.object.testkit;

import static io.cairn.object.ObjectInfo.NULL_VERSION;

import io.cairn.object.ObjectRefusedException;
import io.cairn.object.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is kept of one key, the newest first. At most one version is the null version.
///
/// A version id other than [io.cairn.object.ObjectInfo#NULL_VERSION] is `v` and its stamp in 16 digits.
final class ModelVersions {
    private static final Pattern ID = Pattern.compile("v[0-9]{16}");
    private final List<ModelVersion> newestFirst = new ArrayList<>();

    static String id(long stamp) {
        return "v%016d".formatted(stamp);
    }

    static void requireId(String versionId) {
        if (!versionId.equals(NULL_VERSION) && !ID.matcher(versionId).matches())
            throw new ObjectRefusedException(Reason.INVALID_VERSION, "not a version id: " + versionId);
    }

    /// The stamp that an id tells, whether or not there is such a version.
    private static long stamp(String versionId) {
        return Long.parseLong(versionId.substring(1));
    }

    List<ModelVersion> all() {
        return newestFirst;
    }

    boolean isEmpty() { return newestFirst.isEmpty(); }

    @Nullable
    ModelVersion newest() {
        return newestFirst.isEmpty() ? null : newestFirst.getFirst();
    }

    @Nullable
    ModelVersion find(String versionId) {
        return newestFirst.stream().filter(version -> version.versionId().equals(versionId)).findAny().orElse(null);
    }

    /// Makes `version` the newest; a null version replaces that which is there.
    void add(ModelVersion version) {
        if (version.versionId().equals(NULL_VERSION))
            remove(NULL_VERSION);
        newestFirst.addFirst(version);
    }

    void remove(String versionId) {
        newestFirst.removeIf(version -> version.versionId().equals(versionId));
    }

    /// Puts `version` where the one of its stamp stands.
    void replace(ModelVersion version) {
        newestFirst.replaceAll(there -> there.stamp() == version.stamp() ? version : there);
    }

    /// What a page has of this key that begins behind `versionId`: whatever is older, also when that version is gone. A null version that
    /// is gone leaves no mark of its place: then all, since to name one twice is better than to skip it.
    List<ModelVersion> behind(String versionId) {
        long place = place(versionId);
        return newestFirst.stream().filter(version -> version.stamp() < place).toList();
    }

    private long place(String versionId) {
        if (!versionId.equals(NULL_VERSION))
            return stamp(versionId);
        var there = find(NULL_VERSION);
        return there == null ? Long.MAX_VALUE : there.stamp();
    }
}
