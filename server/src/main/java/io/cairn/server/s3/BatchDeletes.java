package io.cairn.server.s3;

import io.cairn.object.Bucket;
import io.cairn.object.DeleteOutcome;
import io.cairn.object.Deletion;
import io.cairn.object.PutCondition;
import io.cairn.object.Reason;
import io.cairn.object.Versioning;
import io.cairn.server.http.Answer;
import io.cairn.server.xml.XmlWriter;
import java.util.ArrayList;
import java.util.List;

/// DeleteObjects: up to 1000 keys, or versions of them, in one commit. What cannot be deleted is named in the answer, the rest is gone.
final class BatchDeletes {
    private static final int MAX_KEYS = 1000;

    /// What is to be deleted.
    ///
    /// @param error code of a refusal that is known before; empty when it is to be tried
    private record Target(Deletion deletion, String error, String message) {}

    private record Batch(List<Target> targets, boolean quiet) {}

    static void delete(S3Call call) {
        var bucket = call.bucket();
        var digests = Digests.of(call.headers());
        if (digests.nothing())
            throw Refusals.invalidRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
        DocumentReceiver.receive(call, digests, document -> delete(call, bucket, read(document)));
    }

    private static void delete(S3Call call, Bucket bucket, Batch batch) {
        var tried = batch.targets().stream().filter(target -> target.error().isEmpty()).map(Target::deletion).toList();
        boolean versioned = bucket.versioning() != Versioning.OFF;
        call.answerWhen(bucket.deleteAll(tried), outcomes -> answer(call, versioned, batch, outcomes));
    }

    private static Answer answer(S3Call call, boolean versioned, Batch batch, List<DeleteOutcome> outcomes) {
        var xml = new XmlWriter(1024).openRoot("DeleteResult", S3Face.NAMESPACE);
        var rest = outcomes.iterator();
        for (var target : batch.targets()) {
            if (!target.error().isEmpty()) {
                error(xml, target.deletion(), target.error(), target.message());
                continue;
            }
            switch (rest.next()) {
                case DeleteOutcome.Deleted deleted -> {
                    if (!batch.quiet())
                        deleted(xml, deleted, versioned);
                }
                case DeleteOutcome.Refused(var deletion, var reason, var message) -> {
                    // Beside others, S3 tells an id that cannot be like one that is not.
                    var told = reason == Reason.INVALID_VERSION ? Reason.NO_SUCH_VERSION : reason;
                    var refusal = Refusals.of(told, message, new Address(call.address().bucket(), deletion.key()));
                    error(xml, deletion, refusal.code(), refusal.message());
                }
            }
        }
        return Answer.of(200, XmlWriter.CONTENT_TYPE, xml.close("DeleteResult").bytes());
    }

    private static void error(XmlWriter xml, Deletion deletion, String code, String message) {
        xml.open("Error").element("Key", deletion.key());
        if (!deletion.versionId().isEmpty())
            xml.element("VersionId", deletion.versionId());
        xml.element("Code", code).element("Message", message).close("Error");
    }

    private static void deleted(XmlWriter xml, DeleteOutcome.Deleted deleted, boolean versioned) {
        var deletion = deleted.deletion();
        xml.open("Deleted").element("Key", deletion.key());
        if (!deletion.versionId().isEmpty() && versioned)
            xml.element("VersionId", deletion.versionId());
        if (!deleted.markerId().isEmpty())
            xml.element("DeleteMarker", true).element("DeleteMarkerVersionId", deleted.markerId());
        xml.close("Deleted");
    }

    private static Batch read(byte[] document) {
        var targets = new ArrayList<Target>();
        var quiet = new boolean[1];
        XmlReader.read(document, "Delete", in -> in.children(name -> {
            switch (name) {
                case "Object" -> targets.add(target(in));
                case "Quiet" -> quiet[0] = in.text().strip().equals("true");
                default -> in.skip();
            }
        }));
        if (targets.isEmpty() || targets.size() > MAX_KEYS)
            throw Refusals.malformedXml(targets.size() + " keys; 1 to " + MAX_KEYS + " are deleted at once");
        return new Batch(targets, quiet[0]);
    }

    private static Target target(XmlReader in) {
        var key = new StringBuilder();
        var version = new StringBuilder();
        var unsupported = new ArrayList<String>(0);
        var etag = new ArrayList<String>(0);
        in.children(name -> {
            switch (name) {
                case "Key" -> key.append(in.text());
                case "VersionId" -> version.append(in.text().strip());
                case "ETag" -> etag.add(Preconditions.unquoted(in.text().strip()));
                case "LastModifiedTime", "Size" -> {
                    in.skip();
                    unsupported.add(name);
                }
                default -> in.skip();
            }
        });
        if (key.isEmpty())
            throw Refusals.malformedXml("an Object without Key");
        var deletion = new Deletion(key.toString(), version.toString(),
                etag.isEmpty() ? PutCondition.ALWAYS : new PutCondition.IfMatch(etag.getFirst()));
        return unsupported.isEmpty()
                ? new Target(deletion, "", "")
                : new Target(deletion, "NotImplemented", "conditions of directory buckets are not implemented: " + unsupported);
    }

    private BatchDeletes() {}
}
