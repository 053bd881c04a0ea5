package io.cairn.object.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.object.*;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;

/// The pages of the model's listings: every key is looked at, in order, and each rule is a line.
final class ModelListings {
    /// Unsigned bytes of UTF-8. Not the order of `String`, which puts U+E000 to U+FFFF behind everything above U+FFFF.
    static final Comparator<String> BYTE_ORDER = (a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));

    /// What a key is listed as: itself, or the common prefix it is rolled up into.
    private static String entry(String key, String prefix, String delimiter) {
        int at = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
        return at < 0 ? key : key.substring(0, at + delimiter.length());
    }

    private static boolean isCommonPrefix(String text, String prefix, String delimiter) {
        if (delimiter.isEmpty() || !text.startsWith(prefix))
            return false;
        int at = text.indexOf(delimiter, prefix.length());
        return at >= 0 && at + delimiter.length() == text.length();
    }

    private static boolean isRolled(String key, String prefix, String delimiter) {
        return !entry(key, prefix, delimiter).equals(key) || isCommonPrefix(key, prefix, delimiter);
    }

    private static boolean isWithin(String key, String after, String prefix, String delimiter) {
        return isCommonPrefix(after, prefix, delimiter) && key.startsWith(after);
    }

    static Listing keys(Collection<ObjectInfo> inOrder, ListRequest request) {
        var page = new ArrayList<ObjectInfo>();
        var prefixes = new ArrayList<String>();
        String last = "";
        for (var object : inOrder) {
            var key = object.key();
            if (!key.startsWith(request.prefix()) || BYTE_ORDER.compare(key, request.after()) <= 0
                    || isWithin(key, request.after(), request.prefix(), request.delimiter()))
                continue;
            var entry = entry(key, request.prefix(), request.delimiter());
            boolean rolled = isRolled(key, request.prefix(), request.delimiter());
            if (rolled && entry.equals(last))
                continue;
            if (page.size() + prefixes.size() == request.max())
                return new Listing(page, prefixes, last); // there is more, unless none was asked for: then last is empty
            if (rolled)
                prefixes.add(entry);
            else
                page.add(object);
            last = entry;
        }
        return new Listing(page, prefixes, "");
    }

    static VersionListing versions(SortedMap<String, ModelVersions> keys, VersionListRequest request) {
        if (!request.afterVersion().isEmpty())
            ModelVersions.requireId(request.afterVersion());
        var page = new ArrayList<ObjectVersion>();
        var prefixes = new ArrayList<String>();
        String lastKey = "";
        String lastVersion = "";
        for (var key : keys.keySet()) {
            if (!key.startsWith(request.prefix()) || BYTE_ORDER.compare(key, request.afterKey()) < 0
                    || isWithin(key, request.afterKey(), request.prefix(), request.delimiter()))
                continue;
            var entry = entry(key, request.prefix(), request.delimiter());
            boolean rolled = isRolled(key, request.prefix(), request.delimiter());
            var versions = keys.getOrDefault(key, new ModelVersions());
            for (var version : rest(key, versions, request)) {
                boolean latest = version.equals(versions.newest());
                if (rolled && entry.equals(lastKey))
                    continue;
                if (page.size() + prefixes.size() == request.max())
                    return new VersionListing(page, prefixes, lastKey, lastVersion);
                if (rolled)
                    prefixes.add(entry);
                else
                    page.add(version.listed(latest));
                lastKey = entry;
                lastVersion = rolled ? "" : version.versionId();
            }
        }
        return new VersionListing(page, prefixes, "", "");
    }

    private static List<ModelVersion> rest(String key, ModelVersions versions, VersionListRequest request) {
        if (!key.equals(request.afterKey()))
            return versions.all();
        return request.afterVersion().isEmpty() ? List.of() : versions.behind(request.afterVersion());
    }

    static MultipartListing multiparts(Collection<ModelMultipart> uploads, MultipartListRequest request) {
        var sorted = new ArrayList<>(uploads);
        sorted.sort(Comparator.comparing(ModelMultipart::key, BYTE_ORDER).thenComparing(ModelMultipart::id));
        var page = new ArrayList<MultipartUpload>();
        var prefixes = new ArrayList<String>();
        String lastKey = "";
        String lastId = "";
        for (var upload : sorted) {
            var key = upload.key();
            int order = BYTE_ORDER.compare(key, request.afterKey());
            boolean behind = order > 0
                    || (order == 0 && !request.afterId().isEmpty() && upload.id().compareTo(request.afterId()) > 0);
            if (!key.startsWith(request.prefix()) || !behind
                    || isWithin(key, request.afterKey(), request.prefix(), request.delimiter()))
                continue;
            var entry = entry(key, request.prefix(), request.delimiter());
            boolean rolled = isRolled(key, request.prefix(), request.delimiter());
            if (rolled && entry.equals(lastKey))
                continue;
            if (page.size() + prefixes.size() == request.max())
                return new MultipartListing(page, prefixes, lastKey, lastId);
            lastKey = entry;
            lastId = rolled ? "" : upload.id();
            if (rolled)
                prefixes.add(entry);
            else
                page.add(upload);
        }
        return new MultipartListing(page, prefixes, "", "");
    }

    private ModelListings() {}
}
