package io.cairn.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import javax.net.ssl.SSLContext;
import javax.xml.stream.XMLStreamException;

/// As much of an S3 client as the command line needs, path style, over the JDK's HTTP client. Any thread.
///
/// A request that found the server busy (503), broken (500) or gone away is repeated up to [ServerConnection#RETRIES] times; each may be: those
/// used here have the same effect when they are done twice. An answer that is not an object may have [ServerConnection#MAX_ANSWER_BYTES] at most.
final class S3Client implements AutoCloseable {
    /// What to ask for.
    ///
    /// @param path percent-encoded
    private record Call(String method, String path, SortedMap<String, String> query, Map<String, String> headers, Payload payload,
            LongConsumer sent) {}

    private final RequestSigner signer;
    private final ServerConnection server;

    S3Client(URI endpoint, Credentials credentials, String region, SSLContext trust) {
        this.signer = new RequestSigner(credentials, region);
        this.server = new ServerConnection(endpoint, "S3", trust);
    }

    List<Map<String, String>> buckets() {
        return xml(call("GET", "/", Map.of()), "Buckets").group("Bucket");
    }

    void createBucket(String bucket) {
        xml(call("PUT", path(bucket), Map.of()), "");
    }

    void deleteBucket(String bucket) {
        xml(call("DELETE", path(bucket), Map.of()), "");
    }

    /// One page of at most 1000 keys (ListObjectsV2), which come percent-encoded: XML 1.0 cannot hold all that a key can.
    ///
    /// @param delimiter keys that share what stands before it are one `CommonPrefixes`; empty for none
    /// @param continuation of the page before; empty for the first page
    S3Xml list(String bucket, String prefix, String delimiter, String continuation) {
        var query = new TreeMap<>(Map.of("list-type", "2", "prefix", prefix, "encoding-type", "url"));
        if (!delimiter.isEmpty())
            query.put("delimiter", delimiter);
        if (!continuation.isEmpty())
            query.put("continuation-token", continuation);
        return xml(call("GET", path(bucket), query), "");
    }

    Map<String, List<String>> head(String bucket, String key) {
        return answer(call("HEAD", path(bucket, key), Map.of())).headers().map();
    }

    /// Its body must be read to the end or closed.
    HttpResponse<InputStream> get(String bucket, String key) {
        return answer(call("GET", path(bucket, key), Map.of()));
    }

    /// One version; the newest when `version` is empty. Its body must be read to the end or closed.
    HttpResponse<InputStream> get(String bucket, String key, String version) {
        return answer(call("GET", path(bucket, key), version.isEmpty() ? Map.of() : Map.of("versionId", version)));
    }

    /// The first bytes of an object, from `first` to `last`, both counted.
    byte[] range(String bucket, String key, long first, long last) {
        return content(answer(new Call("GET", path(bucket, key), new TreeMap<>(), Map.of("range", "bytes=" + first + "-" + last),
                Payload.none(), n -> {
                })));
    }

    void enableVersioning(String bucket) {
        var body = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>".getBytes(UTF_8);
        xml(new Call("PUT", path(bucket), new TreeMap<>(Map.of("versioning", "")), Map.of(),
                new Payload.Bytes(body, body.length), n -> {
                }), "");
    }

    /// The newest 1000 versions and markers of the keys with this prefix.
    S3Xml versions(String bucket, String prefix) {
        return xml(call("GET", path(bucket), Map.of("versions", "", "prefix", prefix)), "");
    }

    /// Takes back a version, or a delete marker, for ever.
    void deleteVersion(String bucket, String key, String version) {
        xml(call("DELETE", path(bucket, key), Map.of("versionId", version)), "");
    }

    /// Whether the key was free and is this one's now.
    boolean putIfAbsent(String bucket, String key, byte[] content) {
        try {
            xml(new Call("PUT", path(bucket, key), new TreeMap<>(), Map.of("if-none-match", "*"),
                    new Payload.Bytes(content, content.length), n -> {
                    }), "");
            return true;
        } catch (S3Exception e) {
            if (e.code.equals("PreconditionFailed") || e.code.equals("ConditionalRequestConflict"))
                return false;
            throw e;
        }
    }

    void copy(String bucket, String from, String to) {
        xml(new Call("PUT", path(bucket, to), new TreeMap<>(), Map.of("x-amz-copy-source", path(bucket, from)), Payload.none(),
                n -> {
                }), "");
    }

    void delete(String bucket, String key) {
        xml(call("DELETE", path(bucket, key), Map.of()), "");
    }

    void put(String bucket, String key, String contentType, Payload payload, LongConsumer sent) {
        xml(new Call("PUT", path(bucket, key), new TreeMap<>(), Map.of("content-type", contentType), payload, sent), "");
    }

    /// Begins a multipart upload and returns its id.
    String createUpload(String bucket, String key, String contentType) {
        var query = new TreeMap<>(Map.of("uploads", ""));
        return xml(new Call("POST", path(bucket, key), query, Map.of("content-type", contentType), Payload.none(), n -> {
        }), "").field("UploadId");
    }

    /// Sends one part and returns its ETag.
    String uploadPart(String bucket, String key, String uploadId, int number, Payload payload, LongConsumer sent) {
        var query = new TreeMap<>(Map.of("uploadId", uploadId, "partNumber", Integer.toString(number)));
        var answer = answer(new Call("PUT", path(bucket, key), query, Map.of(), payload, sent));
        content(answer);
        return answer.headers().firstValue("etag")
                .orElseThrow(() -> server.strange("stored part " + number + " without an ETag"));
    }

    /// @param etags of the parts 1, 2, ...
    void completeUpload(String bucket, String key, String uploadId, List<String> etags) {
        var body = new StringBuilder("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        for (int i = 0; i < etags.size(); i++)
            body.append("<Part><PartNumber>").append(i + 1).append("</PartNumber><ETag>")
                    .append(etags.get(i).replace("\"", "&quot;")).append("</ETag></Part>");
        var bytes = body.append("</CompleteMultipartUpload>").toString().getBytes(UTF_8);
        var answer = xml(new Call("POST", path(bucket, key), new TreeMap<>(Map.of("uploadId", uploadId)),
                Map.of("content-type", "application/xml"), new Payload.Bytes(bytes, bytes.length), n -> {
                }), "");
        // This one may fail after its 200 was sent (Amazon S3 API reference, CompleteMultipartUpload).
        if (!answer.field("Code").isEmpty())
            throw new S3Exception(200, answer.field("Code"), answer.field("Message"));
    }

    void abortUpload(String bucket, String key, String uploadId) {
        xml(call("DELETE", path(bucket, key), Map.of("uploadId", uploadId)), "");
    }

    private static Call call(String method, String path, Map<String, String> query) {
        return new Call(method, path, new TreeMap<>(query), Map.of(), Payload.none(), n -> {
        });
    }

    private static String path(String bucket) {
        return "/" + UriEncoding.encode(bucket, "");
    }

    private static String path(String bucket, String key) {
        return path(bucket) + "/" + UriEncoding.encode(key, "/");
    }

    private S3Xml xml(Call call, String container) {
        var answer = content(answer(call));
        try {
            return answer.length == 0 ? new S3Xml(Map.of(), Map.of()) : S3Xml.parse(answer, container);
        } catch (XMLStreamException e) {
            throw server.strange("did not answer in XML").because(e);
        }
    }

    private byte[] content(HttpResponse<InputStream> answer) {
        return server.content(answer);
    }

    /// The answer, once it is one of success.
    private HttpResponse<InputStream> answer(Call call) {
        for (int attempt = 0;; attempt++) {
            boolean last = attempt == ServerConnection.RETRIES;
            var sent = new long[1];
            try {
                var answer = server.send(request(call, sent));
                if (answer.statusCode() / 100 == 2)
                    return answer;
                var refusal = refusal(call, answer);
                if (last || (answer.statusCode() != 500 && answer.statusCode() != 503))
                    throw refusal;
            } catch (IOException e) {
                if (last)
                    throw server.gone(e);
            }
            call.sent().accept(-sent[0]); // it will be sent again
            ServerConnection.pause(attempt);
        }
    }

    private HttpRequest request(Call call, long[] sent) throws IOException {
        var query = UriEncoding.query(call.query());
        var uri = URI.create(server.endpoint() + call.path() + (query.isEmpty() ? "" : "?" + query));
        var hash = call.payload().length() == 0 ? RequestSigner.EMPTY_SHA256 : call.payload().sha256();
        var headers = signer.sign(call.method(), server.host(), call.path(), call.query(), call.headers(), hash, Instant.now());
        var request = HttpRequest.newBuilder(uri).timeout(ServerConnection.ANSWER_TIMEOUT).method(call.method(),
                call.payload().publisher(count -> {
                    sent[0] += count;
                    call.sent().accept(count);
                }));
        headers.forEach(request::header);
        return request.build();
    }

    private S3Exception refusal(Call call, HttpResponse<InputStream> answer) {
        var content = content(answer);
        if (content.length > 0)
            try {
                var xml = S3Xml.parse(content, "");
                if (!xml.field("Code").isEmpty())
                    return new S3Exception(answer.statusCode(), xml.field("Code"), xml.field("Message"));
            } catch (XMLStreamException e) {
                throw server.strange("answered " + answer.statusCode() + " and not in XML").because(e);
            }
        // HEAD has no body to say more.
        var code = switch (answer.statusCode()) {
            case 403 -> "AccessDenied";
            case 404 -> call.method().equals("HEAD") ? "NoSuchKey" : "NotFound";
            case 500 -> "InternalError";
            case 503 -> "ServiceUnavailable";
            default -> "Http" + answer.statusCode();
        };
        return new S3Exception(answer.statusCode(), code, "");
    }

    @Override
    public void close() {
        server.close();
    }
}
