package io.cairn.bench.volumes;

import io.cairn.bench.http.HttpConnection;
import io.cairn.bench.http.Keys;
import io.cairn.bench.http.SigV4;
import io.cairn.bench.match.WrongAnswerException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// EC2's Query protocol (Amazon EC2 API reference, "Query requests") as far as volumes and snapshots need it, over one connection. One thread.
final class Ec2Client implements AutoCloseable {
    private final HttpConnection connection;
    private final String host;
    private final Keys keys;

    Ec2Client(int port, Keys keys) throws IOException {
        connection = new HttpConnection(port);
        host = "127.0.0.1:" + port;
        this.keys = keys;
    }

    /// Returns the volume's id.
    ///
    /// @param name its tag `Name`
    String createVolume(String name, long bytes) throws IOException {
        return id("volumeId",
                call(Map.of("Action", "CreateVolume", "AvailabilityZone", "us-east-1a", "SizeBytes", Long.toString(bytes),
                        "TagSpecification.1.ResourceType", "volume", "TagSpecification.1.Tag.1.Key", "Name",
                        "TagSpecification.1.Tag.1.Value", name)));
    }

    /// Returns the snapshot's id.
    String createSnapshot(String volume) throws IOException {
        return id("snapshotId", call(Map.of("Action", "CreateSnapshot", "VolumeId", volume)));
    }

    void deleteSnapshot(String snapshot) throws IOException {
        call(Map.of("Action", "DeleteSnapshot", "SnapshotId", snapshot));
    }

    private String call(Map<String, String> parameters) throws IOException {
        var all = new TreeMap<>(parameters);
        all.put("Version", "2016-11-15");
        var body = all.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&")).getBytes(StandardCharsets.US_ASCII);
        // A signature's time holds for 15 minutes, a run takes longer: each call has its own.
        var signature = new SigV4(host, keys.access(), keys.secret(), "us-east-1", "ec2", Instant.now()).headers("POST", "/", "",
                sha256(body));
        var head = "POST / HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: "
                + body.length
                + "\r\n" + signature + "\r\n";
        var answer = new ByteArrayOutputStream();
        connection.exchange(head.getBytes(StandardCharsets.US_ASCII), ByteBuffer.wrap(body), piece -> {
            var bytes = new byte[piece.remaining()];
            piece.get(bytes);
            answer.writeBytes(bytes);
        });
        return answer.toString(StandardCharsets.UTF_8);
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String id(String element, String xml) {
        var found = Pattern.compile("<" + element + ">([a-z]+-[0-9a-f]+)</").matcher(xml);
        if (!found.find())
            throw new WrongAnswerException("an answer without " + element + ": " + xml.substring(0, Math.min(xml.length(), 400)));
        return found.group(1);
    }

    @Override
    public void close() throws IOException {
        connection.close();
    }
}
