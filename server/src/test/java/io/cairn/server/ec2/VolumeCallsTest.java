package io.cairn.server.ec2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cairn.block.BlockStore;
import io.cairn.block.Snapshot;
import io.cairn.block.Volume;
import io.cairn.server.ec2.LocalCalls.Reply;
import java.nio.file.Path;
import java.util.List;
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
}
