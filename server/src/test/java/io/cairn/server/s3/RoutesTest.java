package io.cairn.server.s3;

import static org.junit.jupiter.api.Assertions.*;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// Requests and the operations that they ask for.
class RoutesTest {
    private static String route(String method, String target, String... headers) {
        int question = target.indexOf('?');
        var path = question < 0 ? target : target.substring(0, question);
        int slash = path.indexOf('/', 1);
        var address = new Address(slash < 0 ? path.substring(1) : path.substring(1, slash),
                slash < 0 ? "" : path.substring(slash + 1));
        var all = new DefaultHttpHeaders();
        for (var header : headers)
            all.set(header, "x");
        var route = Routes.find(method, address, Query.of(question < 0 ? "" : target.substring(question + 1)), all);
        return route == null ? "" : route.name();
    }

    @ParameterizedTest
    @CsvSource({"GET, /, ListBuckets", "GET, /?x-id=ListBuckets, ListBuckets", "GET, /b, ListObjects",
            "GET, /b?list-type=2, ListObjectsV2",
            "GET, /b?list-type=1, ListObjects", "GET, /b?prefix=acl, ListObjects", "GET, /b?acl, GetBucketAcl",
            "GET, /b?uploads&prefix=x, ListMultipartUploads",
            "PUT, /b, CreateBucket", "DELETE, /b, DeleteBucket", "HEAD, /b, HeadBucket", "POST, /b?delete, DeleteObjects",
            "POST, /b, PostObject",
            "PUT, /b/k, PutObject", "PUT, /b/k?x-id=PutObject, PutObject", "GET, /b/k?partNumber=1, GetObject",
            "GET, /b/k?uploadId=u, ListParts",
            "PUT, /b/k?partNumber=1&uploadId=u, UploadPart", "PUT, /b/k?uploadId=u, PutObject",
            "POST, /b/k?uploads, CreateMultipartUpload",
            "POST, /b/k?uploadId=u, CompleteMultipartUpload", "DELETE, /b/k?uploadId=u, AbortMultipartUpload",
            "DELETE, /b/k, DeleteObject",
            "DELETE, /b/k?tagging, DeleteObjectTagging", "POST, /b/k, ''", "DELETE, /, ''", "TRACE, /b/k, ''",
            "GET, /b?analytics&id=1, GetBucketAnalyticsConfiguration", "GET, /b?analytics, ListBucketAnalyticsConfigurations"})
    void requestsFindTheirOperation(String method, String target, String expected) {
        assertEquals(expected, route(method, target));
    }

    @Test
    void copiesAreToldByTheirHeader() {
        assertEquals("CopyObject", route("PUT", "/b/k", "x-amz-copy-source"));
        assertEquals("CopyObject", route("PUT", "/b/k?x-id=CopyObject", "x-amz-copy-source"));
        assertEquals("UploadPartCopy", route("PUT", "/b/k?partNumber=1&uploadId=u", "x-amz-copy-source"));
        assertEquals("GetObject", route("GET", "/b/k", "x-amz-copy-source"));
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void everyServedOperationHasItsRow(Operation operation) {
        assertTrue(Routes.served().contains(operation), operation::name);
    }

    /// Of two names for one request (GetBucketLifecycle and GetBucketLifecycleConfiguration) the table has the newer.
    private static final Set<String> LEFT_OUT = Set.of("GetBucketLifecycle", "PutBucketLifecycle", "GetBucketNotification",
            "PutBucketNotification");

    @Test
    void everyOperationOfTheServiceModelIsFound() throws IOException {
        var model = Path.of("../../shared/models/s3.json");
        Assumptions.assumeTrue(Files.exists(model), "not run: needs " + model);
        var missed = new ArrayList<String>();
        int checked = 0;
        for (var operation : operations(model)) {
            if (LEFT_OUT.contains(operation.name()))
                continue;
            var uri = operation.uri().replace("{Bucket}", "b").replace("{Key+}", "k");
            var found = switch (operation.name()) {
                case "ListDirectoryBuckets" -> route(operation.method(), uri + "?x-id=" + operation.name());
                case "WriteGetObjectResponse" -> route(operation.method(), uri, "x-amz-request-route");
                case "CopyObject" -> route(operation.method(), uri, "x-amz-copy-source");
                case "UploadPartCopy" -> route(operation.method(), uri + "?partNumber=1&uploadId=u", "x-amz-copy-source");
                case "UploadPart" -> route(operation.method(), uri + "?partNumber=1&uploadId=u");
                case "ListParts", "CompleteMultipartUpload", "AbortMultipartUpload" ->
                    route(operation.method(), uri + "?uploadId=u");
                case "GetObjectAnnotation" -> route(operation.method(), uri + "&annotationName=a");
                case String name when name.startsWith("Get")
                        && uri.matches("/b\\?(analytics|inventory|metrics|intelligent-tiering)") ->
                    route(operation.method(), uri + "&id=1");
                default -> route(operation.method(), uri);
            };
            checked++;
            if (!found.equals(operation.name()))
                missed.add(operation + " leads to " + found);
        }
        assertEquals(List.of(), missed);
        assertTrue(checked > 100, "operations checked: " + checked);
    }

    /// Of every operation that is not served, in S3's form; and with a HEAD none has a body.
    @Test
    void whatIsNotServedIsNotImplemented() {
        var s3 = new S3TestClient();
        s3.put("/bucket", "");
        int checked = 0;
        for (var example : Routes.examples()) {
            if (Operation.named(example.name()) != null)
                continue;
            var call = s3.call(example.method(), example.target());
            example.headers().forEach(header -> call.header(header, "x"));
            var reply = call.send();
            assertEquals(501, reply.status(), example.name());
            assertEquals("NotImplemented", reply.element("Code"), example.name());
            assertTrue(reply.element("Message").contains(example.name()), reply.text());
            assertEquals("REQUEST1", reply.element("RequestId"));
            checked++;
        }
        assertTrue(checked > 60, "operations checked: " + checked);
    }

    private record Modelled(String name, String method, String uri) {}

    private static List<Modelled> operations(Path model) throws IOException {
        var operations = new ArrayList<Modelled>();
        try (var in = new JsonFactory().createParser(model.toFile())) {
            in.nextToken();
            while (in.nextToken() == JsonToken.FIELD_NAME) {
                boolean wanted = in.currentName().equals("operations");
                in.nextToken();
                if (!wanted) {
                    in.skipChildren();
                    continue;
                }
                while (in.nextToken() == JsonToken.FIELD_NAME) {
                    var name = in.currentName();
                    String method = "";
                    String uri = "";
                    in.nextToken();
                    while (in.nextToken() == JsonToken.FIELD_NAME) {
                        boolean http = in.currentName().equals("http");
                        in.nextToken();
                        if (!http) {
                            in.skipChildren();
                            continue;
                        }
                        while (in.nextToken() == JsonToken.FIELD_NAME) {
                            var field = in.currentName();
                            in.nextToken();
                            if (field.equals("method"))
                                method = in.getText();
                            if (field.equals("requestUri"))
                                uri = in.getText();
                        }
                    }
                    operations.add(new Modelled(name, method, uri));
                }
            }
        }
        return operations;
    }
}
