package io.cairn.server.s3;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cairn.object.Bucket;
import io.cairn.object.BucketInfo;
import io.cairn.object.ObjectRefusedException;
import io.cairn.object.ObjectStore;
import io.cairn.object.Reason;
import io.cairn.server.http.Answer;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.RefusedException;
import io.cairn.server.xml.XmlWriter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// What is asked of buckets as such.
final class Buckets {
    private static final String USUAL_REGION = "us-east-1";
    private static final String IRELAND = "eu-west-1";
    /// What a location constraint of eu-west-1 was called once; told as such by GetBucketLocation alone.
    private static final String OLD_IRELAND = "EU";
    private static final Pattern REGION = Pattern.compile(OLD_IRELAND + "|[a-z0-9-]{0,32}");

    /// ListBuckets: the caller's own; root sees all.
    static void list(S3Call call) {
        call.requireSigned();
        var prefix = call.query().get("prefix", "");
        var token = call.query().get("continuation-token");
        var after = token == null ? "" : Listings.continuation(token);
        var region = call.query().get("bucket-region", "");
        int max = call.query().count("max-buckets", ObjectStore.MAX_BUCKETS);
        if (max == 0)
            throw Refusals.invalidArgument("max-buckets", "0", "max-buckets is 1 to " + ObjectStore.MAX_BUCKETS);
        call.onWorker(() -> {
            var mine = call.store().buckets().stream().filter(call::owns)
                    .filter(bucket -> bucket.name().startsWith(prefix) && bucket.name().compareTo(after) > 0)
                    .filter(bucket -> region.isEmpty() || regionOf(call, bucket.name()).equals(region))
                    .limit(max + 1L).toList();
            var page = mine.subList(0, Math.min(mine.size(), max));
            var xml = new XmlWriter().openRoot("ListAllMyBucketsResult", S3Face.NAMESPACE);
            Owners.write(xml, "Owner", call.principal().canonicalId(), call.principal());
            xml.open("Buckets");
            for (var bucket : page)
                xml.open("Bucket").element("Name", bucket.name()).element("CreationDate", bucket.created())
                        .element("BucketRegion", regionOf(call, bucket.name())).close("Bucket");
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
        var ownership = Ownership.ofNewBucket(headers.get(Ownership.HEADER));
        DocumentReceiver.receive(call, Digests.of(headers), document -> {
            var settings = configuration(document);
            settings.put(BucketDocuments.OWNERSHIP, ownership);
            call.answer(createNow(call, settings));
        });
    }

    /// A region other than this one is taken as well, and told as the bucket's from then on: there is one region here, and clients are set
    /// up for many.
    private static Map<String, byte[]> configuration(byte[] document) {
        var settings = new HashMap<String, byte[]>();
        if (document.length > 0)
            XmlReader.read(document, "CreateBucketConfiguration", in -> in.children(name -> {
                switch (name) {
                    case "LocationConstraint" -> {
                        var region = in.text().strip();
                        if (!REGION.matcher(region).matches())
                            throw new RefusedException(new Refusal(400, "InvalidLocationConstraint",
                                    "The specified location-constraint is not valid", Map.of("LocationConstraint", region)));
                        if (!region.isEmpty())
                            settings.put(BucketDocuments.LOCATION, region.getBytes(US_ASCII));
                    }
                    case "Tags" -> settings.put(BucketDocuments.TAGS, BucketTagging.document(Tagging.set(in)));
                    case "Location", "Bucket" -> throw Refusals.notImplemented("CreateBucketConfiguration/" + name);
                    default -> in.skip();
                }
            }));
        return settings;
    }

    /// What the bucket was made with, else the server's.
    private static String region(S3Call call, Bucket bucket) {
        var region = BucketDocuments.text(bucket, BucketDocuments.LOCATION);
        return region.isEmpty() ? call.settings().region() : region.equals(OLD_IRELAND) ? IRELAND : region;
    }

    private static String regionOf(S3Call call, String name) {
        try {
            return region(call, call.store().bucket(name));
        } catch (ObjectRefusedException e) {
            return call.settings().region(); // deleted since it was listed
        }
    }

    private static Answer createNow(S3Call call, Map<String, byte[]> settings) {
        var name = call.address().bucket();
        try {
            call.store().createBucket(name, call.principal().canonicalId(), settings);
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
        var bucket = call.bucket();
        call.onWorker(() -> Answer.of(200).header("x-amz-bucket-region", region(call, bucket)).header("x-amz-access-point-alias",
                "false"));
    }

    static void delete(S3Call call, CorsConfigurations cors) {
        call.bucket();
        call.onWorker(() -> {
            call.store().deleteBucket(call.address().bucket());
            cors.changed(call.address().bucket());
            return Answer.of(204);
        });
    }

    static void location(S3Call call) {
        var bucket = call.bucket();
        call.onWorker(() -> {
            var made = BucketDocuments.text(bucket, BucketDocuments.LOCATION);
            var region = made.isEmpty() ? call.settings().region() : made;
            return answer(
                    new XmlWriter().openRoot("LocationConstraint", S3Face.NAMESPACE)
                            .text(region.equals(USUAL_REGION) ? "" : region),
                    "LocationConstraint");
        });
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
        var xml = new XmlWriter().openRoot("AccessControlPolicy", S3Face.NAMESPACE);
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
