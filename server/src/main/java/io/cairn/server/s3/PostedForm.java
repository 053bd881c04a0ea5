package io.cairn.server.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.object.Bucket;
import io.cairn.object.ChecksumAlgorithm;
import io.cairn.object.ChecksumType;
import io.cairn.object.Expected;
import io.cairn.object.MultipartUpload;
import io.cairn.object.ObjectInfo;
import io.cairn.object.PutCondition;
import io.cairn.object.PutOptions;
import io.cairn.object.Upload;
import io.cairn.server.http.Answer;
import io.cairn.server.http.BodyReceiver;
import io.cairn.server.http.Exchange;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.RefusedException;
import io.cairn.server.iam.Principal;
import io.cairn.server.xml.XmlWriter;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// POST Object: a browser's form with a file (Amazon S3 API reference, "POST Object"). Who uploads stands in the form, which is
/// believed only once the policy's signature was verified: that is before the first byte of the file is stored. One answer, and
/// nothing visible before the whole file fits the policy.
final class PostedForm implements BodyReceiver, FormParser.Handler {
    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final String FILENAME = "${filename}";

    private final S3Call call;
    private final FormVerifier verifier;
    private final FormParser parser;
    private final Map<String, String> fields = new HashMap<>();
    private @Nullable File file;
    private long fileBytes;
    private boolean fileEnded;
    private boolean ended;

    /// The file on its way.
    private record File(Bucket bucket, Upload<ObjectInfo> upload, PostPolicy policy, Digests digests) {}

    private PostedForm(S3Call call, FormVerifier verifier) {
        this.call = call;
        this.verifier = verifier;
        this.parser = new FormParser(call.headers().get("content-type", ""), this);
    }

    static void receive(S3Call call, FormVerifier verifier) {
        call.store().bucket(call.address().bucket());
        for (var header : new String[]{"if-match", "if-none-match"})
            if (call.headers().contains(header))
                throw Refusals.notImplemented(header + " with a form");
        long length = call.exchange().request().contentLength();
        if (length < 0 && !call.headers().contains("transfer-encoding"))
            throw new RefusedException(411, "MissingContentLength", "You must provide the Content-Length HTTP header.");
        if (length > MultipartUpload.MAX_PART_BYTES + 2 * FormParser.MAX_FIELD_BYTES)
            throw tooLarge(length, MultipartUpload.MAX_PART_BYTES);
        call.exchange().receive(new PostedForm(call, verifier));
    }

    @Override
    public void piece(ByteBuf piece) {
        if (ended)
            return;
        try {
            for (var buffer : piece.nioBuffers())
                parser.take(buffer);
        } catch (RuntimeException | Error e) {
            giveUp(e);
        }
    }

    @Override
    public void field(String name, String value) {
        fields.put(name.toLowerCase(Locale.ROOT), value);
    }

    private static RefusedException tooLarge(long bytes, long max) {
        return new RefusedException(new Refusal(400, "EntityTooLarge", Refusals.ENTITY_TOO_LARGE,
                Map.of("ProposedSize", Long.toString(bytes), "MaxSizeAllowed", Long.toString(max))));
    }

    @Override
    public void fileBegins(String filename) {
        var template = fields.get("key");
        if (template == null || template.isEmpty())
            throw Refusals.invalidArgument("key", "",
                    "Bucket POST must contain a field named 'key'.  If it is specified, please check"
                            + " the order of the fields.");
        var policyText = fields.get("policy");
        if (policyText == null)
            throw Refusals.accessDenied();
        var principal = signer(policyText);
        var policy = PostPolicy.read(policyText);
        var bucketName = call.address().bucket();
        if (!fields.getOrDefault("bucket", bucketName).equals(bucketName))
            throw Refusals.invalidArgument("bucket", fields.get("bucket"),
                    "The bucket field does not name the bucket of the request");
        fields.put("bucket", bucketName);
        fields.replaceAll((_, value) -> value.replace(FILENAME, filename));
        var key = template.replace(FILENAME, filename);
        policy.require(fields, verifier.now());
        var signed = new S3Call(new Signed(call.exchange(), principal), new Address(bucketName, key), call.query(), call.store(),
                call.settings(), call.space());
        signed.space().require(Math.max(0, call.exchange().request().contentLength()));
        var headers = headers();
        var digests = Digests.of(headers);
        var algorithm = digests.algorithm() == null ? ChecksumAlgorithm.CRC64NVME : digests.algorithm();
        var tagging = fields.get("tagging");
        Map<String, String> tags = tagging == null ? Map.of() : Tagging.read(tagging.getBytes(UTF_8));
        var options = new PutOptions(MetadataHeaders.read(headers), algorithm, ChecksumType.FULL_OBJECT, PutCondition.ALWAYS,
                tags);
        var bucket = signed.bucket();
        file = new File(bucket, bucket.upload(key, options), policy, digests);
    }

    private Principal signer(String policy) {
        if (fields.containsKey("awsaccesskeyid") || fields.containsKey("signature"))
            throw Refusals.invalidRequest(
                    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
        var algorithm = required("x-amz-algorithm");
        if (!algorithm.equals(ALGORITHM))
            throw Refusals.invalidArgument("x-amz-algorithm", algorithm, "x-amz-algorithm only supports \"AWS4-HMAC-SHA256\"");
        return verifier.signer(required("x-amz-credential"), required("x-amz-date"), required("x-amz-signature"),
                fields.get("x-amz-security-token"), policy);
    }

    private String required(String field) {
        var value = fields.get(field);
        if (value == null)
            throw Refusals.invalidArgument(field, "", "Bucket POST must contain a field named '" + field
                    + "'.  If it is specified, please check the order of the fields.");
        return value;
    }

    /// The fields that a PUT has as headers.
    private HttpHeaders headers() {
        var headers = new DefaultHttpHeaders();
        fields.forEach((name, value) -> {
            switch (name) {
                case "acl" -> set(headers, "x-amz-acl", value);
                case "content-type", "cache-control", "content-disposition", "content-encoding", "content-language", "expires",
                        "content-md5" ->
                    set(headers, name, value);
                default -> {
                    if (MetadataHeaders.isObjectHeader(name))
                        set(headers, name, value);
                }
            }
        });
        return headers;
    }

    private static void set(HttpHeaders headers, String name, String value) {
        var stripped = value.strip();
        try {
            if (stripped.chars().anyMatch(c -> c < 0x20 && c != '\t' || c == 0x7f))
                throw new IllegalArgumentException("control characters");
            headers.set(name, stripped);
        } catch (IllegalArgumentException e) { // Netty's word for a name or value that no header can have
            throw Refusals.invalidArgument(name, value, "This form field cannot be a header");
        }
    }

    @Override
    public void filePiece(ByteBuffer bytes) {
        var to = file;
        if (to == null)
            throw new IllegalStateException("a file that never began");
        fileBytes += bytes.remaining();
        long max = Math.min(to.policy().maxBytes(), MultipartUpload.MAX_PART_BYTES);
        if (fileBytes > max)
            throw tooLarge(fileBytes, max);
        call.space().require(0);
        to.upload().write(bytes);
    }

    @Override
    public void fileEnds() {
        fileEnded = true;
    }

    @Override
    public void complete(HttpHeaders trailers) {
        if (ended)
            return;
        try {
            parser.ended();
            var from = file;
            if (from == null || !fileEnded)
                throw FormParser.noFile();
            if (fileBytes < from.policy().minBytes())
                throw new RefusedException(new Refusal(400, "EntityTooSmall",
                        "Your proposed upload is smaller than the minimum allowed size",
                        Map.of("ProposedSize", Long.toString(fileBytes), "MinSizeAllowed",
                                Long.toString(from.policy().minBytes()))));
            var status = fields.getOrDefault("success_action_status", "");
            // Before the commit: an answer that cannot be sent would hide that the object is there.
            var redirect = redirect(fields.getOrDefault("success_action_redirect", fields.getOrDefault("redirect", "")));
            call.answerWhen(from.upload().commit(new Expected(-1, from.digests().md5(), from.digests().checksum())),
                    info -> stored(from.bucket(), info, status, redirect));
            ended = true;
        } catch (RuntimeException | Error e) {
            giveUp(e);
        }
    }

    /// Where the browser is to go, in ASCII as a header has it; empty when that is no absolute http address.
    private static String redirect(String wanted) {
        try {
            var uri = new URI(wanted); // refuses blanks and control characters
            var scheme = uri.getScheme();
            boolean http = "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
            return http && uri.getRawAuthority() != null ? uri.toASCIIString() : "";
        } catch (URISyntaxException e) {
            return "";
        }
    }

    private Answer stored(Bucket bucket, ObjectInfo info, String status, String redirect) {
        var etag = "\"" + info.etag() + "\"";
        var host = call.headers().get("Host", "localhost");
        var request = call.exchange().request();
        // The bucket stands in the path or in the host's name.
        var path = request.rawPath().endsWith("/") ? request.rawPath() : request.rawPath() + "/";
        var location = (request.secure() ? "https://" : "http://") + host + path + PercentCoding.encode(info.key());
        Answer answer;
        if (!redirect.isEmpty()) {
            answer = Answer.of(303);
            location = redirect + (redirect.contains("?") ? "&" : "?") + "bucket=" + bucket.info().name() + "&key="
                    + PercentCoding.encode(info.key()).replace("/", "%2F") + "&etag=" + PercentCoding.encode(etag);
        } else if (status.equals("201")) {
            answer = Answer.of(201, XmlWriter.CONTENT_TYPE,
                    new XmlWriter().open("PostResponse").element("Location", location).element("Bucket", bucket.info().name())
                            .element("Key", info.key()).quoted("ETag", info.etag()).close("PostResponse").bytes());
        } else
            answer = Answer.of(status.equals("200") ? 200 : 204);
        answer.header("ETag", etag).header("Location", location);
        Versions.tell(bucket, info.versionId(), answer.headers());
        ChecksumNames.put(answer.headers(), info.checksum());
        return answer;
    }

    @Override
    public void failed(Throwable cause) {
        if (!ended)
            closeUpload();
        ended = true;
    }

    private void giveUp(Throwable failure) {
        ended = true;
        call.fail(failure);
        closeUpload();
    }

    private void closeUpload() {
        var to = file;
        if (to != null)
            to.upload().close();
    }

    /// The same exchange by whom the policy's signature names.
    private static final class Signed extends ForwardingExchange {
        private final Principal principal;

        Signed(Exchange exchange, Principal principal) {
            super(exchange);
            this.principal = principal;
        }

        @Override
        public Principal principal() {
            return principal;
        }
    }
}
