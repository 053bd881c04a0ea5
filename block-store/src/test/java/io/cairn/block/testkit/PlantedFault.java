package io.cairn.block.testkit;

import static io.cairn.block.BlockDevice.BLOCK_BYTES;

import io.cairn.block.Allocation;
import io.cairn.block.BlockDevice;
import io.cairn.block.BlockRefusedException;
import io.cairn.block.BlockStore;
import io.cairn.block.Snapshot;
import io.cairn.block.SnapshotDefinition;
import io.cairn.block.Volume;
import io.cairn.block.VolumeDefinition;
import io.cairn.block.testkit.PlantedSubject.Plant;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Mistakes that a store might make, each planted into a right one by a wrapper of a few lines. The histories must catch every one.
enum PlantedFault {
    FLUSH_THAT_SYNCS_NOTHING(() -> (right, _) -> new ForwardingBlockStore(right) {
        @Override
        CompletableFuture<Void> flush(Volume volume) {
            return ModelDevice.DONE;
        }
    }),
    /// A flush counts only when something else was done since the write.
    FORCE_UNIT_ACCESS_IGNORED(() -> (right, _) -> new ForwardingBlockStore(right) {
        private boolean justWritten;

        @Override
        CompletableFuture<Void> write(Volume volume, long offset, ByteBuffer from) {
            justWritten = true;
            return volume.write(offset, from);
        }

        @Override
        CompletableFuture<Void> read(BlockDevice device, long offset, ByteBuffer into) {
            justWritten = false;
            return device.read(offset, into);
        }

        @Override
        CompletableFuture<Void> flush(Volume volume) {
            return justWritten ? ModelDevice.DONE : volume.flush();
        }
    }),
    /// Half of the last block that was written is there after a crash.
    TORN_BLOCK(() -> {
        var last = new LastWrite();
        return (right, afterCrash) -> last.on(right, afterCrash, 2);
    }),
    /// The last write is there after a crash, and writes before it are not.
    CRASH_KEEPS_A_LATER_WRITE(() -> {
        var last = new LastWrite();
        return (right, afterCrash) -> last.on(right, afterCrash, 1);
    }), TRIM_LEAVES_THE_LAST_BLOCK(() -> (right, _) -> new ForwardingBlockStore(right) {
        @Override
        CompletableFuture<Void> trim(Volume volume, long offset, long length) {
            return volume.trim(offset, length > BLOCK_BYTES ? length - BLOCK_BYTES : length);
        }
    }), TRIM_OF_PARTS_OF_BLOCKS_FORGOTTEN(() -> (right, _) -> new ForwardingBlockStore(right) {
        @Override
        CompletableFuture<Void> trim(Volume volume, long offset, long length) {
            long first = Math.ceilDiv(offset, BLOCK_BYTES) * BLOCK_BYTES;
            long end = (offset + length) / BLOCK_BYTES * BLOCK_BYTES;
            return end > first ? volume.trim(first, end - first) : volume.trim(offset, length);
        }
    }),
    /// What was trimmed last is there again when the store is opened.
    TRIM_UNDONE_BY_REOPENING(() -> {
        var old = new HashMap<String, Change.Write>();
        return (right, _) -> {
            reapply(right, old);
            return new ForwardingBlockStore(right) {
                @Override
                CompletableFuture<Void> trim(Volume volume, long offset, long length) {
                    if (length > 0 && isOn(volume, offset, length))
                        old.put(volume.id(), new Change.Write(volume.id(), offset, bytes(volume, offset, (int) length)));
                    return volume.trim(offset, length);
                }
            };
        };
    }), ZERO_TO_THE_END_OF_THE_BLOCK(() -> (right, _) -> new ForwardingBlockStore(right) {
        @Override
        CompletableFuture<Void> zero(Volume volume, long offset, long length) {
            long end = Math.ceilDiv(offset + length, BLOCK_BYTES) * BLOCK_BYTES;
            return volume.zero(offset, length > 0 && end <= volume.sizeBytes() ? end - offset : length);
        }
    }), ZERO_TO_THE_LAST_WHOLE_BLOCK(() -> (right, _) -> new ForwardingBlockStore(right) {
        @Override
        CompletableFuture<Void> zero(Volume volume, long offset, long length) {
            long end = (offset + length) / BLOCK_BYTES * BLOCK_BYTES;
            return volume.zero(offset, end > offset && isOn(volume, offset, length) ? end - offset : length);
        }
    }), ZERO_GIVES_THE_PLACE_BACK(() -> (right, _) -> new ForwardingBlockStore(right) {
        @Override
        CompletableFuture<Void> zero(Volume volume, long offset, long length) {
            return volume.trim(offset, length);
        }
    }),
    /// In the second leaf.
    SNAPSHOT_SEES_LATER_WRITES(() -> (right, _) -> new ForwardingBlockStore(right) {
        @Override
        CompletableFuture<Void> read(BlockDevice device, long offset, ByteBuffer into) {
            var volume = device instanceof Snapshot snapshot ? find(right.volumes(), snapshot.volumeId()) : null;
            return volume != null && offset >= 512 * BLOCK_BYTES && isOn(device, offset, into.remaining())
                    ? volume.read(offset, into)
                    : device.read(offset, into);
        }
    }), SNAPSHOT_MISSES_THE_LAST_WRITE(() -> (right, _) -> new ForwardingBlockStore(right) {
        private Change.@Nullable Write undo;

        @Override
        CompletableFuture<Void> write(Volume volume, long offset, ByteBuffer from) {
            undo = from.hasRemaining() && isOn(volume, offset, from.remaining())
                    ? new Change.Write(volume.id(), offset, bytes(volume, offset, from.remaining()))
                    : null;
            return volume.write(offset, from);
        }

        @Override
        Snapshot snapshot(Volume volume, SnapshotDefinition definition) {
            var last = undo;
            if (last == null || !last.volume().equals(volume.id()))
                return volume.snapshot(definition);
            var now = bytes(volume, last.offset(), last.bytes().length);
            Outcome.await(volume.write(last.offset(), ByteBuffer.wrap(last.bytes())));
            var snapshot = volume.snapshot(definition);
            Outcome.await(volume.write(last.offset(), ByteBuffer.wrap(now)));
            return snapshot;
        }
    }), CLONE_SHARES_WITH_ITS_ORIGIN(() -> {
        var origins = new HashMap<String, String>();
        return (right, _) -> new ForwardingBlockStore(right) {
            @Override
            Volume clone(VolumeDefinition definition, Snapshot from) {
                var clone = right.createVolume(definition, from);
                origins.put(clone.id(), from.volumeId());
                return clone;
            }

            @Override
            CompletableFuture<Void> write(Volume volume, long offset, ByteBuffer from) {
                var origin = find(right.volumes(), origins.getOrDefault(volume.id(), ""));
                if (origin != null && isOn(origin, offset, from.remaining()))
                    Outcome.await(origin.write(offset, from.duplicate()));
                return volume.write(offset, from);
            }
        };
    }), DELETED_SNAPSHOT_TAKES_A_BLOCK_OF_THE_NEXT(() -> {
        var lost = new HashMap<String, Long>();
        return (right, _) -> new ForwardingBlockStore(right) {
            @Override
            void delete(Snapshot snapshot) {
                var list = right.snapshots();
                for (int i = list.size() - 1; i > 0 && !list.get(i).id().equals(snapshot.id()); i--)
                    if (list.get(i).volumeId().equals(snapshot.volumeId()))
                        lost.put(list.get(i).id(), firstStored(list.get(i)));
                snapshot.delete();
            }

            @Override
            CompletableFuture<Void> read(BlockDevice device, long offset, ByteBuffer into) {
                int from = into.position();
                var done = device.read(offset, into);
                var block = lost.get(device.id());
                for (int at = from; block != null && at < into.position(); at++)
                    if ((offset + at - from) / BLOCK_BYTES == block)
                        into.put(at, (byte) 0);
                return done;
            }
        };
    }), DELETED_VOLUME_TAKES_A_BLOCK_OF_ANOTHER(() -> (right, _) -> new ForwardingBlockStore(right) {
        @Override
        void delete(Volume volume) {
            volume.delete();
            for (var other : right.volumes())
                Outcome.await(other.trim(firstStored(other) * BLOCK_BYTES, BLOCK_BYTES));
        }
    }), UNALIGNED_WRITE_CLEARS_THE_REST(() -> (right, _) -> new ForwardingBlockStore(right) {
        @Override
        CompletableFuture<Void> write(Volume volume, long offset, ByteBuffer from) {
            long end = offset + from.remaining();
            var done = volume.write(offset, from);
            long rest = Math.ceilDiv(end, BLOCK_BYTES) * BLOCK_BYTES - end;
            return rest == 0 ? done : volume.write(end, ByteBuffer.allocate((int) rest));
        }
    }), UNALIGNED_WRITE_BEGINS_WITH_ITS_BLOCK(() -> (right, _) -> new ForwardingBlockStore(right) {
        @Override
        CompletableFuture<Void> write(Volume volume, long offset, ByteBuffer from) {
            return volume.write(from.remaining() > BLOCK_BYTES ? offset / BLOCK_BYTES * BLOCK_BYTES : offset, from);
        }
    }), LARGE_WRITE_SWAPS_TWO_BLOCKS(() -> (right, _) -> new ForwardingBlockStore(right) {
        @Override
        CompletableFuture<Void> write(Volume volume, long offset, ByteBuffer from) {
            if (from.remaining() < 20 * BLOCK_BYTES)
                return volume.write(offset, from);
            var bytes = new byte[from.remaining()];
            from.get(bytes);
            var swapped = ByteBuffer.wrap(bytes.clone()).put(bytes, BLOCK_BYTES, BLOCK_BYTES).put(bytes, 0, BLOCK_BYTES);
            return volume.write(offset, swapped.clear());
        }
    }), READ_ACROSS_LEAVES_SKIPS_A_BLOCK(() -> (right, _) -> new ForwardingBlockStore(right) {
        private static final long LEAF = 512 * BLOCK_BYTES;

        @Override
        CompletableFuture<Void> read(BlockDevice device, long offset, ByteBuffer into) {
            long end = offset + into.remaining();
            if (offset >= LEAF || end <= LEAF || end + BLOCK_BYTES > device.sizeBytes())
                return device.read(offset, into);
            int limit = into.limit();
            Outcome.await(device.read(offset, into.limit((int) (into.position() + LEAF - offset))));
            return device.read(LEAF + BLOCK_BYTES, into.limit(limit));
        }
    }),
    /// Blocks that were read whole are kept, and a write of a part of one does not reach those that are kept.
    STALE_READ(() -> (right, _) -> new ForwardingBlockStore(right) {
        private final Map<String, byte[]> cache = new HashMap<>();

        @Override
        CompletableFuture<Void> write(Volume volume, long offset, ByteBuffer from) {
            if (offset % BLOCK_BYTES == 0)
                cache.clear();
            return volume.write(offset, from);
        }

        @Override
        CompletableFuture<Void> read(BlockDevice device, long offset, ByteBuffer into) {
            if (offset % BLOCK_BYTES != 0 || into.remaining() < BLOCK_BYTES || device instanceof Snapshot)
                return device.read(offset, into);
            int from = into.position();
            var done = device.read(offset, into);
            var first = new byte[BLOCK_BYTES];
            into.get(from, first);
            var known = cache.putIfAbsent(device.id() + " " + offset, first);
            if (known != null)
                into.put(from, known);
            return done;
        }
    }), RESIZE_DROPS_THE_TAIL(() -> (right, _) -> new ForwardingBlockStore(right) {
        @Override
        void alter(Volume volume, UnaryOperator<VolumeDefinition> change) {
            long before = volume.sizeBytes();
            volume.alter(change);
            if (volume.sizeBytes() > before)
                Outcome.await(volume.trim(before - BLOCK_BYTES, BLOCK_BYTES));
        }
    }), SMALLER_SIZE_TAKEN(() -> (right, _) -> new ForwardingBlockStore(right) {
        @Override
        void alter(Volume volume, UnaryOperator<VolumeDefinition> change) {
            volume.alter(definition -> {
                var changed = change.apply(definition);
                return changed.withSize(Math.max(changed.sizeBytes(), definition.sizeBytes()));
            });
        }
    }), WRITE_PAST_THE_END_CUT(() -> (right, _) -> new ForwardingBlockStore(right) {
        @Override
        CompletableFuture<Void> write(Volume volume, long offset, ByteBuffer from) {
            long room = volume.sizeBytes() - offset;
            if (room > 0 && room < from.remaining())
                from.limit(from.position() + (int) room);
            return volume.write(offset, from);
        }
    }), CLONE_SMALLER_THAN_ITS_SNAPSHOT(() -> (right, _) -> new ForwardingBlockStore(right) {
        @Override
        Volume clone(VolumeDefinition definition, Snapshot from) {
            return right.createVolume(definition.withSize(Math.max(definition.sizeBytes(), from.sizeBytes())), from);
        }
    }), CLONE_HAS_NO_TAGS(() -> (right, _) -> new ForwardingBlockStore(right) {
        @Override
        Volume clone(VolumeDefinition definition, Snapshot from) {
            return right.createVolume(definition.withTags(Map.of()), from);
        }
    }), RENAME_UNDONE_BY_A_CRASH(() -> {
        var before = new HashMap<String, VolumeDefinition>();
        return (right, afterCrash) -> {
            if (afterCrash)
                before.forEach((id, definition) -> {
                    var volume = find(right.volumes(), id);
                    if (volume != null)
                        volume.alter(now -> now.withTags(definition.tags()));
                });
            return new ForwardingBlockStore(right) {
                @Override
                void alter(Volume volume, UnaryOperator<VolumeDefinition> change) {
                    before.put(volume.id(), volume.definition());
                    volume.alter(change);
                }
            };
        };
    }), SNAPSHOT_LOST_BY_A_CRASH(() -> (right, afterCrash) -> {
        if (afterCrash && right.snapshots().size() > 1)
            right.snapshots().getLast().delete();
        return new ForwardingBlockStore(right);
    }), DELETION_UNDONE_BY_REOPENING(() -> (right, _) -> new ForwardingBlockStore(right) {
        private final List<String> hidden = new ArrayList<>();

        @Override
        void delete(Snapshot snapshot) {
            hidden.add(snapshot.id());
        }

        @Override
        public List<Snapshot> snapshots() {
            return super.snapshots().stream().filter(snapshot -> !hidden.contains(snapshot.id())).toList();
        }
    }), DELETED_VOLUME_READS_ZEROS(() -> (right, _) -> new ForwardingBlockStore(right) {
        @Override
        CompletableFuture<Void> read(BlockDevice device, long offset, ByteBuffer into) {
            try {
                return device.read(offset, into);
            } catch (BlockRefusedException e) {
                into.position(into.limit());
                return ModelDevice.DONE;
            }
        }
    }), LAST_RUN_TOLD_AS_A_HOLE(() -> (right, _) -> new ForwardingBlockStore(right) {
        @Override
        List<Allocation> allocation(BlockDevice device, long offset, long length, int maxRuns) {
            var runs = new ArrayList<>(device.allocation(offset, length, maxRuns));
            if (runs.size() > 2 && runs.getLast().state() == Allocation.State.ZERO)
                runs.set(runs.size() - 1, new Allocation(runs.getLast().bytes(), Allocation.State.HOLE));
            return runs;
        }
    });

    @SuppressWarnings("ImmutableEnumChecker") // the lambdas above capture nothing
    private final Supplier<Plant> fault;

    PlantedFault(Supplier<Plant> fault) {
        this.fault = fault;
    }

    /// For one history: a fault may remember what was done before a crash.
    BlockSubject on(BlockSubject subject) {
        return new PlantedSubject(subject, fault.get());
    }

    /// Puts the last write, or a part of it, back after a crash.
    private static final class LastWrite {
        private Change.@Nullable Write last;

        ForwardingBlockStore on(BlockStore right, boolean afterCrash, int divisor) {
            var write = last;
            var volume = write == null || !afterCrash ? null : find(right.volumes(), write.volume());
            if (volume != null && write != null) {
                long block = write.offset();
                Outcome.await(volume.write(block, ByteBuffer.wrap(write.bytes(), 0, BLOCK_BYTES / divisor)));
            }
            last = null;
            return new ForwardingBlockStore(right) {
                @Override
                CompletableFuture<Void> write(Volume target, long offset, ByteBuffer from) {
                    if (from.remaining() >= BLOCK_BYTES && offset % BLOCK_BYTES == 0 && isOn(target, offset, from.remaining())) {
                        var bytes = new byte[BLOCK_BYTES];
                        from.get(from.position(), bytes);
                        last = new Change.Write(target.id(), offset, bytes);
                    }
                    return target.write(offset, from);
                }
            };
        }
    }

    private static void reapply(BlockStore store, Map<String, Change.Write> writes) {
        writes.forEach((id, write) -> {
            var volume = find(store.volumes(), id);
            if (volume != null)
                Outcome.await(volume.write(write.offset(), ByteBuffer.wrap(write.bytes())));
        });
        writes.clear();
    }

    /// The first block for want of one.
    private static long firstStored(BlockDevice device) {
        long at = 0;
        for (var run : device.allocation(0, device.sizeBytes(), Integer.MAX_VALUE)) {
            if (run.state() == Allocation.State.STORED)
                return at / BLOCK_BYTES;
            at += run.bytes();
        }
        return 0;
    }

    private static boolean isOn(BlockDevice device, long offset, long length) {
        return offset >= 0 && offset + length <= device.sizeBytes();
    }

    private static byte[] bytes(BlockDevice device, long offset, int length) {
        var bytes = ByteBuffer.allocate(length);
        Outcome.await(device.read(offset, bytes));
        return bytes.array();
    }

    private static @Nullable Volume find(List<Volume> volumes, String id) {
        return volumes.stream().filter(volume -> volume.id().equals(id)).findFirst().orElse(null);
    }
}
