package io.cairn.server.dynamodb.difference;

import io.cairn.server.dynamodb.DynamoDbServer;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Where requests go, signed with Signature Version 4 and otherwise as they are: no SDK mends or refuses them first. Connections are kept.
///
/// @param region DynamoDB Local keeps the tables of each for itself
record Endpoint(URI uri, String region) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final String SIGNED = "content-type;host;x-amz-date;x-amz-target";
    private static final String TYPE = "application/x-amz-json-1.0";
    private static final int TIMEOUT_MILLIS = 60_000;

    Answer send(Request request) throws IOException {
        return send(request.operation(), Json.text(request.body()));
    }

    Answer send(String operation, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var target = "DynamoDB_20120810." + operation;
        var time = TIME.format(Instant.now());
        var connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setReadTimeout(TIMEOUT_MILLIS);
        connection.setConnectTimeout(TIMEOUT_MILLIS);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setRequestProperty("Content-Type", TYPE);
        connection.setRequestProperty("X-Amz-Date", time);
        connection.setRequestProperty("X-Amz-Target", target);
        connection.setRequestProperty("Authorization", authorization(target, time, bytes));
        try (var out = connection.getOutputStream()) {
            out.write(bytes);
        }
        int status = connection.getResponseCode();
        try (var in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return Answer.of(status, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private String authorization(String target, String time, byte[] body) {
        try {
            var canonical = "POST\n/\n\ncontent-type:" + TYPE + "\nhost:" + uri.getAuthority() + "\nx-amz-date:" + time
                    + "\nx-amz-target:" + target + "\n\n" + SIGNED + "\n" + sha256(body);
            var scope = time.substring(0, 8) + "/" + region + "/dynamodb/aws4_request";
            var text = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + sha256(canonical.getBytes(StandardCharsets.UTF_8));
            var key = ("AWS4" + DynamoDbServer.ROOT_SECRET).getBytes(StandardCharsets.UTF_8);
            for (var part : scope.split("/", -1))
                key = hmac(key, part);
            return "AWS4-HMAC-SHA256 Credential=" + DynamoDbServer.ROOT_KEY + "/" + scope + ", SignedHeaders=" + SIGNED
                    + ", Signature=" + HexFormat.of().formatHex(hmac(key, text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String sha256(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }
}
