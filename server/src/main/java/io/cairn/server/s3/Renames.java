package io.cairn.server.s3;

import io.cairn.object.PutCondition;
import io.cairn.server.http.Answer;
import io.netty.handler.codec.http.HttpHeaders;

/// RenameObject. S3 has it for directory buckets alone; here it is as cheap in every bucket: one commit, no bytes copied. The client's
/// token is not kept: whoever repeats a rename whose answer was lost is told 404, as the source is gone.
final class Renames {
    private static final String SOURCE = "x-amz-rename-source";
    private static final String SOURCE_IF_MATCH = "x-amz-rename-source-if-match";
    private static final String[] UNSUPPORTED = {"if-modified-since", "if-unmodified-since", "x-amz-rename-source-if-none-match",
            "x-amz-rename-source-if-modified-since", "x-amz-rename-source-if-unmodified-since"};

    static void rename(S3Call call) {
        var bucket = call.bucket();
        var headers = call.headers();
        for (var header : UNSUPPORTED)
            if (headers.contains(header))
                throw Refusals.notImplemented(header);
        var source = source(call);
        var ifMatch = headers.get(SOURCE_IF_MATCH);
        PutCondition ofSource = ifMatch == null
                ? PutCondition.ALWAYS
                : new PutCondition.IfMatch(Preconditions.unquoted(ifMatch.strip()));
        var ofTarget = ObjectWrites.condition(headers);
        if (source.equals(call.key()))
            throw Refusals.invalidRequest("The source and the destination of a rename are the same");
        call.runOnWorker(() -> call.answerWhen(bucket.rename(source, ofSource, call.key(), ofTarget), info -> {
            var answer = Answer.of(200);
            Versions.tell(bucket, info.versionId(), answer.headers());
            return answer;
        }));
    }

    /// `/bucket/key`, percent-encoded, in the same bucket; or, without the slash before it, the key alone.
    private static String source(S3Call call) {
        HttpHeaders headers = call.headers();
        var header = headers.get(SOURCE, "");
        var path = PercentCoding.decode(header, 0, header.length(), false);
        var prefix = "/" + call.address().bucket() + "/";
        var key = !path.startsWith("/") ? path : path.startsWith(prefix) ? path.substring(prefix.length()) : "";
        if (key.isEmpty())
            throw Refusals.invalidArgument(SOURCE, header, "Rename source must mention a key of this bucket");
        return key;
    }

    private Renames() {}
}
