package io.cairn.server.s3;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How S3's operations are told from one another (service model of S3, 2006-03-01). Read once, at start.
final class Routes {
    /// What a request is about, its method, the operation, and what must be there: query parameters, by name or with their value,
    /// and, behind `@`, a header. Of several rows that fit the first counts, so those that ask for more stand first.
    private static final String TABLE = """
            service GET    ListDirectoryBuckets                             x-id=ListDirectoryBuckets
            service GET    ListBuckets
            bucket  GET    GetBucketAnalyticsConfiguration                  analytics id
            bucket  GET    GetBucketIntelligentTieringConfiguration         intelligent-tiering id
            bucket  GET    GetBucketInventoryConfiguration                  inventory id
            bucket  GET    GetBucketMetricsConfiguration                    metrics id
            bucket  GET    CreateSession                                    session
            bucket  GET    GetBucketAbac                                    abac
            bucket  GET    GetBucketAccelerateConfiguration                 accelerate
            bucket  GET    GetBucketAcl                                     acl
            bucket  GET    GetBucketCors                                    cors
            bucket  GET    GetBucketEncryption                              encryption
            bucket  GET    GetBucketLifecycleConfiguration                  lifecycle
            bucket  GET    GetBucketLocation                                location
            bucket  GET    GetBucketLogging                                 logging
            bucket  GET    GetBucketMetadataConfiguration                   metadataConfiguration
            bucket  GET    GetBucketMetadataTableConfiguration              metadataTable
            bucket  GET    GetBucketNotificationConfiguration               notification
            bucket  GET    GetBucketOwnershipControls                       ownershipControls
            bucket  GET    GetBucketPolicy                                  policy
            bucket  GET    GetBucketPolicyStatus                            policyStatus
            bucket  GET    GetBucketReplication                             replication
            bucket  GET    GetBucketRequestPayment                          requestPayment
            bucket  GET    GetBucketTagging                                 tagging
            bucket  GET    GetBucketVersioning                              versioning
            bucket  GET    GetBucketWebsite                                 website
            bucket  GET    GetObjectLockConfiguration                       object-lock
            bucket  GET    GetPublicAccessBlock                             publicAccessBlock
            bucket  GET    ListBucketAnalyticsConfigurations                analytics
            bucket  GET    ListBucketIntelligentTieringConfigurations       intelligent-tiering
            bucket  GET    ListBucketInventoryConfigurations                inventory
            bucket  GET    ListBucketMetricsConfigurations                  metrics
            bucket  GET    ListMultipartUploads                             uploads
            bucket  GET    ListObjectVersions                               versions
            bucket  GET    ListObjectsV2                                    list-type=2
            bucket  GET    ListObjects
            bucket  HEAD   HeadBucket
            bucket  PUT    PutBucketAbac                                    abac
            bucket  PUT    PutBucketAccelerateConfiguration                 accelerate
            bucket  PUT    PutBucketAcl                                     acl
            bucket  PUT    PutBucketAnalyticsConfiguration                  analytics
            bucket  PUT    PutBucketCors                                    cors
            bucket  PUT    PutBucketEncryption                              encryption
            bucket  PUT    PutBucketIntelligentTieringConfiguration         intelligent-tiering
            bucket  PUT    PutBucketInventoryConfiguration                  inventory
            bucket  PUT    PutBucketLifecycleConfiguration                  lifecycle
            bucket  PUT    PutBucketLogging                                 logging
            bucket  PUT    PutBucketMetricsConfiguration                    metrics
            bucket  PUT    PutBucketNotificationConfiguration               notification
            bucket  PUT    PutBucketOwnershipControls                       ownershipControls
            bucket  PUT    PutBucketPolicy                                  policy
            bucket  PUT    PutBucketReplication                             replication
            bucket  PUT    PutBucketRequestPayment                          requestPayment
            bucket  PUT    PutBucketTagging                                 tagging
            bucket  PUT    PutBucketVersioning                              versioning
            bucket  PUT    PutBucketWebsite                                 website
            bucket  PUT    PutObjectLockConfiguration                       object-lock
            bucket  PUT    PutPublicAccessBlock                             publicAccessBlock
            bucket  PUT    UpdateBucketMetadataAnnotationTableConfiguration metadataAnnotationTable
            bucket  PUT    UpdateBucketMetadataInventoryTableConfiguration  metadataInventoryTable
            bucket  PUT    UpdateBucketMetadataJournalTableConfiguration    metadataJournalTable
            bucket  PUT    CreateBucket
            bucket  POST   CreateBucketMetadataConfiguration                metadataConfiguration
            bucket  POST   CreateBucketMetadataTableConfiguration           metadataTable
            bucket  POST   DeleteObjects                                    delete
            bucket  POST   WriteGetObjectResponse                           @x-amz-request-route
            bucket  POST   PostObject
            bucket  DELETE DeleteBucketAnalyticsConfiguration               analytics
            bucket  DELETE DeleteBucketCors                                 cors
            bucket  DELETE DeleteBucketEncryption                           encryption
            bucket  DELETE DeleteBucketIntelligentTieringConfiguration      intelligent-tiering
            bucket  DELETE DeleteBucketInventoryConfiguration               inventory
            bucket  DELETE DeleteBucketLifecycle                            lifecycle
            bucket  DELETE DeleteBucketMetadataConfiguration                metadataConfiguration
            bucket  DELETE DeleteBucketMetadataTableConfiguration           metadataTable
            bucket  DELETE DeleteBucketMetricsConfiguration                 metrics
            bucket  DELETE DeleteBucketOwnershipControls                    ownershipControls
            bucket  DELETE DeleteBucketPolicy                               policy
            bucket  DELETE DeleteBucketReplication                          replication
            bucket  DELETE DeleteBucketTagging                              tagging
            bucket  DELETE DeleteBucketWebsite                              website
            bucket  DELETE DeletePublicAccessBlock                          publicAccessBlock
            bucket  DELETE DeleteBucket
            key     GET    GetObjectAnnotation                              annotation annotationName
            key     GET    GetObjectAcl                                     acl
            key     GET    GetObjectAttributes                              attributes
            key     GET    GetObjectLegalHold                               legal-hold
            key     GET    GetObjectRetention                               retention
            key     GET    GetObjectTagging                                 tagging
            key     GET    GetObjectTorrent                                 torrent
            key     GET    ListObjectAnnotations                            annotation
            key     GET    ListParts                                        uploadId
            key     GET    GetObject
            key     HEAD   HeadObject
            key     PUT    UploadPartCopy                                   partNumber uploadId @x-amz-copy-source
            key     PUT    UploadPart                                       partNumber uploadId
            key     PUT    CopyObject                                       @x-amz-copy-source
            key     PUT    PutObjectAcl                                     acl
            key     PUT    PutObjectAnnotation                              annotation
            key     PUT    PutObjectLegalHold                               legal-hold
            key     PUT    PutObjectRetention                               retention
            key     PUT    PutObjectTagging                                 tagging
            key     PUT    RenameObject                                     renameObject
            key     PUT    UpdateObjectEncryption                           encryption
            key     PUT    PutObject
            key     POST   SelectObjectContent                              select select-type=2
            key     POST   CompleteMultipartUpload                          uploadId
            key     POST   CreateMultipartUpload                            uploads
            key     POST   RestoreObject                                    restore
            key     DELETE AbortMultipartUpload                             uploadId
            key     DELETE DeleteObjectAnnotation                           annotation
            key     DELETE DeleteObjectTagging                              tagging
            key     DELETE DeleteObject
            """;

    /// One row.
    ///
    /// @param served null when this server does not do it
    record Route(String name, @Nullable Operation served, List<Need> needs) {
        private boolean fits(Query query, HttpHeaders headers) {
            for (var need : needs)
                if (!need.met(query, headers))
                    return false;
            return true;
        }
    }

    /// @param value that the query parameter must have; empty when any will do
    private record Need(String name, String value, boolean header) {
        static Need of(String text) {
            if (text.startsWith("@"))
                return new Need(text.substring(1), "", true);
            int equals = text.indexOf('=');
            return equals < 0
                    ? new Need(text, "", false)
                    : new Need(text.substring(0, equals), text.substring(equals + 1), false);
        }

        boolean met(Query query, HttpHeaders headers) {
            if (header)
                return headers.contains(name);
            var there = query.get(name);
            return there != null && (value.isEmpty() || value.equals(there));
        }
    }

    private static final Map<String, List<Route>> OF_SERVICE = new HashMap<>();
    private static final Map<String, List<Route>> OF_BUCKET = new HashMap<>();
    private static final Map<String, List<Route>> OF_KEY = new HashMap<>();

    static {
        for (var line : TABLE.strip().lines().toList()) {
            var words = line.strip().split(" +");
            var table = switch (words[0]) {
                case "service" -> OF_SERVICE;
                case "bucket" -> OF_BUCKET;
                case "key" -> OF_KEY;
                default -> throw new IllegalStateException(line);
            };
            var needs = new ArrayList<Need>();
            for (int i = 3; i < words.length; i++)
                needs.add(Need.of(words[i]));
            table.computeIfAbsent(words[1], method -> new ArrayList<>())
                    .add(new Route(words[2], Operation.named(words[2]), List.copyOf(needs)));
        }
    }

    /// The operation that is asked for, or null when S3 has none.
    static @Nullable Route find(String method, Address address, Query query, HttpHeaders headers) {
        var table = address.bucket().isEmpty() ? OF_SERVICE : address.key().isEmpty() ? OF_BUCKET : OF_KEY;
        var candidates = table.get(method);
        if (candidates == null)
            return null;
        if (query.isEmpty() && !hasTelling(method, address, headers)) {
            var plain = candidates.getLast(); // most requests
            return plain.needs.isEmpty() ? plain : null;
        }
        for (var candidate : candidates)
            if (candidate.fits(query, headers))
                return candidate;
        return null;
    }

    /// A request of each operation, about a bucket `bucket` or its key `key`.
    record Example(String name, String method, String target, List<String> headers) {}

    static List<Example> examples() {
        var examples = new ArrayList<Example>();
        Map.of("/", OF_SERVICE, "/bucket", OF_BUCKET, "/bucket/key", OF_KEY).forEach((path, table) -> table.forEach(
                (method, routes) -> routes.forEach(route -> examples.add(new Example(route.name(), method,
                        path + route.needs().stream().filter(need -> !need.header())
                                .map(need -> need.value().isEmpty() ? need.name() : need.name() + "=" + need.value())
                                .collect(Collectors.joining("&", "?", "")),
                        route.needs().stream().filter(Need::header).map(Need::name).toList())))));
        return examples;
    }

    /// Whether a header is there that tells one operation of this method from another.
    private static boolean hasTelling(String method, Address address, HttpHeaders headers) {
        return address.key().isEmpty()
                ? method.equals("POST") && headers.contains("x-amz-request-route")
                : method.equals("PUT") && headers.contains("x-amz-copy-source");
    }

    /// The names of all operations.
    static Set<String> names() {
        return Stream.of(OF_SERVICE, OF_BUCKET, OF_KEY).flatMap(table -> table.values().stream()).flatMap(List::stream)
                .map(Route::name).collect(Collectors.toSet());
    }

    /// The operations that have a row.
    static Set<Operation> served() {
        return Stream.of(OF_SERVICE, OF_BUCKET, OF_KEY).flatMap(table -> table.values().stream()).flatMap(List::stream)
                .map(Route::served).filter(Objects::nonNull).collect(Collectors.toSet());
    }

    private Routes() {}
}
