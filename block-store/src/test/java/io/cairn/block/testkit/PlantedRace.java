package io.cairn.block.testkit;

import static io.cairn.block.BlockDevice.BLOCK_BYTES;

import io.cairn.block.BlockDevice;
import io.cairn.block.BlockStore;
import io.cairn.block.Volume;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/// Mistakes that show only when several clients call at once. The check of linearizability must catch every one.
enum PlantedRace {
    /// A write of a part of a block reads the rest, and writes back what may be old by then.
    LOST_UPDATE(right -> new ForwardingBlockStore(right) {
        @Override
        CompletableFuture<Void> write(Volume volume, long offset, ByteBuffer from) {
            long first = offset / BLOCK_BYTES * BLOCK_BYTES;
            long end = Math.ceilDiv(offset + from.remaining(), BLOCK_BYTES) * BLOCK_BYTES;
            var whole = ByteBuffer.allocate((int) (end - first));
            Outcome.await(volume.read(first, whole));
            pause();
            return volume.write(first, whole.put((int) (offset - first), from, from.position(), from.remaining()).flip());
        }
    }),
    /// Of each block, one half comes after the other.
    TORN_WRITE(right -> new ForwardingBlockStore(right) {
        @Override
        CompletableFuture<Void> write(Volume volume, long offset, ByteBuffer from) {
            int half = from.remaining() / 2;
            Outcome.await(volume.write(offset, from.slice(from.position(), half)));
            pause();
            return volume.write(offset + half, from.position(from.position() + half));
        }
    }),
    /// A write is answered, and seen a little later.
    ANSWERED_TOO_EARLY(right -> new ForwardingBlockStore(right) {
        @Override
        CompletableFuture<Void> write(Volume volume, long offset, ByteBuffer from) {
            var _ = CompletableFuture.runAsync(() -> Outcome.await(volume.write(offset, from)),
                    CompletableFuture.delayedExecutor(200, TimeUnit.MICROSECONDS));
            return ModelDevice.DONE;
        }
    }),
    /// A read answers what the one before it saw of the same place, when that is not long ago.
    STALE_READ(right -> new ForwardingBlockStore(right) {
        private final Map<Long, byte[]> cache = new ConcurrentHashMap<>();

        @Override
        CompletableFuture<Void> read(BlockDevice device, long offset, ByteBuffer into) {
            var known = cache.remove(offset);
            if (known != null && known.length == into.remaining()) {
                into.put(known);
                return ModelDevice.DONE;
            }
            var bytes = ByteBuffer.allocate(into.remaining());
            Outcome.await(device.read(offset, bytes));
            cache.put(offset, bytes.array());
            into.put(bytes.flip());
            return ModelDevice.DONE;
        }
    }),
    /// A trim gives blocks back one by one, and what is written meanwhile with them.
    TRIM_TAKES_WHAT_IS_WRITTEN_MEANWHILE(right -> new ForwardingBlockStore(right) {
        @Override
        CompletableFuture<Void> trim(Volume volume, long offset, long length) {
            Outcome.await(volume.trim(offset, length));
            var _ = CompletableFuture.runAsync(() -> Outcome.await(volume.trim(offset, length)),
                    CompletableFuture.delayedExecutor(200, TimeUnit.MICROSECONDS));
            return ModelDevice.DONE;
        }
    });

    @SuppressWarnings("ImmutableEnumChecker") // the lambdas above capture nothing
    private final UnaryOperator<BlockStore> race;

    PlantedRace(UnaryOperator<BlockStore> race) {
        this.race = race;
    }

    BlockStore on(BlockStore right) {
        return race.apply(right);
    }

    private static void pause() {
        LockSupport.parkNanos(50_000);
    }
}
