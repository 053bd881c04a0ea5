package io.cairn.server.cli;

import io.cairn.server.cli.image.Contents;
import io.cairn.server.cli.image.Walk;
import io.cairn.server.cli.image.Zeros;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Makes a volume of what an image holds. A volume that did not become whole, be it by a failure or because the process was told to end, is removed.
final class VolumeImport {
    /// Of a process that SIGINT ended, as shells have it.
    private static final int INTERRUPTED = 130;
    /// A volume stores blocks of this size.
    private static final int BLOCK_BYTES = 4096;
    private final Invocation invocation;
    private final Ec2 ec2;
    private final NbdAddress nbd;
    /// The volume as long as it is not whole.
    private final AtomicReference<Ec2.@Nullable Volume> unfinished = new AtomicReference<>();

    VolumeImport(Invocation invocation, Ec2 ec2, NbdAddress nbd) {
        this.invocation = invocation;
        this.ec2 = ec2;
        this.nbd = nbd;
    }

    Ec2.Volume run(Contents image, String name, String type, boolean encrypted, LongConsumer progress)
            throws IOException {
        invocation.beforeEnd().accept(() -> remove() ? INTERRUPTED : 0);
        var volume = ec2.createVolume(name, image.sizeBytes(), type, encrypted);
        unfinished.set(volume);
        try {
            copy(image, volume, progress);
            unfinished.set(null);
        } finally {
            remove();
        }
        return volume;
    }

    private void copy(Contents image, Ec2.Volume volume, LongConsumer progress) throws IOException {
        try (var disk = NbdDisk.attach(nbd, volume.id())) {
            if (disk.sizeBytes() < image.sizeBytes())
                throw new IOException(
                        "the server made a volume of " + disk.sizeBytes() + " bytes, and " + image.sizeBytes() + " are needed");
            Walk.over(image, progress, (part, buffer) -> {
                image.read(part.offset(), buffer);
                for (var run : Zeros.skipped(buffer, BLOCK_BYTES))
                    disk.write(part.offset() + run.offset(), buffer.slice((int) run.offset(), (int) run.length()));
            });
            disk.flush();
        }
    }

    /// Whether there was one to remove.
    private boolean remove() {
        var volume = unfinished.getAndSet(null);
        if (volume == null)
            return false;
        try {
            ec2.deleteVolume(volume.id());
        } catch (CommandException | Ec2Exception e) {
            // The failure that led here is the one to show.
            LoggerFactory.getLogger(VolumeImport.class).warn("volume {} was not removed: {}", volume.id(), e.getMessage());
        }
        return true;
    }
}
