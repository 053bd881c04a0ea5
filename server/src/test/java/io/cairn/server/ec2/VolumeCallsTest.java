package io.cairn.server.ec2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.BlockStore;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.VolumeType;
import io.cairn.server.ec2.LocalCalls.Reply;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What calls answer while others change what they are about, and what they keep.
class VolumeCallsTest {
    private static final String[] ONE_GIB = {"AvailabilityZone", "us-east-1a", "Size", "1"};
    @TempDir
    Path directory;
    private BlockStore store;
    private LocalCalls ec2;

    @BeforeEach
    void open() {
        store = BlockStore.open(directory.resolve("volumes"));
        ec2 = new LocalCalls(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static Reply succeeds(Reply reply) {
        assertEquals(200, reply.status(), reply.text());
        return reply;
    }

    private static void refused(String code, Reply reply) {
        assertEquals(code, reply.element("Code"), reply.text());
    }

    private Reply create(String... parameters) {
        var all = new String[ONE_GIB.length + parameters.length];
        System.arraycopy(ONE_GIB, 0, all, 0, ONE_GIB.length);
        System.arraycopy(parameters, 0, all, ONE_GIB.length, parameters.length);
        return ec2.post("CreateVolume", all);
    }

    private String volume(String... parameters) {
        return succeeds(create(parameters)).element("volumeId");
    }

    private String snapshot(String volume) {
        return succeeds(ec2.post("CreateSnapshot", "VolumeId", volume)).element("snapshotId");
    }

    @Test
    void whatIsDeletedMeanwhileIsNotListed() {
        var gone = volume();
        var stays = volume();
        var goneSnapshot = snapshot(stays);
        var staysSnapshot = snapshot(stays);
        assertEquals(List.of(stays), succeeds(ec2.after("volumes", _ -> store.volume(gone).delete()).post("DescribeVolumes"))
                .elements("volumeId"));
        assertEquals(List.of(staysSnapshot),
                succeeds(ec2.after("snapshots", _ -> store.snapshot(goneSnapshot).delete()).post("DescribeSnapshots"))
                        .elements("snapshotId"));
    }

    @Test
    void whatIsAskedForByItsIdIsNotLeftOut() {
        var volume = volume();
        var snapshot = snapshot(volume);
        var unknown = "0123456789abcdef0";
        refused("InvalidVolume.NotFound",
                ec2.post("DescribeVolumes", "VolumeId.1", volume, "VolumeId.2", "vol-" + unknown));
        refused("InvalidSnapshot.NotFound",
                ec2.post("DescribeSnapshots", "SnapshotId.1", snapshot, "SnapshotId.2", "snap-" + unknown));
        refused("InvalidSnapshot.NotFound", ec2.after("snapshot", found -> ((Snapshot) found).delete())
                .post("DescribeSnapshots", "SnapshotId.1", snapshot));
        refused("InvalidVolume.NotFound", ec2.after("volume", found -> ((Volume) found).delete())
                .post("DescribeVolumes", "VolumeId.1", volume));
    }

    /// A volume that was made, and deleted by somebody else before it is told of, was made.
    @Test
    void whatWasMadeIsToldThoughItIsDeletedAtOnce() {
        var volume = succeeds(ec2.after("createVolume", made -> ((Volume) made).delete()).post("CreateVolume", ONE_GIB));
        assertTrue(volume.element("volumeId").startsWith("vol-"), volume.text());
        assertEquals(List.of(), store.volumes());
    }

    @Test
    void aSnapshotThatIsDeletedMeanwhileIsNoMissingVolume() {
        var volume = volume();
        for (var call : List.of("CreateVolume", "DeleteSnapshot", "CreateTags")) {
            var snapshot = snapshot(volume);
            var parameters = call.equals("CreateTags")
                    ? new String[]{"ResourceId.1", snapshot, "Tag.1.Key", "k", "Tag.1.Value", "v"}
                    : new String[]{"SnapshotId", snapshot};
            refused("InvalidSnapshot.NotFound", ec2.after("snapshot", _ -> {
                if (!store.snapshots().isEmpty())
                    store.snapshots().getFirst().delete();
            }).post(call, parameters));
        }
    }

    @Test
    void membersThatAlwaysStandInAVolume() {
        for (var told : List.of(create(), ec2.post("DescribeVolumes"))) {
            assertTrue(told.text().contains("<attachmentSet></attachmentSet>"), told.text());
            for (var member : List.of("volumeId", "size", "availabilityZone", "status", "createTime", "volumeType", "iops",
                    "encrypted"))
                assertNotEquals("", told.element(member), member);
            assertEquals(List.of(""), told.elements("snapshotId"));
            assertEquals(List.of("false"), told.elements("multiAttachEnabled"));
        }
    }

    /// EC2 API reference, "Volume": of gp2 `iops` is the baseline.
    @Test
    void theOperationsOfGp2AreItsBaseline() {
        assertEquals("100", create("VolumeType", "gp2").element("iops"));
        var large = succeeds(ec2.post("CreateVolume", "Size", "500", "VolumeType", "gp2"));
        assertEquals("1500", large.element("iops"));
        var larger = succeeds(ec2.post("ModifyVolume", "VolumeId", large.element("volumeId"), "Size", "1000"));
        assertEquals("1500", larger.element("originalIops"));
        assertEquals("3000", larger.element("targetIops"));
        for (var type : List.of("st1", "sc1", "standard"))
            assertEquals(List.of(), create("VolumeType", type).elements("iops"));
    }

    @Test
    void membersThatAlwaysStandInASnapshot() {
        var volume = volume();
        for (var told : List.of(ec2.post("CreateSnapshot", "VolumeId", volume), ec2.post("DescribeSnapshots"))) {
            assertEquals(Ec2Settings.DEFAULT.account(), told.element("ownerId"));
            assertEquals("100%", told.element("progress"));
            assertEquals("completed", told.element("status"));
            assertEquals(told.element("startTime"), told.element("completionTime"), "it is whole at once");
            assertNotEquals("", told.element("startTime"));
            assertEquals("1", told.element("volumeSize"));
            assertEquals("standard", told.element("storageTier"));
            assertEquals(List.of(""), told.elements("description"));
            assertEquals("false", told.element("encrypted"));
            assertEquals("0", told.element("fullSnapshotSizeInBytes"));
        }
    }

    private Reply modify(String volume, String... parameters) {
        var all = new String[2 + parameters.length];
        all[0] = "VolumeId";
        all[1] = volume;
        System.arraycopy(parameters, 0, all, 2, parameters.length);
        return ec2.post("ModifyVolume", all);
    }

    /// API reference, "ModifyVolume": kept with the type, else 3,000 operations a second and 125 MiB/s.
    @Test
    void anotherTypeHasItsUsualPerformance() {
        var slow = volume("VolumeType", "io1", "Iops", "100");
        var gp3 = succeeds(modify(slow, "VolumeType", "gp3"));
        assertEquals("100", gp3.element("originalIops"));
        assertEquals(List.of(), gp3.elements("originalThroughput"));
        assertEquals("3000", gp3.element("targetIops"));
        assertEquals("125", gp3.element("targetThroughput"));

        var fast = volume("VolumeType", "gp3", "Iops", "80000", "Throughput", "2000");
        var io1 = succeeds(modify(fast, "VolumeType", "io1"));
        assertEquals("3000", io1.element("targetIops"));
        assertEquals(List.of(), io1.elements("targetThroughput"));
        assertEquals("3000", ec2.post("DescribeVolumes", "VolumeId.1", fast).element("iops"));
        refused("InvalidParameterValue", modify(fast, "Iops", "64001"));
        assertEquals("7000", succeeds(modify(fast, "VolumeType", "io2", "Iops", "7000")).element("targetIops"));
    }

    @Test
    void theSameTypeKeepsItsPerformance() {
        var volume = volume("Iops", "5000", "Throughput", "300");
        for (var parameters : List.of(new String[]{"Size", "2"}, new String[]{"VolumeType", "gp3"})) {
            var modified = succeeds(modify(volume, parameters));
            assertEquals("5000", modified.element("targetIops"));
            assertEquals("300", modified.element("targetThroughput"));
        }
        var one = succeeds(modify(volume, "Throughput", "400"));
        assertEquals("5000", one.element("targetIops"));
        assertEquals("400", one.element("targetThroughput"));
    }

    @Test
    void eachRefusalOfAModificationHasItsCode() {
        var volume = volume();
        refused("InvalidParameterValue", modify(volume, "SizeBytes", "4096"));
        refused("UnsupportedOperation", modify(volume, "VolumeType", "ephemeral"));
        refused("InvalidVolume.NotFound", modify("vol-0123456789abcdef0", "Size", "2"));
        refused("InvalidVolume.NotFound", ec2.after("volume", found -> ((Volume) found).delete()).post("ModifyVolume",
                "VolumeId", volume, "Size", "2"));
    }

    /// API reference, "Tag": 127 Unicode characters and 256, which are up to twice as many units of UTF-16.
    @Test
    void tagsAreMeasuredInCharacters() {
        var volume = volume();
        for (var character : List.of("a", "\u00e9", "\ud83d\ude00")) {
            var key = character.repeat(127);
            var value = character.repeat(256);
            succeeds(tag(volume, key, value));
            assertEquals(value, store.volume(volume).tags().get(key));
            refused("InvalidParameterValue", tag(volume, key + character, "v"));
            refused("InvalidParameterValue", tag(volume, "k", value + character));
        }
    }

    private Reply tag(String id, String key, String value) {
        return ec2.post("CreateTags", "ResourceId.1", id, "Tag.1.Key", key, "Tag.1.Value", value);
    }

    private Reply named(String token, String name) {
        return create("ClientToken", token, "TagSpecification.1.ResourceType", "volume", "TagSpecification.1.Tag.1.Key", "Name",
                "TagSpecification.1.Tag.1.Value", name);
    }

    /// `Aa` and `BB` have one hash code, and so have maps and lists with them.
    @Test
    void parametersThatHashAlikeAreOthers() {
        var first = succeeds(named("t", "Aa")).element("volumeId");
        refused("IdempotentParameterMismatch", named("t", "BB"));
        assertEquals(first, succeeds(named("t", "Aa")).element("volumeId"));
        assertEquals(1, store.volumes().size());
    }

    /// What separates one parameter from the next may stand in a parameter.
    @Test
    void parametersAreNotTakenForOneAnother() {
        succeeds(create("ClientToken", "t", "TagSpecification.1.ResourceType", "volume", "TagSpecification.1.Tag.1.Key", "a",
                "TagSpecification.1.Tag.1.Value", "b, c=d"));
        refused("IdempotentParameterMismatch",
                create("ClientToken", "t", "TagSpecification.1.ResourceType", "volume", "TagSpecification.1.Tag.1.Key", "a",
                        "TagSpecification.1.Tag.1.Value", "b", "TagSpecification.1.Tag.2.Key", "c",
                        "TagSpecification.1.Tag.2.Value", "d"));
    }

    /// Stored with the volume: a later version must find the same.
    @Test
    void theDigestOfParametersStays() {
        assertEquals("db1d0e815befad94b0e21d5e32486826",
                store.volume(named("t", "Aa").element("volumeId")).attributes().get("client-token-asked"));
    }

    /// Until the digest was SHA-256 it was the hash code of a list, in decimal.
    @Test
    void aVolumeWithADigestOfOldIsFoundByItsToken() {
        var attributes = new HashMap<>(Map.of("zone", "us-east-1a", "iops", "3000", "throughput", "125"));
        attributes.put("client-token", "t");
        attributes.put("client-token-asked", "-1217841147");
        var old = store
                .createVolume(new VolumeDefinition(1L << 30, VolumeType.GP3, Map.of("Name", "Aa"), attributes, false));
        assertEquals(old.id(), succeeds(named("t", "Aa")).element("volumeId"));
        refused("IdempotentParameterMismatch", named("t", "Ab"));
    }

    @Test
    void aRequestThatIsSentAgainNeedsItsSnapshotNoMore() {
        var snapshot = snapshot(volume());
        String[] parameters = {"SnapshotId", snapshot, "ClientToken", "t"};
        var made = succeeds(ec2.post("CreateVolume", parameters)).element("volumeId");
        store.snapshot(snapshot).delete();
        assertEquals(made, succeeds(ec2.post("CreateVolume", parameters)).element("volumeId"));
        refused("DryRunOperation", ec2.post("CreateVolume", "SnapshotId", snapshot, "ClientToken", "t", "DryRun", "true"));
        refused("IdempotentParameterMismatch",
                ec2.post("CreateVolume", "SnapshotId", snapshot, "ClientToken", "t", "VolumeType", "gp2"));
        refused("InvalidSnapshot.NotFound", ec2.post("CreateVolume", "SnapshotId", snapshot, "ClientToken", "u"));
        refused("InvalidSnapshot.NotFound", ec2.post("CreateVolume", "SnapshotId", snapshot));
    }

    /// The front door has verified them, and the rest of the query is checked as ever.
    @Test
    void parametersOfASignatureAreNoneOfTheCalls() {
        var volume = volume();
        var signature = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=CAIRN%2F20260101%2Fus-east-1%2Fec2%2Faws4_request"
                + "&X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature=00";
        var query = LocalCalls.query("DescribeVolumes");
        assertEquals(List.of(volume), succeeds(ec2.get(query + "&" + signature)).elements("volumeId"));
        refused("UnknownParameter", ec2.get(query + "&" + signature + "&X-Amz-Other=1"));
        refused("UnknownParameter", ec2.answer("POST", "", query + "&X-Amz-Date=20260101T000000Z"));
        // Signed as the model has it, by POST, the parameters stand in the query too.
        assertEquals(List.of(volume), succeeds(ec2.answer("POST", query + "&" + signature, "")).elements("volumeId"));
        refused("UnknownParameter", ec2.answer("POST", "Other=1", query));
    }

    private Map<String, String> manyTags(int count) {
        var tags = new HashMap<String, String>();
        for (int i = 0; i < count; i++)
            tags.put("tag-" + i, "v");
        return tags;
    }

    @Test
    void tagsAreGivenToAllOrNone() {
        var first = volume();
        var full = store.createVolume(VolumeDefinition.of(1 << 20).withTags(manyTags(VolumeDefinition.MAX_TAGS))).id();
        var fullSnapshot = store.volume(first)
                .snapshot(new SnapshotDefinition(manyTags(VolumeDefinition.MAX_TAGS), Map.of())).id();
        for (var last : List.of(full, fullSnapshot)) {
            refused("TagLimitExceeded",
                    ec2.post("CreateTags", "ResourceId.1", first, "ResourceId.2", last, "Tag.1.Key", "k", "Tag.1.Value", "v"));
            assertEquals(Map.of(), store.volume(first).tags());
        }
        succeeds(ec2.post("CreateTags", "ResourceId.1", first, "ResourceId.2", full, "ResourceId.3", fullSnapshot, "Tag.1.Key",
                "tag-0", "Tag.1.Value", "w"));
        assertEquals(Map.of("tag-0", "w"), store.volume(first).tags());
        assertEquals("w", store.snapshot(fullSnapshot).tags().get("tag-0"));
    }

    @Test
    void aRehearsalOfTagsLooksAtTheIds() {
        var full = store.createVolume(VolumeDefinition.of(1 << 20).withTags(manyTags(VolumeDefinition.MAX_TAGS))).id();
        assertEquals("InvalidVolume.NotFound", rehearsedTags("vol-0123456789abcdef0"));
        assertEquals("InvalidSnapshot.NotFound", rehearsedTags("snap-0123456789abcdef0"));
        assertEquals("InvalidID", rehearsedTags("i-0123456789abcdef0"));
        assertEquals("TagLimitExceeded", rehearsedTags(full));
        var volume = volume();
        assertEquals("DryRunOperation", rehearsedTags(volume));
        assertEquals(Map.of(), store.volume(volume).tags());
    }

    private String rehearsedTags(String id) {
        return ec2.post("CreateTags", "ResourceId.1", id, "Tag.1.Key", "k", "Tag.1.Value", "v", "DryRun", "true")
                .element("Code");
    }
}
