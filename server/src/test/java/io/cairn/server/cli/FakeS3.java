package io.cairn.server.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;

/// As much of S3 as the command line asks for, in memory. It checks each signature by signing what came again, and the hash of each
/// body. Listings have [#PAGE] entries a page.
final class FakeS3 implements AutoCloseable {
    static final Credentials KEYS = new Credentials("CAIRNTESTKEY", "the-secret-of-the-test", "");
    static final int PAGE = 3;

    record Stored(byte[] bytes, String type, String etag) {}

    final Map<String, ConcurrentSkipListMap<String, Stored>> buckets = new ConcurrentSkipListMap<>();
    final Map<String, Map<Integer, byte[]>> uploads = new ConcurrentHashMap<>();
    final Queue<String> requests = new ConcurrentLinkedQueue<>();
    /// Statuses to answer the next requests with, instead of serving them.
    final Queue<Integer> failures = new ConcurrentLinkedQueue<>();
    volatile boolean refuseParts;
    private final HttpServer http;

    private static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;
        final int status;

        Refused(int status, String code) {
            super(code);
            this.status = status;
        }
    }

    FakeS3() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::serve);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort());
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            try {
                var failure = failures.poll();
                if (failure != null)
                    throw new Refused(failure, failure == 503 ? "SlowDown" : "InternalError");
                verify(exchange, body);
                answer(exchange, 200, route(exchange, body));
            } catch (Refused e) {
                answer(exchange, e.status,
                        "<Error><Code>%s</Code><Message>said the fake</Message></Error>".formatted(e.getMessage())
                                .getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] content) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(content.length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        }
    }

    private static SortedMap<String, String> query(HttpExchange exchange) {
        var query = new TreeMap<String, String>();
        var raw = exchange.getRequestURI().getRawQuery();
        if (raw != null)
            for (var pair : raw.split("&")) {
                var parts = pair.split("=", 2);
                query.put(parts[0], URLDecoder.decode(parts.length == 2 ? parts[1] : "", StandardCharsets.UTF_8));
            }
        return query;
    }

    private static void verify(HttpExchange exchange, byte[] body) {
        var headers = exchange.getRequestHeaders();
        var hash = headers.getFirst("x-amz-content-sha256");
        if (!RequestSigner.sha256(body).equals(hash))
            throw new Refused(400, "XAmzContentSHA256Mismatch");
        var authorization = headers.getFirst("authorization");
        if (!authorization.contains("Credential=" + KEYS.accessKey() + "/"))
            throw new Refused(403, "InvalidAccessKeyId");
        var signed = new TreeMap<String, String>();
        for (var name : authorization.replaceAll(".*SignedHeaders=|,Signature=.*", "").split(";"))
            if (!List.of("host", "x-amz-date", "x-amz-content-sha256").contains(name))
                signed.put(name, headers.getFirst(name));
        var time = headers.getFirst("x-amz-date");
        var again = new RequestSigner(KEYS, "us-east-1").sign(exchange.getRequestMethod(), headers.getFirst("host"),
                exchange.getRequestURI().getRawPath(), query(exchange), signed, hash,
                LocalDateTime.parse(time, DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'"))
                        .toInstant(ZoneOffset.UTC));
        if (!authorization.equals(again.get("authorization")))
            throw new Refused(403, "SignatureDoesNotMatch");
    }

    private byte[] route(HttpExchange exchange, byte[] body) {
        var path = exchange.getRequestURI().getPath().substring(1);
        int slash = path.indexOf('/');
        var bucket = slash < 0 ? path : path.substring(0, slash);
        var key = slash < 0 ? "" : path.substring(slash + 1);
        if (bucket.isEmpty())
            return listBuckets();
        return key.isEmpty() ? bucket(exchange, bucket) : object(exchange, objects(bucket), key, body);
    }

    private NavigableMap<String, Stored> objects(String bucket) {
        var objects = buckets.get(bucket);
        if (objects == null)
            throw new Refused(404, "NoSuchBucket");
        return objects;
    }

    private byte[] listBuckets() {
        var xml = new StringBuilder("<ListAllMyBucketsResult xmlns=\"x\"><Owner><ID>id</ID></Owner><Buckets>");
        buckets.keySet().forEach(name -> xml.append("<Bucket><Name>").append(name)
                .append("</Name><CreationDate>2026-01-01T00:00:00.000Z</CreationDate></Bucket>"));
        return xml.append("</Buckets></ListAllMyBucketsResult>").toString().getBytes(StandardCharsets.UTF_8);
    }

    private byte[] bucket(HttpExchange exchange, String bucket) {
        switch (exchange.getRequestMethod()) {
            case "PUT" -> {
                if (buckets.putIfAbsent(bucket, new ConcurrentSkipListMap<>()) != null)
                    throw new Refused(409, "BucketAlreadyExists");
            }
            case "DELETE" -> {
                if (!objects(bucket).isEmpty())
                    throw new Refused(409, "BucketNotEmpty");
                buckets.remove(bucket);
            }
            default -> {
                return list(bucket, query(exchange));
            }
        }
        return new byte[0];
    }

    private byte[] list(String bucket, Map<String, String> query) {
        var prefix = query.getOrDefault("prefix", "");
        var delimiter = query.getOrDefault("delimiter", "");
        var after = query.getOrDefault("continuation-token", "");
        var entries = new TreeMap<String, String>();
        objects(bucket).forEach((key, stored) -> {
            if (!key.startsWith(prefix))
                return;
            int cut = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
            if (cut >= 0)
                entries.put(key.substring(0, cut + 1),
                        "<CommonPrefixes><Prefix>" + escape(key.substring(0, cut + 1)) + "</Prefix></CommonPrefixes>");
            else
                entries.put(key,
                        "<Contents><Key>" + escape(key) + "</Key><LastModified>2026-01-02T00:00:00.000Z</LastModified><Size>"
                                + stored.bytes().length + "</Size></Contents>");
        });
        var rest = after.isEmpty() ? entries : entries.tailMap(after, false);
        var xml = new StringBuilder("<ListBucketResult>");
        var last = "";
        int count = 0;
        for (var entry : rest.entrySet()) {
            if (count++ == PAGE)
                break;
            xml.append(entry.getValue());
            last = entry.getKey();
        }
        if (rest.size() > PAGE)
            xml.append("<IsTruncated>true</IsTruncated><NextContinuationToken>").append(escape(last))
                    .append("</NextContinuationToken>");
        return xml.append("</ListBucketResult>").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private byte[] object(HttpExchange exchange, Map<String, Stored> objects, String key, byte[] body) {
        var query = query(exchange);
        var upload = query.getOrDefault("uploadId", "");
        var type = String.valueOf(exchange.getRequestHeaders().getFirst("content-type"));
        var parts = uploads.getOrDefault(upload, Map.of());
        if (!upload.isEmpty() && !uploads.containsKey(upload))
            throw new Refused(404, "NoSuchUpload");
        return switch (exchange.getRequestMethod()
                + (query.containsKey("uploads") ? " uploads" : upload.isEmpty() ? "" : " upload")) {
            case "PUT" -> {
                objects.put(key, new Stored(body, type, md5(body)));
                yield new byte[0];
            }
            case "GET", "HEAD" -> {
                var stored = objects.get(key);
                if (stored == null)
                    throw new Refused(404, "NoSuchKey");
                exchange.getResponseHeaders().set("ETag", '"' + stored.etag() + '"');
                exchange.getResponseHeaders().set("Content-Type", stored.type());
                yield stored.bytes();
            }
            case "DELETE" -> {
                objects.remove(key);
                yield new byte[0];
            }
            case "POST uploads" -> {
                var id = "upload-" + uploads.size() + "-" + type;
                uploads.put(id, new ConcurrentHashMap<>());
                yield ("<R><UploadId>" + id + "</UploadId></R>").getBytes(StandardCharsets.UTF_8);
            }
            case "PUT upload" -> {
                if (refuseParts)
                    throw new Refused(400, "EntityTooSmall");
                parts.put(Integer.valueOf(query.getOrDefault("partNumber", "")), body);
                exchange.getResponseHeaders().set("ETag", '"' + md5(body) + '"');
                yield new byte[0];
            }
            case "DELETE upload" -> {
                uploads.remove(upload);
                yield new byte[0];
            }
            case "POST upload" -> complete(objects, key, upload, new String(body, StandardCharsets.UTF_8));
            default -> throw new Refused(405, "MethodNotAllowed");
        };
    }

    private byte[] complete(Map<String, Stored> objects, String key, String upload, String xml) {
        var all = new ByteArrayOutputStream();
        var parts = new TreeMap<>(uploads.getOrDefault(upload, Map.of()));
        uploads.remove(upload);
        int number = 0;
        for (var part : parts.values()) {
            number++;
            if (!xml.contains("<Part><PartNumber>%d</PartNumber><ETag>&quot;%s&quot;</ETag></Part>".formatted(number, md5(part))))
                throw new Refused(400, "InvalidPart");
            all.writeBytes(part);
        }
        objects.put(key, new Stored(all.toByteArray(), upload.replaceAll("upload-\\d+-", ""), "etag-" + parts.size()));
        return "<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>".getBytes(StandardCharsets.UTF_8);
    }

    private static String md5(byte[] bytes) {
        return HexFormat.of().formatHex(RequestSigner.digest("MD5").digest(bytes));
    }
}
