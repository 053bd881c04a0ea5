package io.cairn.server.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.ec2.model.Volume;

/// EC2's calls for volumes as the AWS SDK makes them: tokens, pages, filters, and what is refused.
@TestInstance(Lifecycle.PER_CLASS)
class Ec2CallsTest {
    private RunningServer server;
    private Ec2Client ec2;

    private RunningServer.Launch launch;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        launch = new RunningServer.Launch(directory);
        server = launch.start();
        connect();
    }

    private void connect() {
        ec2 = Ec2Client.builder().endpointOverride(server.endpoint()).region(Region.US_EAST_1)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(server.accessKey(), server.secretKey())))
                .httpClientBuilder(UrlConnectionHttpClient.builder()).build();
    }

    @AfterEach
    void noVolumesAreLeft() {
        for (var volume : ec2.describeVolumes().volumes())
            ec2.deleteVolume(v -> v.volumeId(volume.volumeId()));
    }

    @AfterAll
    void stop() throws Exception {
        ec2.close();
        server.close();
    }

    private static void refused(String code, Executable call) {
        assertEquals(code, assertThrows(Ec2Exception.class, call).awsErrorDetails().errorCode());
    }

    private String create(String token, int size) {
        return ec2.createVolume(v -> v.availabilityZone("us-east-1a").size(size).clientToken(token)).volumeId();
    }

    @Test
    void aRequestThatIsSentAgainMakesNoSecondVolume() throws Exception {
        var first = create("token-1", 1);
        assertEquals(first, create("token-1", 1));
        refused("IdempotentParameterMismatch", () -> create("token-1", 2));
        assertNotEquals(first, create("token-2", 1));
        refused("InvalidParameterValue", () -> create("t".repeat(65), 1));
        server.close();
        ec2.close();
        server = launch.start();
        connect();
        assertEquals(first, create("token-1", 1), "also after a restart");
        assertEquals(2, ec2.describeVolumes().volumes().size());
    }

    @Test
    void pagesGoOnWhenWhatTheyShowedIsDeleted() {
        for (int i = 0; i < 12; i++)
            create("page-" + i, 1);
        var seen = new ArrayList<String>();
        String token = null;
        do {
            var next = token;
            var page = ec2.describeVolumes(v -> v.maxResults(5).nextToken(next));
            for (var volume : page.volumes()) {
                seen.add(volume.volumeId());
                ec2.deleteVolume(v -> v.volumeId(volume.volumeId()));
            }
            token = page.nextToken();
        } while (token != null);
        assertEquals(12, seen.stream().distinct().count());
        for (var wrong : List.of("x", "%%%", "bm90aGluZw", "MjAyNi0xMS0yN1QyMjo0MTowNFo"))
            refused("InvalidNextToken", () -> ec2.describeVolumes(v -> v.maxResults(5).nextToken(wrong)));
    }

    @Test
    void charactersThatNoAnswerCouldShowAreRefused() {
        var id = create("characters", 1);
        for (var bad : List.of("a\u0001b", "\u000b", "\ufffe", "\u0000", "\u007f"))
            refused("InvalidCharacter",
                    () -> ec2.createTags(t -> t.resources(id).tags(Tag.builder().key("k").value(bad).build())));
        refused("InvalidCharacter", () -> ec2.createSnapshot(s -> s.volumeId(id).description("\u0002")));
        var fine = "\ud83d\ude00 \u00e9 <&\"'> \t\n";
        ec2.createTags(t -> t.resources(id).tags(Tag.builder().key("k").value(fine).build()));
        assertEquals(fine, ec2.describeVolumes().volumes().getFirst().tags().getFirst().value());
        for (var key : List.of("aws:x", "AWS:x"))
            refused("InvalidParameterValue",
                    () -> ec2.createTags(t -> t.resources(id).tags(Tag.builder().key(key).value("v").build())));
    }

    @Test
    void filters() {
        ec2.createVolume(v -> v.availabilityZone("us-east-1a").size(1).tagSpecifications(TagSpecification.builder()
                .resourceType(ResourceType.VOLUME).tags(Tag.builder().key("Evil").value("a".repeat(255)).build()).build()));
        create("other", 2);
        assertEquals(1, found("tag:Evil", "a*").size());
        assertEquals(0, found("tag:Evil", "*a".repeat(30) + "*b").size());
        assertEquals(1, found("size", "2").size());
        assertEquals(2, found("size", "1", "2").size());
        refused("InvalidParameterValue", () -> found("no-such-filter", "x"));
        refused("InvalidParameterValue",
                () -> ec2.describeVolumes(v -> v.filters(filter("size", "9"), filter("no-such-filter", "x"))));
    }

    private static Filter filter(String name, String... values) {
        return Filter.builder().name(name).values(values).build();
    }

    private List<Volume> found(String name, String... values) {
        return ec2.describeVolumes(v -> v.filters(filter(name, values))).volumes();
    }
}
