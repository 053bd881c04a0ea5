package io.cairn.server.s3;

import io.cairn.object.Bucket;
import io.cairn.object.BucketInfo;
import io.cairn.object.ListRequest;
import io.cairn.object.ObjectInfo;
import io.cairn.object.ObjectVersion;
import io.cairn.object.VersionListRequest;
import io.cairn.object.VersionListing;
import io.cairn.object.Versioning;
import io.cairn.server.http.Answer;
import io.cairn.server.http.RefusedException;
import io.cairn.server.s3.Listings.Spelling;
import io.cairn.server.xml.XmlWriter;
import io.netty.handler.codec.http.HttpHeaders;

/// PutBucketVersioning, GetBucketVersioning, ListObjectVersions, and how requests and answers name a version.
final class Versions {
    static final String VERSION_ID = "x-amz-version-id";
    static final String DELETE_MARKER = "x-amz-delete-marker";
    /// About what one version costs in XML.
    private static final int ENTRY_BYTES = 400;

    /// The version that a request is about; empty for the newest.
    static String asked(S3Call call) {
        var version = call.query().get("versionId");
        if (version != null && version.isEmpty())
            throw Refusals.invalidArgument("versionId", version, "Version id cannot be the empty string");
        return version == null ? "" : version;
    }

    /// Names a version in an answer, where the bucket has any: one that never was versioned tells none.
    static void tell(Bucket bucket, String versionId, HttpHeaders headers) {
        // A version with an id of its own says so itself, even when the bucket was deleted meanwhile.
        if (!versionId.equals(ObjectInfo.NULL_VERSION) || bucket.versioning() != Versioning.OFF)
            headers.set(VERSION_ID, versionId);
    }

    /// The state; an element without content when it never was set.
    static void get(S3Call call) {
        var bucket = call.bucket();
        var xml = new XmlWriter().openRoot("VersioningConfiguration", S3Face.NAMESPACE);
        switch (bucket.versioning()) {
            case OFF -> {
            }
            case ENABLED -> xml.element("Status", "Enabled");
            case SUSPENDED -> xml.element("Status", "Suspended");
        }
        call.answer(Answer.of(200, XmlWriter.CONTENT_TYPE, xml.close("VersioningConfiguration").bytes()));
    }

    static void put(S3Call call) {
        var bucket = call.bucket();
        if (call.headers().contains("x-amz-mfa"))
            throw Refusals.notImplemented("x-amz-mfa");
        DocumentReceiver.receive(call, Digests.of(call.headers()), document -> {
            bucket.setVersioning(read(document));
            call.answer(Answer.of(200));
        });
    }

    private static Versioning read(byte[] document) {
        var status = new StringBuilder();
        XmlReader.read(document, "VersioningConfiguration", in -> in.children(name -> {
            switch (name) {
                case "Status" -> status.append(in.text().strip());
                case "MfaDelete" -> {
                    if (!in.text().strip().equals("Disabled"))
                        throw Refusals.notImplemented("MfaDelete");
                }
                default -> in.skip();
            }
        }));
        return switch (status.toString()) {
            case "Enabled" -> Versioning.ENABLED;
            case "Suspended" -> Versioning.SUSPENDED;
            case "" -> throw new RefusedException(400, "IllegalVersioningConfigurationException",
                    "The Versioning element must be specified");
            default -> throw Refusals.malformedXml("Status is neither Enabled nor Suspended: " + status);
        };
    }

    static void list(S3Call call) {
        var bucket = call.bucket();
        var query = call.query();
        var spelling = Spelling.asked(query);
        var keyMarker = query.get("key-marker", "");
        var versionMarker = query.get("version-id-marker");
        if (versionMarker != null && versionMarker.isEmpty())
            throw Refusals.invalidArgument("version-id-marker", versionMarker, "A version-id marker cannot be empty.");
        if (versionMarker != null && keyMarker.isEmpty())
            throw Refusals.invalidArgument("version-id-marker", versionMarker,
                    "A version-id marker cannot be specified without a key marker.");
        var request = new VersionListRequest(query.get("prefix", ""), query.get("delimiter", ""), keyMarker,
                versionMarker == null ? "" : versionMarker, query.count("max-keys", ListRequest.MAX));
        call.onWorker(() -> answer(call, bucket.versions(request), request, spelling, bucket.info()));
    }

    private static Answer answer(S3Call call, VersionListing page, VersionListRequest request, Spelling spelling,
            BucketInfo owner) {
        int entries = page.versions().size() + page.commonPrefixes().size();
        var xml = new XmlWriter(1024 + ENTRY_BYTES * entries).openRoot("ListVersionsResult", S3Face.NAMESPACE)
                .element("Name", owner.name())
                .element("Prefix", spelling.of(request.prefix())).element("KeyMarker", spelling.of(request.afterKey()))
                .element("VersionIdMarker", request.afterVersion());
        if (page.truncated()) {
            xml.element("NextKeyMarker", spelling.of(page.nextKey()));
            if (!page.nextVersion().isEmpty())
                xml.element("NextVersionIdMarker", page.nextVersion());
        }
        xml.element("MaxKeys", request.max());
        if (!request.delimiter().isEmpty())
            xml.element("Delimiter", spelling.of(request.delimiter()));
        if (call.query().has("encoding-type"))
            xml.element("EncodingType", "url");
        xml.element("IsTruncated", page.truncated());
        for (var version : page.versions())
            entry(call, xml, version, spelling, owner);
        for (var prefix : page.commonPrefixes())
            xml.open("CommonPrefixes").element("Prefix", spelling.of(prefix)).close("CommonPrefixes");
        return Answer.of(200, XmlWriter.CONTENT_TYPE, xml.close("ListVersionsResult").bytes());
    }

    private static void entry(S3Call call, XmlWriter xml, ObjectVersion version, Spelling spelling, BucketInfo owner) {
        var element = version instanceof ObjectVersion.Stored ? "Version" : "DeleteMarker";
        xml.open(element).element("Key", spelling.of(version.key())).element("VersionId", version.versionId())
                .element("IsLatest", version.latest()).element("LastModified", version.lastModified());
        if (version instanceof ObjectVersion.Stored(var info, boolean _)) {
            xml.quoted("ETag", info.etag());
            var checksum = info.checksum();
            if (checksum != null)
                xml.element("ChecksumAlgorithm", checksum.algorithm().name()).element("ChecksumType", checksum.type().name());
            xml.element("Size", info.sizeBytes()).element("StorageClass", "STANDARD");
        }
        Owners.write(xml, "Owner", owner.owner(), call.principal());
        xml.close(element);
    }

    private Versions() {}
}
