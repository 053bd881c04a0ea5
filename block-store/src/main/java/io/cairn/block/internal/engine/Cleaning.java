package io.cairn.block.internal.engine;

import io.cairn.block.CorruptBlockException;
import io.cairn.block.internal.block.BlockFormat;
import io.cairn.block.internal.encryption.BlockCipher;
import io.cairn.block.internal.map.BlockMaps;
import io.cairn.block.internal.map.BlockMaps.Addresses;
import io.cairn.block.internal.map.Version;
import io.cairn.replication.Extent;
import io.cairn.replication.ExtentOwner;
import io.cairn.replication.Relocation;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Moves blocks out of half-empty files. One walk over the leaves of all versions finds those that lie in them; what was copied is durable before the maps
/// name it, and they name it in one step with the cut of a checkpoint, so that nothing but the checkpoint knows of the move.
final class Cleaning implements ExtentOwner {
    private static final Logger LOG = LoggerFactory.getLogger(Cleaning.class);
    /// What moves is settled before more leaves have to be written anew, but for one place that has more by itself. They go into the one batch of a checkpoint, whose
    /// 64 MiB have room for 12,600 rows of the longest, and 8,192 may be there already.
    private static final int MAX_LEAVES = 2048;
    /// A place with more stays where it is, with its files: as many snapshots have each written there.
    private static final int MAX_LEAVES_OF_PLACE = 4096;
    private final BlockMaps maps;
    private final BlockReader reader;
    private final Checkpointer checkpointer;
    private final Keyring keyring;
    private final Runnable onLook;

    /// @param onLook told when more of the maps may be in memory: cheap
    Cleaning(BlockMaps maps, BlockReader reader, Checkpointer checkpointer, Keyring keyring, Runnable onLook) {
        this.maps = maps;
        this.reader = reader;
        this.checkpointer = checkpointer;
        this.keyring = keyring;
        this.onLook = onLook;
    }

    /// What was copied of one place.
    private record Moved(Version origin, long block, Map<Long, Long> addresses) {}

    @Override
    public void moveExtents(Relocation relocation) {
        if (checkpointer.hasFailed())
            return;
        int leaves = 0;
        var moved = new ArrayList<Moved>();
        var copies = new ArrayList<Extent>();
        for (var origin : origins()) {
            int root = origin.encryptionRoot();
            if (!reader.canRead(root))
                continue; // a block's nonce is its address: without its keys it stays where it is, with its file
            long at = 0;
            while (!relocation.ended()) {
                var place = next(origin, at);
                if (place == null)
                    break;
                at = place.next();
                onLook.run();
                if (place.leaves() > MAX_LEAVES_OF_PLACE)
                    continue;
                if (leaves > 0 && leaves + place.leaves() > MAX_LEAVES) {
                    settle(relocation, moved, copies);
                    leaves = 0;
                    at = place.block(); // as it is then
                    continue;
                }
                var addresses = new HashMap<Long, Long>();
                copy(place, root, relocation, addresses, copies);
                if (!addresses.isEmpty()) {
                    moved.add(new Moved(origin, place.block(), addresses));
                    leaves += place.leaves();
                }
                if (relocation.full()) {
                    settle(relocation, moved, copies);
                    leaves = 0;
                }
            }
        }
        settle(relocation, moved, copies);
    }

    private List<Version> origins() {
        maps.lock().lock();
        try {
            return maps.origins();
        } finally {
            maps.lock().unlock();
        }
    }

    private @Nullable Addresses next(Version origin, long block) {
        maps.lock().lock();
        try {
            return maps.addresses(origin, block);
        } finally {
            maps.lock().unlock();
        }
    }

    /// Neighbours that lie in a row are copied as one extent.
    private void copy(Addresses place, int root, Relocation relocation, Map<Long, Long> moved, List<Extent> copies) {
        var wanted = new TreeMap<Long, Long>(); // from address to block
        place.bySlot().forEach((slot, addresses) -> {
            for (long address : addresses)
                if (relocation.concerns(Extent.at(address, BlockFormat.BYTES)))
                    wanted.put(address, place.block() + slot);
        });
        while (!wanted.isEmpty()) {
            var first = wanted.firstEntry();
            long address = first.getKey();
            long block = first.getValue();
            int count = 1;
            while (count < BlockFormat.MAX_BLOCKS
                    && Long.valueOf(block + count).equals(wanted.get(address + count * BlockMaps.STEP)))
                count++;
            for (int i = 0; i < count; i++)
                wanted.remove(address + i * BlockMaps.STEP);
            copy(root, address, block, count, relocation, moved, copies);
        }
    }

    private void copy(int root, long address, long block, int count, Relocation relocation, Map<Long, Long> moved,
            List<Extent> copies) {
        @Nullable
        ByteBuffer framed;
        try {
            framed = reader.framed(root, address, block, count);
        } catch (CorruptBlockException e) {
            LOG.error("a block stays where it is, with its file: {}", e.getMessage());
            return;
        }
        if (framed == null)
            return;
        var from = Extent.at(address, count * BlockFormat.BYTES);
        var copy = root == 0
                ? relocation.write(from, BlockFormat.KIND, framed)
                : relocation.write(from, BlockCipher.KIND, from.length(),
                        new EncryptedBlocks(framed, block, count, keyring.forWriting(root)));
        if (copy == null)
            return;
        copies.add(copy);
        for (int i = 0; i < count; i++)
            moved.put(address + i * BlockMaps.STEP, copy.address() + i * BlockMaps.STEP);
    }

    private void settle(Relocation relocation, List<Moved> moved, List<Extent> copies) {
        if (copies.isEmpty())
            return;
        relocation.sync();
        moved.forEach(this::load);
        try {
            relocation.settled(checkpointer.run(() -> prepare(moved), batch -> copies.forEach(batch::addDivided)));
        } catch (Throwable e) {
            if (checkpointer.hasFailed())
                relocation.keep(); // the maps may name the copies already
            throw e;
        }
        moved.clear();
        copies.clear();
    }

    /// Reads what has left memory since it was copied, so that hardly any of it is left to be read where all places change in one hold of the lock.
    private void load(Moved place) {
        maps.lock().lock();
        try {
            var _ = prepare(place);
        } finally {
            maps.lock().unlock();
        }
    }

    /// A map that named some of the copies while the others' leaves cannot be read would name a file that is thrown away: all is in memory before anything
    /// changes.
    private Runnable prepare(List<Moved> moved) {
        var moves = moved.stream().map(this::prepare).toList();
        return () -> moves.forEach(Runnable::run);
    }

    private Runnable prepare(Moved place) {
        return maps.prepareMove(place.origin, place.block, place.addresses);
    }
}
