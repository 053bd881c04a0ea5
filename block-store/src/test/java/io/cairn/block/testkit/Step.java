package io.cairn.block.testkit;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/// One step of a history. Volumes and snapshots go by their place in the list, taken modulo what is there; a block is taken modulo those of the volume, but
/// what begins in the last of them may go past the end.
sealed interface Step {
    /// Bytes of a device.
    ///
    /// @param skip bytes of the first block that are not in it
    /// @param length in bytes
    record Run(int block, int skip, int length) {}

    /// A call about a volume.
    sealed interface OfVolume extends Step { int volume(); }

    /// @param seed of the bytes
    record Write(int volume, Run run, int seed) implements OfVolume {
        byte[] bytes() {
            var bytes = new byte[run.length];
            var random = new SplittableRandom(seed);
            // The seed at each eighth byte would do for whole blocks; bytes that differ show a shift too.
            var words = ByteBuffer.wrap(bytes);
            while (words.remaining() >= Long.BYTES)
                words.putLong(random.nextLong());
            while (words.hasRemaining())
                words.put((byte) random.nextInt());
            return bytes;
        }
    }

    /// A write and a flush right behind it: what a force-unit-access write is.
    record WriteThrough(Write write) implements OfVolume {
        @Override
        public int volume() {
            return write.volume;
        }
    }

    record Trim(int volume, Run run) implements OfVolume {}

    record Zero(int volume, Run run) implements OfVolume {}

    /// @param device volumes first, then snapshots
    record Read(int device, Run run) implements Step {}

    /// @param maxRuns at least 1
    record Allocate(int device, Run run, int maxRuns) implements Step {}

    record Flush(int volume) implements OfVolume {}

    record Create(int blocks, int tag) implements Step {}

    record TakeSnapshot(int volume, int tag) implements OfVolume {}

    /// @param more blocks than the snapshot has; negative for fewer, which is refused
    record Clone(int snapshot, int more, int tag) implements Step {}

    record Resize(int volume, int more) implements OfVolume {}

    /// Gives other tags and attributes.
    record Rename(int device, int tag) implements Step {}

    record DeleteVolume(int volume) implements OfVolume {}

    record DeleteSnapshot(int snapshot) implements Step {}

    /// Asks something of a device that was deleted.
    record UseDeleted(int device, int call) implements Step {}

    record Tend() implements Step {}

    record Clean() implements Step {}

    record Reopen() implements Step {}

    /// Compares all that there is.
    record Compare() implements Step {}

    /// Begins the step, and the power is cut at the `after`th operation of the machine from then; at the latest, when it has been answered.
    record Crash(Step inside, int after) implements Step {}
}
