package io.cairn.server.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.object.Bucket;
import io.cairn.object.Deletion;
import io.cairn.server.http.Answer;
import java.util.ArrayList;
import java.util.List;

/// DeleteObjects: up to 1000 keys in one commit. Keys that cannot be deleted are named in the answer, the others are gone.
final class BatchDeletes {
    private static final int MAX_KEYS = 1000;

    /// What is to become of one key.
    ///
    /// @param error code of a refusal; empty when it is to be deleted
    private record Target(String key, String error, String message) {
        Target(String key) {
            this(key, "", "");
        }
    }

    private record Batch(List<Target> targets, boolean quiet) {}

    static void delete(S3Call call) {
        var bucket = call.bucket();
        var digests = Digests.of(call.headers());
        if (digests.nothing())
            throw Refusals.invalidRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
        DocumentReceiver.receive(call, digests, document -> delete(call, bucket, read(document)));
    }

    private static void delete(S3Call call, Bucket bucket, Batch batch) {
        var keys = batch.targets().stream().filter(target -> target.error().isEmpty()).map(Target::key).distinct()
                .map(Deletion::of).toList();
        call.answerWhen(bucket.deleteAll(keys), existed -> answer(batch));
    }

    private static Answer answer(Batch batch) {
        var xml = new XmlWriter(1024).openRoot("DeleteResult");
        for (var target : batch.targets()) {
            if (!target.error().isEmpty())
                xml.open("Error").element("Key", target.key()).element("Code", target.error())
                        .element("Message", target.message()).close("Error");
            else if (!batch.quiet())
                xml.open("Deleted").element("Key", target.key()).close("Deleted");
        }
        return Answer.of(200, XmlWriter.CONTENT_TYPE, xml.close("DeleteResult").bytes());
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
        var refused = new ArrayList<Target>(1);
        in.children(name -> {
            switch (name) {
                case "Key" -> key.append(in.text());
                case "VersionId" -> {
                    var version = in.text();
                    if (!version.isEmpty() && !version.equals("null"))
                        refused.add(new Target("", "NoSuchVersion", "The specified version does not exist."));
                }
                case "ETag", "LastModifiedTime", "Size" -> {
                    in.skip();
                    refused.add(new Target("", "NotImplemented", "conditional deletes are not implemented: " + name));
                }
                default -> in.skip();
            }
        });
        if (key.isEmpty())
            throw Refusals.malformedXml("an Object without Key");
        if (!refused.isEmpty())
            return new Target(key.toString(), refused.getFirst().error(), refused.getFirst().message());
        int bytes = key.toString().getBytes(UTF_8).length;
        return bytes > Refusals.MAX_KEY_BYTES
                ? new Target(key.toString(), "KeyTooLongError", Refusals.KEY_TOO_LONG)
                : new Target(key.toString());
    }

    private BatchDeletes() {}
}
