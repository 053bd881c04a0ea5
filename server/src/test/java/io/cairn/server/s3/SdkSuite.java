package io.cairn.server.s3;

import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3AsyncClientBuilder;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.*;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.transfer.s3.S3TransferManager;

/// A server as clients of today see it: AWS SDK for Java v2, its synchronous and asynchronous clients, transfer manager and
/// presigner, over http and https. A subclass starts the server and says where it is.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SdkSuite {
    private static final int PART_BYTES = 5 << 20;

    /// Requests that are under way at once.
    private static final int MANY = 40;

    enum Protocol {
        HTTP, HTTPS
    }

    /// A running server.
    ///
    /// @param authority certificate of the authority to trust, PEM
    record Target(URI http, URI https, Path authority, String rootAccessKey, String rootSecretKey, String userAccessKey,
            String userSecretKey) {
        URI uri(Protocol protocol) {
            return switch (protocol) {
                case HTTP -> http;
                case HTTPS -> https;
            };
        }
    }

    /// Starts the server, once for all tests.
    abstract Target start() throws Exception;

    abstract void stop() throws Exception;

    private final Map<Protocol, S3Client> clients = new EnumMap<>(Protocol.class);
    private final Map<Protocol, S3AsyncClient> asyncClients = new EnumMap<>(Protocol.class);
    private final OperationsUsed used = new OperationsUsed();
    private Target target;
    private TrustManager[] trusted;
    private AwsCredentialsProvider root;

    @BeforeEach
    void name(TestInfo test) {
        used.by(test.getTestMethod().orElseThrow().getName());
    }

    @BeforeAll
    void open() throws Exception {
        target = start();
        trusted = trusted(target.authority());
        root = keys(target.rootAccessKey(), target.rootSecretKey());
        for (var protocol : Protocol.values()) {
            clients.put(protocol, client(protocol, root));
            asyncClients.put(protocol, asyncBuilder(protocol).multipartEnabled(true)
                    .multipartConfiguration(
                            c -> c.minimumPartSizeInBytes((long) PART_BYTES).thresholdInBytes((long) PART_BYTES))
                    .build());
        }
    }

    @AfterAll
    void close() throws Exception {
        clients.values().forEach(S3Client::close);
        asyncClients.values().forEach(S3AsyncClient::close);
        stop();
        used.compare(Arrays.stream(SdkSuite.class.getDeclaredMethods())
                .filter(m -> m.isAnnotationPresent(Test.class) || m.isAnnotationPresent(ParameterizedTest.class))
                .map(Method::getName).collect(Collectors.toSet()));
    }

    private static AwsCredentialsProvider keys(String access, String secret) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(access, secret));
    }

    private S3Client client(Protocol protocol, AwsCredentialsProvider credentials) {
        return S3Client.builder().endpointOverride(target.uri(protocol)).region(Region.US_EAST_1).forcePathStyle(true)
                .credentialsProvider(credentials).overrideConfiguration(o -> o.addExecutionInterceptor(used))
                .httpClientBuilder(UrlConnectionHttpClient.builder().tlsTrustManagersProvider(() -> trusted)).build();
    }

    private S3AsyncClientBuilder asyncBuilder(Protocol protocol) {
        return S3AsyncClient.builder().endpointOverride(target.uri(protocol)).region(Region.US_EAST_1).forcePathStyle(true)
                .credentialsProvider(root).overrideConfiguration(o -> o.addExecutionInterceptor(used))
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().tlsTrustManagersProvider(() -> trusted));
    }

    private static TrustManager[] trusted(Path authority) throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(authority)) {
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private S3Client s3(Protocol protocol) {
        return Objects.requireNonNull(clients.get(protocol));
    }

    private S3AsyncClient async(Protocol protocol) {
        return Objects.requireNonNull(asyncClients.get(protocol));
    }

    /// A bucket of the test's own.
    private String bucket(Protocol protocol, String name) {
        var bucket = name + "-" + protocol.name().toLowerCase(Locale.ROOT);
        s3(protocol).createBucket(b -> b.bucket(bucket));
        return bucket;
    }

    private static byte[] random(int bytes) {
        var content = new byte[bytes];
        new SplittableRandom(bytes).nextBytes(content);
        return content;
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void buckets(Protocol protocol) {
        var s3 = s3(protocol);
        var bucket = bucket(protocol, "buckets");
        s3.createBucket(b -> b.bucket(bucket));
        assertTrue(s3.listBuckets().buckets().stream().anyMatch(b -> b.name().equals(bucket)));
        assertTrue(s3.listBuckets(b -> b.prefix("buckets").maxBuckets(1)).buckets().size() == 1);
        assertEquals("us-east-1", s3.headBucket(b -> b.bucket(bucket)).bucketRegion());
        assertEquals("", s3.getBucketLocation(b -> b.bucket(bucket)).locationConstraintAsString());
        assertNull(s3.getBucketVersioning(b -> b.bucket(bucket)).status());
        assertEquals(Permission.FULL_CONTROL, s3.getBucketAcl(b -> b.bucket(bucket)).grants().getFirst().permission());
        s3.putObject(b -> b.bucket(bucket).key("key"), RequestBody.fromString("x"));
        var notEmpty = assertThrows(S3Exception.class, () -> s3.deleteBucket(b -> b.bucket(bucket)));
        assertEquals("BucketNotEmpty", notEmpty.awsErrorDetails().errorCode());
        s3.deleteObject(b -> b.bucket(bucket).key("key"));
        s3.deleteBucket(b -> b.bucket(bucket));
        assertThrows(NoSuchBucketException.class, () -> s3.headBucket(b -> b.bucket(bucket)));
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void objectsOfAllSizes(Protocol protocol) throws IOException {
        var s3 = s3(protocol);
        var bucket = bucket(protocol, "objects");
        for (int size : new int[]{0, 1, 1000, 65_535, 65_536, 65_537, 200_000, 3_000_000}) {
            var content = random(size);
            s3.putObject(b -> b.bucket(bucket).key("k").contentType("text/x").metadata(Map.of("colour", "red")),
                    RequestBody.fromBytes(content));
            try (ResponseInputStream<GetObjectResponse> in = s3
                    .getObject(b -> b.bucket(bucket).key("k").checksumMode(ChecksumMode.ENABLED))) {
                assertArrayEquals(content, in.readAllBytes(), "size " + size);
                assertEquals("text/x", in.response().contentType());
                assertEquals(Map.of("colour", "red"), in.response().metadata());
                assertNotNull(in.response().checksumCRC32(), "the SDK's own choice");
            }
            assertEquals(size, s3.headObject(b -> b.bucket(bucket).key("k")).contentLength());
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void checksums(Protocol protocol) {
        var s3 = s3(protocol);
        var bucket = bucket(protocol, "checksums");
        for (var algorithm : List.of(ChecksumAlgorithm.CRC32, ChecksumAlgorithm.CRC32_C, ChecksumAlgorithm.SHA1,
                ChecksumAlgorithm.SHA256)) {
            var put = s3.putObject(b -> b.bucket(bucket).key("k").checksumAlgorithm(algorithm),
                    RequestBody.fromBytes(random(100_000)));
            var got = s3.getObjectAsBytes(b -> b.bucket(bucket).key("k").checksumMode(ChecksumMode.ENABLED));
            assertArrayEquals(random(100_000), got.asByteArray());
            assertEquals(put.checksumCRC32(), got.response().checksumCRC32());
            assertEquals(put.checksumCRC32C(), got.response().checksumCRC32C());
            assertEquals(put.checksumSHA1(), got.response().checksumSHA1());
            assertEquals(put.checksumSHA256(), got.response().checksumSHA256());
        }
        var wrong = assertThrows(S3Exception.class,
                () -> s3.putObject(b -> b.bucket(bucket).key("k").checksumSHA1("AAAAAAAAAAAAAAAAAAAAAAAAAAA="),
                        RequestBody.fromString("x")));
        assertEquals("BadDigest", wrong.awsErrorDetails().errorCode());
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void rangesAndConditions(Protocol protocol) {
        var s3 = s3(protocol);
        var bucket = bucket(protocol, "ranges");
        var etag = s3.putObject(b -> b.bucket(bucket).key("k").ifNoneMatch("*"), RequestBody.fromString("0123456789")).eTag();
        assertEquals("345", s3.getObjectAsBytes(b -> b.bucket(bucket).key("k").range("bytes=3-5")).asUtf8String());
        assertEquals("89", s3.getObjectAsBytes(b -> b.bucket(bucket).key("k").range("bytes=-2")).asUtf8String());
        assertEquals(416, status(() -> s3.getObjectAsBytes(b -> b.bucket(bucket).key("k").range("bytes=10-"))));
        assertEquals(304, status(() -> s3.getObjectAsBytes(b -> b.bucket(bucket).key("k").ifNoneMatch(etag))));
        assertEquals(412, status(() -> s3.getObjectAsBytes(b -> b.bucket(bucket).key("k").ifMatch("\"0\""))));
        assertEquals(412,
                status(() -> s3.putObject(b -> b.bucket(bucket).key("k").ifNoneMatch("*"), RequestBody.fromString("x"))));
        assertEquals(200, s3.putObject(b -> b.bucket(bucket).key("k").ifMatch(etag), RequestBody.fromString("x"))
                .sdkHttpResponse().statusCode());
        assertEquals("text/y",
                s3.getObject(b -> b.bucket(bucket).key("k").responseContentType("text/y")).response().contentType());
    }

    private interface Call { void run(); }

    private static int status(Call call) {
        return assertThrows(S3Exception.class, call::run).statusCode();
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void oddKeys(Protocol protocol) {
        var s3 = s3(protocol);
        var bucket = bucket(protocol, "keys");
        var keys = List.of("a b", "a+b", "a%20b", "a//b", "../../etc/passwd", ".", "..", "\u20ac/\ud83d\ude00", "a&b=c?d#e",
                "<x>'\"", "/lead", "~!*()");
        for (var key : keys)
            s3.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromString(key));
        for (var key : keys)
            assertEquals(key, s3.getObjectAsBytes(b -> b.bucket(bucket).key(key)).asUtf8String());
        var listed = s3.listObjectsV2(b -> b.bucket(bucket)).contents().stream().map(S3Object::key).sorted().toList();
        assertEquals(keys.stream().sorted().toList(), listed);
        s3.deleteObjects(b -> b.bucket(bucket)
                .delete(d -> d.objects(keys.stream().map(k -> ObjectIdentifier.builder().key(k).build()).toList())));
        assertEquals(0, s3.listObjectsV2(b -> b.bucket(bucket)).keyCount());
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void listingsAndBatchDeletes(Protocol protocol) {
        var s3 = s3(protocol);
        var bucket = bucket(protocol, "listings");
        var keys = IntStream.range(0, 25).mapToObj(i -> "dir%d/key%02d".formatted(i % 3, i)).sorted().toList();
        for (var key : keys)
            s3.putObject(b -> b.bucket(bucket).key(key), RequestBody.empty());
        assertEquals(keys,
                s3.listObjectsV2Paginator(b -> b.bucket(bucket).maxKeys(4)).contents().stream().map(S3Object::key).toList());
        var rolled = s3.listObjectsV2(b -> b.bucket(bucket).delimiter("/"));
        assertEquals(List.of("dir0/", "dir1/", "dir2/"), rolled.commonPrefixes().stream().map(CommonPrefix::prefix).toList());
        var old = s3.listObjects(b -> b.bucket(bucket).delimiter("/").maxKeys(2));
        assertEquals("dir1/", old.nextMarker());
        var ids = keys.stream().map(key -> ObjectIdentifier.builder().key(key).build()).toList();
        var deleted = s3.deleteObjects(b -> b.bucket(bucket).delete(d -> d.objects(ids)));
        assertEquals(keys, deleted.deleted().stream().map(DeletedObject::key).toList());
        assertFalse(s3.listObjectsV2(b -> b.bucket(bucket)).hasContents());
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void multipart(Protocol protocol) {
        var s3 = s3(protocol);
        var bucket = bucket(protocol, "multipart");
        var id = s3
                .createMultipartUpload(
                        b -> b.bucket(bucket).key("k").metadata(Map.of("m", "1")).checksumAlgorithm(ChecksumAlgorithm.CRC32_C))
                .uploadId();
        var parts = new ArrayList<CompletedPart>();
        var contents = List.of(random(PART_BYTES), random(1234));
        for (int number = 1; number <= 2; number++) {
            int n = number;
            var part = s3.uploadPart(
                    b -> b.bucket(bucket).key("k").uploadId(id).partNumber(n).checksumAlgorithm(ChecksumAlgorithm.CRC32_C),
                    RequestBody.fromBytes(contents.get(n - 1)));
            parts.add(CompletedPart.builder().partNumber(n).eTag(part.eTag()).checksumCRC32C(part.checksumCRC32C()).build());
        }
        assertEquals(2, s3.listParts(b -> b.bucket(bucket).key("k").uploadId(id)).parts().size());
        assertEquals(id, s3.listMultipartUploads(b -> b.bucket(bucket)).uploads().getFirst().uploadId());
        var done = s3.completeMultipartUpload(b -> b.bucket(bucket).key("k").uploadId(id).multipartUpload(m -> m.parts(parts)));
        assertTrue(done.eTag().endsWith("-2\""), done.eTag());
        assertTrue(done.checksumCRC32C().endsWith("-2"), done.checksumCRC32C());
        var again = s3.completeMultipartUpload(b -> b.bucket(bucket).key("k").uploadId(id).multipartUpload(m -> m.parts(parts)));
        assertEquals(done.eTag(), again.eTag());
        var got = s3.getObjectAsBytes(b -> b.bucket(bucket).key("k"));
        assertEquals(PART_BYTES + 1234, got.asByteArray().length);
        assertEquals(Map.of("m", "1"), got.response().metadata());
        assertArrayEquals(contents.get(1), s3.getObjectAsBytes(b -> b.bucket(bucket).key("k").partNumber(2)).asByteArray());
        var copy = s3.createMultipartUpload(b -> b.bucket(bucket).key("copy")).uploadId();
        var copied = s3
                .uploadPartCopy(b -> b.sourceBucket(bucket).sourceKey("k").copySourceRange("bytes=0-9").destinationBucket(bucket)
                        .destinationKey("copy").uploadId(copy).partNumber(1));
        s3.completeMultipartUpload(b -> b.bucket(bucket).key("copy").uploadId(copy)
                .multipartUpload(
                        m -> m.parts(CompletedPart.builder().partNumber(1).eTag(copied.copyPartResult().eTag()).build())));
        assertEquals(10, s3.headObject(b -> b.bucket(bucket).key("copy")).contentLength());
        var aborted = s3.createMultipartUpload(b -> b.bucket(bucket).key("k")).uploadId();
        s3.abortMultipartUpload(b -> b.bucket(bucket).key("k").uploadId(aborted));
        assertFalse(s3.listMultipartUploads(b -> b.bucket(bucket)).hasUploads());
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void copies(Protocol protocol) {
        var s3 = s3(protocol);
        var bucket = bucket(protocol, "copies");
        s3.putObject(b -> b.bucket(bucket).key("a \u20ac").metadata(Map.of("m", "1")), RequestBody.fromString("hello"));
        var copied = s3
                .copyObject(b -> b.sourceBucket(bucket).sourceKey("a \u20ac").destinationBucket(bucket).destinationKey("b"));
        assertEquals("\"5d41402abc4b2a76b9719d911017c592\"", copied.copyObjectResult().eTag());
        assertEquals(Map.of("m", "1"), s3.headObject(b -> b.bucket(bucket).key("b")).metadata());
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void manyAtOnceByTheAsynchronousClient(Protocol protocol) {
        // No empty object here: a client that splits GETs into parts does not always complete one, whoever serves it. In 2.57.8 its
        // ByteArraySplittingTransformer notes that it saw a stream only after that stream was subscribed to, and an empty one may
        // have ended by then.
        putAndGet(async(protocol), bucket(protocol, "async"), IntStream.rangeClosed(1, MANY).map(i -> i * 7000).toArray());
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void emptyObjectsByTheAsynchronousClient(Protocol protocol) {
        try (var async = asyncBuilder(protocol).build()) {
            putAndGet(async, bucket(protocol, "nothing"), new int[MANY]);
        }
    }

    /// Objects of these sizes, all at once.
    private static void putAndGet(S3AsyncClient async, String bucket, int[] sizes) {
        var puts = IntStream.range(0, sizes.length).mapToObj(
                i -> async.putObject(b -> b.bucket(bucket).key("k" + i), AsyncRequestBody.fromBytes(random(sizes[i])))).toList();
        puts.forEach(put -> assertEquals(200, inTime(put).sdkHttpResponse().statusCode()));
        var gets = IntStream.range(0, sizes.length)
                .mapToObj(i -> async.getObject(b -> b.bucket(bucket).key("k" + i), AsyncResponseTransformer.toBytes())).toList();
        for (int i = 0; i < sizes.length; i++)
            assertArrayEquals(random(sizes[i]), inTime(gets.get(i)).asByteArray(), "size " + sizes[i]);
    }

    private static <T> T inTime(CompletableFuture<T> answer) {
        return answer.orTimeout(30, TimeUnit.SECONDS).join();
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void filesByTheTransferManager(Protocol protocol, @TempDir Path directory) throws IOException {
        var bucket = bucket(protocol, "transfer");
        var up = directory.resolve("up");
        Files.createDirectories(up.resolve("sub"));
        Files.write(up.resolve("large"), random(2 * PART_BYTES + 77));
        Files.write(up.resolve("sub/small"), random(99));
        try (var transfers = S3TransferManager.builder().s3Client(async(protocol)).build()) {
            var uploaded = transfers.uploadDirectory(u -> u.bucket(bucket).source(up).s3Prefix("p")).completionFuture().join();
            assertEquals(List.of(), uploaded.failedTransfers());
            var down = directory.resolve("down");
            var downloaded = transfers.downloadDirectory(d -> d.bucket(bucket).destination(down)).completionFuture().join();
            assertEquals(List.of(), downloaded.failedTransfers());
            assertEquals(-1, Files.mismatch(up.resolve("large"), down.resolve("p/large")));
            assertEquals(-1, Files.mismatch(up.resolve("sub/small"), down.resolve("p/sub/small")));
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void presignedRequests(Protocol protocol) throws Exception {
        var bucket = bucket(protocol, "presigned");
        var context = SSLContext.getInstance("TLS");
        context.init(null, trusted, null);
        try (var presigner = S3Presigner.builder().endpointOverride(target.uri(protocol)).region(Region.US_EAST_1)
                .credentialsProvider(root)
                .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build()).build();
                var http = HttpClient.newBuilder().sslContext(context).version(HttpClient.Version.HTTP_1_1).build()) {
            var put = presigner.presignPutObject(
                    p -> p.signatureDuration(Duration.ofMinutes(5)).putObjectRequest(b -> b.bucket(bucket).key("a b")));
            var sent = http.send(
                    HttpRequest.newBuilder(put.url().toURI()).PUT(HttpRequest.BodyPublishers.ofString("hello")).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(200, sent.statusCode(), sent.body());
            var get = presigner.presignGetObject(p -> p.signatureDuration(Duration.ofMinutes(5))
                    .getObjectRequest(b -> b.bucket(bucket).key("a b").responseContentType("text/z")));
            var got = http.send(HttpRequest.newBuilder(get.url().toURI()).build(), HttpResponse.BodyHandlers.ofString());
            assertEquals("hello", got.body());
            assertEquals("text/z", got.headers().firstValue("content-type").orElse(""));
            var forged = http.send(
                    HttpRequest.newBuilder(URI.create(get.url().toString().replace("text%2Fz", "text%2Fa"))).build(),
                    HttpResponse.BodyHandlers.ofString());
            assertEquals(403, forged.statusCode());
            assertTrue(forged.body().contains("<Code>SignatureDoesNotMatch</Code>"), forged.body());
        }
    }

    @Test
    void usersAndStrangersKeepToTheirOwn() {
        var bucket = bucket(Protocol.HTTP, "private");
        s3(Protocol.HTTP).putObject(b -> b.bucket(bucket).key("k"), RequestBody.fromString("x"));
        try (var user = client(Protocol.HTTP, keys(target.userAccessKey(), target.userSecretKey()));
                var stranger = client(Protocol.HTTP, AnonymousCredentialsProvider.create());
                var liar = client(Protocol.HTTP, keys(target.userAccessKey(), "wrong"))) {
            for (var denied : List.of(user, stranger, liar)) {
                assertEquals(403, status(() -> denied.getObjectAsBytes(b -> b.bucket(bucket).key("k"))));
                assertEquals(403, status(() -> denied.putObject(b -> b.bucket(bucket).key("k"), RequestBody.fromString("y"))));
            }
            user.createBucket(b -> b.bucket("users-own"));
            user.putObject(b -> b.bucket("users-own").key("k"), RequestBody.fromString("mine"));
            assertEquals("mine", s3(Protocol.HTTPS).getObjectAsBytes(b -> b.bucket("users-own").key("k")).asUtf8String(),
                    "root sees all");
            assertEquals(List.of("users-own"), user.listBuckets().buckets().stream().map(Bucket::name).toList());
        }
        assertEquals("x", s3(Protocol.HTTP).getObjectAsBytes(b -> b.bucket(bucket).key("k")).asUtf8String());
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void versionsAndTags(Protocol protocol) {
        var s3 = s3(protocol);
        var bucket = bucket(protocol, "versions");
        s3.putBucketVersioning(b -> b.bucket(bucket).versioningConfiguration(c -> c.status(BucketVersioningStatus.ENABLED)));
        assertEquals(BucketVersioningStatus.ENABLED, s3.getBucketVersioning(b -> b.bucket(bucket)).status());
        var versions = new ArrayList<String>();
        for (int size : new int[]{10, 100_000, 700_000})
            versions.add(
                    s3.putObject(b -> b.bucket(bucket).key("k").tagging("size=" + size), RequestBody.fromBytes(bytes(size, size)))
                            .versionId());
        var marker = s3.deleteObject(b -> b.bucket(bucket).key("k"));
        assertTrue(marker.deleteMarker());
        assertEquals(404, status(() -> s3.getObjectAsBytes(b -> b.bucket(bucket).key("k"))));
        var listed = s3.listObjectVersionsPaginator(b -> b.bucket(bucket).maxKeys(2));
        assertEquals(versions.reversed(),
                listed.versions().stream().map(software.amazon.awssdk.services.s3.model.ObjectVersion::versionId)
                        .toList());
        assertEquals(List.of(marker.versionId()), listed.deleteMarkers().stream().map(DeleteMarkerEntry::versionId).toList());
        // A copy by reference outlives what it was copied from.
        s3.copyObject(b -> b.sourceBucket(bucket).sourceKey("k").sourceVersionId(versions.getLast()).destinationBucket(bucket)
                .destinationKey("copy"));
        assertEquals("size", s3.getObjectTagging(b -> b.bucket(bucket).key("copy")).tagSet().getFirst().key());
        s3.deleteObjects(b -> b.bucket(bucket).delete(d -> d.objects(listed.versions().stream()
                .map(version -> ObjectIdentifier.builder().key("k").versionId(version.versionId()).build()).toList())));
        assertEquals(404, status(() -> s3.headObject(b -> b.bucket(bucket).key("k").versionId(versions.getFirst()))));
        assertArrayEquals(bytes(700_000, 700_000), s3.getObjectAsBytes(b -> b.bucket(bucket).key("copy")).asByteArray());
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void configurations(Protocol protocol) {
        var s3 = s3(protocol);
        var bucket = "configured-" + protocol.name().toLowerCase(Locale.ROOT);
        s3.createBucket(b -> b.bucket(bucket).createBucketConfiguration(c -> c.locationConstraint("eu-west-3")));
        assertEquals("eu-west-3", s3.getBucketLocation(b -> b.bucket(bucket)).locationConstraintAsString());
        var tag = Tag.builder().key("team").value("blue").build();
        s3.putBucketTagging(b -> b.bucket(bucket).tagging(t -> t.tagSet(tag)));
        assertEquals(List.of(tag), s3.getBucketTagging(b -> b.bucket(bucket)).tagSet());
        s3.deleteBucketTagging(b -> b.bucket(bucket));
        assertEquals(404, status(() -> s3.getBucketTagging(b -> b.bucket(bucket))));
        var rule = CORSRule.builder().allowedMethods("GET").allowedOrigins("https://example.com").exposeHeaders("ETag")
                .maxAgeSeconds(60).build();
        s3.putBucketCors(b -> b.bucket(bucket).corsConfiguration(c -> c.corsRules(rule)));
        var kept = s3.getBucketCors(b -> b.bucket(bucket)).corsRules().getFirst();
        assertEquals(rule.allowedOrigins(), kept.allowedOrigins());
        assertEquals(60, kept.maxAgeSeconds());
        s3.deleteBucketCors(b -> b.bucket(bucket));
        assertEquals(404, status(() -> s3.getBucketCors(b -> b.bucket(bucket))));
        var owner = OwnershipControlsRule.builder().objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED).build();
        assertEquals(List.of(owner), s3.getBucketOwnershipControls(b -> b.bucket(bucket)).ownershipControls().rules());
        s3.deleteBucketOwnershipControls(b -> b.bucket(bucket));
        s3.putBucketOwnershipControls(b -> b.bucket(bucket).ownershipControls(o -> o.rules(owner)));
        assertEquals(Payer.BUCKET_OWNER, s3.getBucketRequestPayment(b -> b.bucket(bucket)).payer());
        s3.putBucketRequestPayment(b -> b.bucket(bucket).requestPaymentConfiguration(r -> r.payer(Payer.REQUESTER)));
        assertEquals(Payer.REQUESTER, s3.getBucketRequestPayment(b -> b.bucket(bucket)).payer());
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void attributesTagsAndNames(Protocol protocol) {
        var s3 = s3(protocol);
        var bucket = bucket(protocol, "attributes");
        s3.putObject(b -> b.bucket(bucket).key("k").checksumAlgorithm(ChecksumAlgorithm.CRC32_C),
                RequestBody.fromString("hello"));
        var attributes = s3.getObjectAttributes(b -> b.bucket(bucket).key("k").objectAttributes(ObjectAttributes.E_TAG,
                ObjectAttributes.CHECKSUM, ObjectAttributes.OBJECT_SIZE, ObjectAttributes.STORAGE_CLASS));
        assertEquals("5d41402abc4b2a76b9719d911017c592", attributes.eTag());
        assertEquals(5, attributes.objectSize());
        assertEquals(ChecksumType.FULL_OBJECT, attributes.checksum().checksumType());
        s3.putObjectTagging(b -> b.bucket(bucket).key("k").tagging(t -> t.tagSet(Tag.builder().key("a").value("b").build())));
        assertEquals("b", s3.getObjectTagging(b -> b.bucket(bucket).key("k")).tagSet().getFirst().value());
        s3.deleteObjectTagging(b -> b.bucket(bucket).key("k"));
        assertFalse(s3.getObjectTagging(b -> b.bucket(bucket).key("k")).hasTagSet()
                && !s3.getObjectTagging(b -> b.bucket(bucket).key("k")).tagSet().isEmpty());
        assertEquals(Permission.FULL_CONTROL, s3.getObjectAcl(b -> b.bucket(bucket).key("k")).grants().getFirst().permission());
        s3.renameObject(b -> b.bucket(bucket).key("renamed").renameSource("/" + bucket + "/k").destinationIfNoneMatch("*"));
        assertEquals("hello", s3.getObjectAsBytes(b -> b.bucket(bucket).key("renamed")).asUtf8String());
        assertEquals(404, status(() -> s3.headObject(b -> b.bucket(bucket).key("k"))));
    }

    private static byte[] bytes(int size, int seed) {
        var bytes = new byte[size];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void whatIsNotServedSaysSo() {
        var bucket = bucket(Protocol.HTTP, "not-served");
        var refused = assertThrows(S3Exception.class, () -> s3(Protocol.HTTP).getBucketPolicy(b -> b.bucket(bucket)));
        assertEquals(501, refused.statusCode());
        assertEquals("NotImplemented", refused.awsErrorDetails().errorCode());
        assertNotNull(refused.requestId());
        assertThrows(NoSuchKeyException.class, () -> s3(Protocol.HTTP).getObject(b -> b.bucket(bucket).key("none")));
    }
}
