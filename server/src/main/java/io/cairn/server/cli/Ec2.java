package io.cairn.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.xml.stream.XMLStreamException;
import org.jspecify.annotations.Nullable;

/// As much of an EC2 client as the command line needs: the Query protocol over the JDK's HTTP client. Any thread.
///
/// A request that the server was too busy for (503) is repeated up to [ServerConnection#RETRIES] times; one that failed (500), or whose connection
/// broke, only if it may be done twice: what makes a volume may, by its client token; for snapshots EC2 has none. `SizeBytes`, `sizeBytes` and
/// `storedBytes` are this server's own.
final class Ec2 implements AutoCloseable {
    private static final String VERSION = "2016-11-15";
    private static final String CONTENT_TYPE = "application/x-www-form-urlencoded; charset=utf-8";
    private static final String NAME_TAG = "Name";
    private final RequestSigner signer;
    private final ServerConnection server;

    /// What can be attached.
    sealed interface Disk {
        String id();

        /// The tag `Name`; empty when there is none.
        String name();

        long sizeBytes();
    }

    /// @param storedBytes that it takes by itself or with others
    /// @param snapshotId what it began as; empty for a blank one
    record Volume(String id, String name, long sizeBytes, long storedBytes, String type, String snapshotId,
            String created, boolean encrypted) implements Disk {}

    record Snapshot(String id, String name, String volumeId, long sizeBytes, long storedBytes, String created,
            boolean encrypted) implements Disk {}

    Ec2(URI endpoint, Credentials credentials, String region, SSLContext trust) {
        this.signer = new RequestSigner(credentials, region, "ec2");
        this.server = new ServerConnection(endpoint, "EC2", trust);
    }

    /// Makes a blank volume.
    Volume createVolume(String name, long sizeBytes, String type, boolean encrypted) {
        var parameters = new TreeMap<>(Map.of("SizeBytes", Long.toString(sizeBytes)));
        if (encrypted)
            parameters.put("Encrypted", "true");
        return createVolume(name, type, parameters);
    }

    /// Makes a volume that begins as a snapshot, and as large.
    Volume cloneVolume(String name, String snapshotId, String type) {
        return createVolume(name, type, Map.of("SnapshotId", snapshotId));
    }

    private Volume createVolume(String name, String type, Map<String, String> parameters) {
        var all = new TreeMap<>(parameters);
        all.put("VolumeType", type);
        all.put("ClientToken", UUID.randomUUID().toString()); // makes the second request find what the first one made
        nameOf("volume", name, all);
        return volume(send("CreateVolume", all, true));
    }

    /// @param name empty for none
    private static void nameOf(String kind, String name, Map<String, String> parameters) {
        if (name.isEmpty())
            return;
        parameters.put("TagSpecification.1.ResourceType", kind);
        parameters.put("TagSpecification.1.Tag.1.Key", NAME_TAG);
        parameters.put("TagSpecification.1.Tag.1.Value", name);
    }

    void deleteVolume(String id) {
        send("DeleteVolume", Map.of("VolumeId", id), false);
    }

    void resizeVolume(String id, long sizeBytes) {
        send("ModifyVolume", Map.of("VolumeId", id, "SizeBytes", Long.toString(sizeBytes)), true);
    }

    /// @param name empty for none
    Snapshot createSnapshot(String volumeId, String name, String description) {
        var parameters = new TreeMap<>(Map.of("VolumeId", volumeId));
        if (!description.isEmpty())
            parameters.put("Description", description);
        nameOf("snapshot", name, parameters);
        return snapshot(send("CreateSnapshot", parameters, false));
    }

    void deleteSnapshot(String id) {
        send("DeleteSnapshot", Map.of("SnapshotId", id), false);
    }

    List<Volume> volumes() {
        return list("DescribeVolumes", "volumeSet", Map.of()).stream().map(Ec2::volume).toList();
    }

    /// Those whose `filter`, `volume-id` or `tag:Name`, is this very text.
    List<Volume> volumes(String filter, String text) {
        return list("DescribeVolumes", "volumeSet", filter(filter, text)).stream().map(Ec2::volume).toList();
    }

    List<Snapshot> snapshots() {
        return list("DescribeSnapshots", "snapshotSet", Map.of()).stream().map(Ec2::snapshot).toList();
    }

    List<Snapshot> snapshots(String filter, String text) {
        return list("DescribeSnapshots", "snapshotSet", filter(filter, text)).stream().map(Ec2::snapshot).toList();
    }

    private static Map<String, String> filter(String name, String text) {
        return Map.of("Filter.1.Name", name, "Filter.1.Value.1", text.replaceAll("[\\\\*?]", "\\\\$0"));
    }

    private List<XmlElement> list(String action, String set, Map<String, String> parameters) {
        var all = new ArrayList<XmlElement>();
        var request = new TreeMap<>(parameters);
        while (true) {
            var page = send(action, request, true);
            all.addAll(page.items(set));
            var token = page.text("nextToken");
            if (token.isEmpty())
                return all;
            request.put("NextToken", token);
        }
    }

    private static Volume volume(XmlElement xml) {
        return new Volume(xml.text("volumeId"), name(xml), number(xml, "sizeBytes"), number(xml, "storedBytes"),
                xml.text("volumeType"),
                xml.text("snapshotId"), xml.text("createTime"), xml.text("encrypted").equals("true"));
    }

    private static Snapshot snapshot(XmlElement xml) {
        return new Snapshot(xml.text("snapshotId"), name(xml), xml.text("volumeId"), number(xml, "sizeBytes"),
                number(xml, "fullSnapshotSizeInBytes"), xml.text("startTime"), xml.text("encrypted").equals("true"));
    }

    private static String name(XmlElement xml) {
        return xml.items("tagSet").stream().filter(tag -> tag.text("key").equals(NAME_TAG)).map(tag -> tag.text("value"))
                .findFirst()
                .orElse("");
    }

    private static long number(XmlElement xml, String name) {
        var text = xml.text(name);
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new CommandException("the server's answer has no " + name + "; only Cairn's own tells exact sizes").because(e);
        }
    }

    /// @param twice whether it may be done twice
    private XmlElement send(String action, Map<String, String> parameters, boolean twice) {
        SortedMap<String, String> form = new TreeMap<>(parameters);
        form.put("Action", action);
        form.put("Version", VERSION);
        var body = UriEncoding.query(form).getBytes(UTF_8);
        for (int attempt = 0;; attempt++) {
            boolean last = attempt == ServerConnection.RETRIES;
            try {
                var answer = server.send(request(body));
                int status = answer.statusCode();
                if (status == 200)
                    return tree(answer);
                if (last || status != 503 && !(status == 500 && twice))
                    throw refusal(answer);
                server.content(answer);
            } catch (IOException e) {
                if (last || !twice)
                    throw server.gone(e);
            }
            ServerConnection.pause(attempt);
        }
    }

    private HttpRequest request(byte[] body) {
        var headers = signer.sign("POST", server.host(), "/", new TreeMap<>(), Map.of("content-type", CONTENT_TYPE),
                RequestSigner.sha256(body), Instant.now());
        var request = HttpRequest.newBuilder(URI.create(server.endpoint() + "/")).timeout(ServerConnection.ANSWER_TIMEOUT)
                .POST(BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return request.build();
    }

    private XmlElement tree(HttpResponse<InputStream> answer) {
        try {
            return XmlElement.parse(server.content(answer));
        } catch (XMLStreamException e) {
            throw server.strange("answered " + answer.statusCode() + " and not in XML").because(e);
        }
    }

    /// `<Response><Errors><Error><Code>InvalidVolume.NotFound</Code><Message>...`
    private Ec2Exception refusal(HttpResponse<InputStream> answer) {
        @Nullable
        XmlElement error = tree(answer).children("Errors").flatMap(errors -> errors.children("Error")).findFirst().orElse(null);
        if (error == null || error.text("Code").isEmpty())
            throw server.strange("answered " + answer.statusCode() + " without an error's code");
        return new Ec2Exception(error.text("Code"), error.text("Message"));
    }

    @Override
    public void close() {
        server.close();
    }
}
