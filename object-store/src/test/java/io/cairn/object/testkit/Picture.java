package io.cairn.object.testkit;

import io.cairn.object.*;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// All that a store holds, as lines that can be compared: buckets, settings, versions and markers with their ids and times, metadata, tags,
/// the bytes of every version by their digest, its parts, and unfinished uploads with their parts. Two stores with the same picture
/// cannot be told apart through [ObjectStore].
public final class Picture {
    private Picture() {}

    /// @param settings which of them are looked at
    public static List<String> of(ObjectStore store, List<String> settings) {
        var lines = new ArrayList<String>();
        for (var info : store.buckets()) {
            lines.add(info.toString());
            var bucket = store.bucket(info.name());
            lines.add("versioning " + bucket.versioning());
            for (var name : settings) {
                var document = bucket.setting(name);
                lines.add(name + " " + (document == null ? "none" : Spelled.digest(document)));
            }
            versions(bucket, lines);
            uploads(bucket, lines);
        }
        return lines;
    }

    private static void versions(Bucket bucket, List<String> lines) {
        var afterKey = "";
        var afterVersion = "";
        do {
            var page = bucket.versions(new VersionListRequest("", "", afterKey, afterVersion, ListRequest.MAX));
            for (var version : page.versions()) {
                lines.add(version.toString());
                if (version instanceof ObjectVersion.Stored(var info, boolean _))
                    try (var object = bucket.get(info.key(), info.versionId())) {
                        lines.add(object.info() + " " + Spelled.digest(object.readAllBytes()) + " " + object.parts(0, 10_000));
                    }
            }
            for (var key : bucket.list(ListRequest.ALL).objects())
                lines.add("listed " + key);
            afterKey = page.nextKey();
            afterVersion = page.nextVersion();
        } while (!afterKey.isEmpty());
    }

    private static void uploads(Bucket bucket, List<String> lines) {
        for (var upload : bucket.multiparts(new MultipartListRequest("", "", "", "", ListRequest.MAX)).uploads()) {
            var options = upload.options();
            var checksum = options.checksum();
            lines.add("upload " + upload.key() + " " + upload.id() + " " + upload.initiated() + " " + options.metadata() + " "
                    + options.tags() + " " + (checksum == null ? "" : checksum + " " + options.checksumType()));
            for (var part : upload.parts(0, 10_000))
                lines.add(part.toString() + (part.checksum() == null ? "" : HexFormat.of().formatHex(part.checksum().value())));
        }
    }
}
