package io.cairn.server.s3;

import static org.junit.jupiter.api.Assertions.*;

import io.cairn.server.http.RefusedException;
import io.cairn.server.http.Request;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which bucket and key a request means.
class AddressTest {
    private static final List<String> DOMAINS = List.of("s3.example.com");

    private static Address address(String host, String path) {
        var headers = new DefaultHttpHeaders().set("Host", host);
        return Address.of(new Request("GET", path, "", headers, 0, false, "127.0.0.1"), DOMAINS);
    }

    @ParameterizedTest
    @CsvSource({"bucket.s3.localhost:4566, bucket", "bucket.localhost, bucket", "bucket.s3.us-east-1.localhost:4566, bucket",
            "my.bucket.s3.localhost, my.bucket", "my.bucket.s3.eu-west-1.amazonaws.com, my.bucket",
            "bucket.s3.amazonaws.com, bucket",
            "Bucket.S3.AmazonAWS.com, bucket", "bucket.s3.example.com, bucket", "my.bucket.localhost:80, my.bucket",
            "bucket.s3-eu-west-1.amazonaws.com, bucket",
            "my.bucket.s3-eu-west-1.amazonaws.com, my.bucket", "bucket.s3.dualstack.eu-west-1.amazonaws.com, bucket",
            "my.s3.bucket.s3.dualstack.eu-west-1.amazonaws.com, my.s3.bucket", "my.s3-x.s3.eu-west-1.amazonaws.com, my.s3-x"})
    void theHostNamesTheBucket(String host, String bucket) {
        assertEquals(new Address(bucket, "a/b"), address(host, "/a/b"));
        assertEquals(new Address(bucket, ""), address(host, "/"));
        assertEquals(new Address(bucket, "/a//b"), address(host, "//a//b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:4566", "127.0.0.1:4566", "127.0.0.1", "[::1]:4566", "[::1]",
            "s3.localhost:4566",
            "s3.us-east-1.localhost", "s3.amazonaws.com", "s3.us-east-1.amazonaws.com", "s3.example.com", "example.com",
            "server:4566", "",
            ":80", "sts.amazonaws.com", "s3-eu-west-1.amazonaws.com", "s3.dualstack.eu-west-1.amazonaws.com",
            "s3.dualstack.eu-west-1.localhost"})
    void theHostIsTheEndpoint(String host) {
        assertEquals(new Address("bucket", "a/b"), address(host, "/bucket/a/b"));
    }

    @Test
    void pathsAreTakenApartOnce() {
        assertEquals(new Address("", ""), address("h", "/"));
        assertEquals(new Address("bucket", ""), address("h", "/bucket"));
        assertEquals(new Address("bucket", ""), address("h", "/bucket/"));
        assertEquals(new Address("bucket", "/"), address("h", "/bucket//"));
        assertEquals(new Address("bucket", "a/../b"), address("h", "/bucket/a/../b"));
        assertEquals(new Address("bucket", "%2F"), address("h", "/bucket/%252F"), "decoded once");
        assertEquals(new Address("bucket", "a b+c"), address("h", "/bucket/a%20b+c"));
        assertEquals(new Address("b", "\u00e4"), address("h", "/b/\u00c3\u00a4"), "raw UTF-8, a character for each byte");
        assertThrows(RefusedException.class, () -> address("h", "/bucket/%C3"));
    }

    @Test
    void aCopySourceNamesBucketAndKey() {
        assertEquals(new Copies.Source(new Address("b", "k/l"), ""), source("b/k/l"));
        assertEquals(new Copies.Source(new Address("b", "k?versionId=x"), ""), source("/b/k%3FversionId%3Dx"));
        assertEquals(new Copies.Source(new Address("b", "k"), "null"), source("/b/k?versionId=null"));
        assertEquals(new Copies.Source(new Address("b", "k"), "01ab"), source("/b/k?versionId=01ab"));
        for (var bad : List.of("", "b", "b/", "/b/", "/", "b/k?versionId=", "b/%zz"))
            assertThrows(RefusedException.class, () -> source(bad), bad);
    }

    private static Copies.Source source(String header) {
        return Copies.source(new DefaultHttpHeaders().set("x-amz-copy-source", header));
    }
}
