package io.cairn.server.cli;

import io.cairn.server.cli.Ec2.Snapshot;
import io.cairn.server.cli.Ec2.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The part of the demo about volumes: a disk is lost and had back.
final class VolumesDemo {
    private static final String DISK = "disk";
    private static final String SNAPSHOT = "before";
    private static final String CLONE = "restored";
    private static final long GIB = 1L << 30;
    private static final int BYTES = 32 << 20;
    private static final int REQUEST = 1 << 20;
    private static final int SNAPSHOTS = 20;
    private static final long DAMAGE_AT = 5L * REQUEST + 100;
    private static final int DAMAGE_BYTES = 10_000;

    private final BiConsumer<String, String> say;
    private final byte[] content = new byte[BYTES];
    private @Nullable Snapshot before;

    /// @param say tells a step and its result
    VolumesDemo(BiConsumer<String, String> say) {
        this.say = say;
        new Random(5).nextBytes(content);
    }

    private static CommandException wrong(String what) {
        return new CommandException("the demo failed: " + what + "; this is a defect in Cairn");
    }

    void run(Ec2 ec2, NbdAddress nbd) throws IOException {
        long begun = System.nanoTime();
        var disk = ec2.createVolume(DISK, 100 * GIB, "gp3", false);
        try (var attached = NbdDisk.attach(nbd, disk.id())) {
            for (int at = 0; at < BYTES; at += REQUEST)
                attached.write(at, ByteBuffer.wrap(content, at, REQUEST));
            attached.flush();
        }
        say.accept("volume", "100 GiB made, attached over NBD; %d MiB written and flushed in %.2f s".formatted(BYTES >> 20,
                (System.nanoTime() - begun) / 1e9));
        before = snapshots(ec2, disk);
        damage(nbd, disk, before);
        var clone = ec2.cloneVolume(CLONE, before.id(), "gp3");
        compare(nbd, clone, "the clone");
        say.accept("clone", "a volume made of the snapshot has all that the disk had");
    }

    private Snapshot snapshots(Ec2 ec2, Volume disk) {
        var first = ec2.createSnapshot(disk.id(), SNAPSHOT, "");
        long begun = System.nanoTime();
        for (int i = 1; i < SNAPSHOTS; i++)
            ec2.createSnapshot(disk.id(), "s" + i, "");
        say.accept("snapshot", "%.1f ms each, of 100 GiB; nothing is copied"
                .formatted((System.nanoTime() - begun) / 1e6 / (SNAPSHOTS - 1)));
        return first;
    }

    private void damage(NbdAddress nbd, Volume disk, Snapshot before) throws IOException {
        try (var attached = NbdDisk.attach(nbd, disk.id())) {
            attached.write(DAMAGE_AT, ByteBuffer.wrap(new byte[DAMAGE_BYTES]));
            attached.flush();
        }
        long bytes = 0;
        long begun = System.nanoTime();
        try (var asked = NbdDisk.attachSince(nbd, disk.id(), before.id())) {
            for (var range : asked.changed(0, disk.sizeBytes()))
                bytes += range.length();
        }
        long blocks = (DAMAGE_AT % 4096 + DAMAGE_BYTES + 4095) / 4096;
        if (bytes != blocks * 4096)
            throw wrong(bytes + " bytes are said to have changed, not " + blocks + " blocks");
        say.accept("diff", "%,d bytes of it were overwritten: %d blocks differ from the snapshot, told in %.1f ms"
                .formatted(DAMAGE_BYTES, blocks, (System.nanoTime() - begun) / 1e6));
    }

    private void compare(NbdAddress nbd, Ec2.Disk disk, String what) throws IOException {
        var back = new byte[BYTES];
        try (var attached = NbdDisk.attach(nbd, disk.id())) {
            for (int at = 0; at < BYTES; at += REQUEST)
                attached.read(at, ByteBuffer.wrap(back, at, REQUEST));
        }
        if (Arrays.mismatch(content, back) >= 0)
            throw wrong(what + " has other bytes than the disk had");
    }

    /// After a kill: what was flushed stands, and so do snapshots and clones.
    void compare(Ec2 ec2, NbdAddress nbd) throws IOException {
        if (before == null)
            throw new IllegalStateException("compared before anything was made");
        compare(nbd, before, "the snapshot");
        for (var volume : ec2.volumes())
            if (volume.name().equals(CLONE))
                compare(nbd, volume, "the clone");
        if (ec2.snapshots().size() != SNAPSHOTS || ec2.volumes().size() != 2)
            throw wrong("a volume or snapshot is missing");
        say.accept("volumes", "2 volumes and %d snapshots are there, with every byte".formatted(SNAPSHOTS));
    }
}
