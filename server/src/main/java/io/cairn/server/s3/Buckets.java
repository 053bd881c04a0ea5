package io.cairn.server.s3;

import io.cairn.object.BucketInfo;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.ObjectStore;
import io.cairn.object.Reason;
import io.cairn.server.http.Answer;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.RefusedException;
import java.util.Locale;
import java.util.Map;

/// What is asked of buckets as such.
final class Buckets {
    private static final String USUAL_REGION = "us-east-1";

    /// ListBuckets: the caller's own; root sees all.
    static void list(S3Call call) {
        call.requireSigned();
        var prefix = call.query().get("prefix", "");
        var token = call.query().get("continuation-token");
        var after = token == null ? "" : Listings.continuation(token);
        int max = call.query().count("max-buckets", ObjectStore.MAX_BUCKETS);
        if (max == 0)
            throw Refusals.invalidArgument("max-buckets", "0", "max-buckets is 1 to " + ObjectStore.MAX_BUCKETS);
        call.onWorker(() -> {
            var mine = call.store().buckets().stream().filter(call::owns)
                    .filter(bucket -> bucket.name().startsWith(prefix) && bucket.name().compareTo(after) > 0)
                    .limit(max + 1L).toList();
            var page = mine.subList(0, Math.min(mine.size(), max));
            var xml = new XmlWriter().openRoot("ListAllMyBucketsResult");
            Owners.write(xml, "Owner", call.principal().canonicalId(), call.principal());
            xml.open("Buckets");
            for (var bucket : page)
                xml.open("Bucket").element("Name", bucket.name()).element("CreationDate", bucket.created())
                        .element("BucketRegion", call.settings().region()).close("Bucket");
            xml.close("Buckets");
            if (!prefix.isEmpty())
                xml.element("Prefix", prefix);
            if (mine.size() > max)
                xml.element("ContinuationToken", Listings.token(page.getLast().name()));
            return answer(xml, "ListAllMyBucketsResult");
        });
    }

    static void create(S3Call call) {
        call.requireSigned();
        call.space().require(0);
        var headers = call.headers();
        if ("true".equalsIgnoreCase(headers.get("x-amz-bucket-object-lock-enabled")))
            throw Refusals.notImplemented("x-amz-bucket-object-lock-enabled");
        for (var header : headers)
            MetadataHeaders.refuseAcl(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
        DocumentReceiver.receive(call, Digests.of(headers), document -> {
            readConfiguration(document);
            call.answer(createNow(call));
        });
    }

    /// A region other than this one is taken as well: there is one region here, and clients are set up for many.
    private static void readConfiguration(byte[] document) {
        if (document.length > 0)
            XmlReader.read(document, "CreateBucketConfiguration", in -> in.children(name -> {
                if (name.equals("LocationConstraint"))
                    in.text();
                else
                    in.skip();
            }));
    }

    private static Answer createNow(S3Call call) {
        var name = call.address().bucket();
        try {
            call.store().createBucket(name, call.principal().canonicalId());
        } catch (ObjectRefusedException e) {
            if (e.reason() != Reason.BUCKET_ALREADY_EXISTS)
                throw e;
            requireSameAgain(call, call.store().bucket(name).info(), e);
        }
        return Answer.of(200).header("Location", "/" + name);
    }

    private static void requireSameAgain(S3Call call, BucketInfo there, ObjectRefusedException exists) {
        if (!there.owner().equals(call.principal().canonicalId()))
            throw exists;
        if (!call.settings().region().equals(USUAL_REGION))
            throw new RefusedException(new Refusal(409, "BucketAlreadyOwnedByYou",
                    "Your previous request to create the named bucket succeeded and you already own it.",
                    Map.of("BucketName", there.name())));
    }

    static void head(S3Call call) {
        call.bucket();
        call.answer(Answer.of(200).header("x-amz-bucket-region", call.settings().region()).header("x-amz-access-point-alias",
                "false"));
    }

    static void delete(S3Call call) {
        call.bucket();
        call.onWorker(() -> {
            call.store().deleteBucket(call.address().bucket());
            return Answer.of(204);
        });
    }

    static void location(S3Call call) {
        call.bucket();
        var region = call.settings().region();
        call.answer(answer(new XmlWriter().openRoot("LocationConstraint").text(region.equals(USUAL_REGION) ? "" : region),
                "LocationConstraint"));
    }

    /// The owner may do all, nobody else anything.
    static void acl(S3Call call) {
        var owner = call.bucket().info().owner();
        call.answer(ownerOnly(call, owner));
    }

    static void objectAcl(S3Call call) {
        var bucket = call.bucket();
        var version = Versions.asked(call);
        call.onWorker(() -> {
            bucket.head(call.key(), version);
            return ownerOnly(call, bucket.info().owner());
        });
    }

    private static Answer ownerOnly(S3Call call, String owner) {
        var xml = new XmlWriter().openRoot("AccessControlPolicy");
        Owners.write(xml, "Owner", owner, call.principal());
        xml.open("AccessControlList").open("Grant").ascii(
                "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\">");
        Owners.fields(xml, owner, call.principal());
        xml.close("Grantee").element("Permission", "FULL_CONTROL").close("Grant").close("AccessControlList");
        return answer(xml, "AccessControlPolicy");
    }

    private static Answer answer(XmlWriter xml, String root) {
        return Answer.of(200, XmlWriter.CONTENT_TYPE, xml.close(root).bytes());
    }

    private Buckets() {}
}
