package io.cairn.block.internal.engine;

import io.cairn.block.Allocation;
import io.cairn.block.Allocation.State;
import io.cairn.block.BlockRefusedException;
import io.cairn.block.CorruptBlockException;
import io.cairn.block.Reason;
import io.cairn.block.internal.block.BlockFormat;
import io.cairn.block.internal.encryption.BlockCipher;
import io.cairn.block.internal.map.BlockMaps;
import io.cairn.block.internal.map.Version;
import io.cairn.replication.CorruptLogException;
import io.cairn.replication.Extent;
import io.cairn.replication.ReplicatedLog;
import io.cairn.replication.ReplicatedLog.InPlace;
import io.cairn.replication.ReplicatedLog.ReadNow;
import io.cairn.replication.StoreFailedException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads blocks of a version, each held against its checksum. Neighbours that lie in a row are read at once.
final class BlockReader {
    private static final byte[] ZEROS = new byte[BlockFormat.DATA_BYTES];
    /// A block that moves while it is looked for is looked for again. Files are emptied one after the other, not so often as that.
    private static final int ATTEMPTS = 16;
    /// A read of so much takes longer than handing it to another thread, so whoever asks for several gets several processors.
    private static final int LARGE_BYTES = 256 << 10;
    private static final int MAX_WAITING = 16;
    private static final int MAX_QUEUED = 1024;
    private static final ThreadLocal<ByteBuffer> FRAMED = ThreadLocal
            .withInitial(() -> ByteBuffer.allocateDirect(BlockFormat.MAX_BLOCKS * BlockFormat.BYTES));
    private static final ThreadLocal<Landing> LANDING = ThreadLocal.withInitial(Landing::new);

    private final ReplicatedLog log;
    private final BlockMaps maps;
    private final Unwritten unwritten;
    private final DataKeys keys;
    /// Reads that wait for the disk: as many at once as a disk has use for. With a full queue whoever reads waits itself.
    private final ThreadPoolExecutor waiting = new ThreadPoolExecutor(MAX_WAITING, MAX_WAITING, 5, TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_QUEUED), Thread.ofPlatform().daemon().name("cairn-volumes-read-", 0).factory(),
            (read, _) -> read.run());

    /// Takes whole plain blocks from where they lie to where they are wanted.
    private static final class Landing implements InPlace {
        private final ByteBuffer header = ByteBuffer.allocateDirect(BlockFormat.HEADER_BYTES);
        private @Nullable ByteBuffer into;
        private String device = "";
        private long block;
        private int count;

        Landing of(String itsDevice, long first, int blocks, ByteBuffer target) {
            device = itsDevice;
            block = first;
            count = blocks;
            into = target;
            return this;
        }

        @Override
        public void at(MemorySegment memory, long position) {
            var target = Objects.requireNonNull(into);
            for (int i = 0; i < count; i++) {
                var fault = BlockFormat.take(memory, position + (long) i * BlockFormat.BYTES, block + i, target, header);
                if (!fault.isEmpty())
                    throw new CorruptBlockException(device, block + i, fault);
            }
        }

        void end() {
            into = null;
        }
    }

    BlockReader(ReplicatedLog log, BlockMaps maps, Unwritten unwritten, DataKeys keys) {
        this.log = log;
        this.maps = maps;
        this.unwritten = unwritten;
        this.keys = keys;
        waiting.allowCoreThreadTimeOut(true);
    }

    /// Fills buffers, whose room need not begin or end with a block. What has to come from the disk is read by a thread of this reader's.
    ///
    /// @param version asked at the beginning and at the end, so that it says no when the device is gone
    /// @param offset in bytes
    CompletableFuture<Void> read(String device, Supplier<Version> version, long offset, ByteBuffer... into) {
        try {
            long from = isLarge(into) ? offset : fill(device, version, offset, into, false);
            return from < 0
                    ? Writes.DONE
                    : CompletableFuture.runAsync(() -> {
                        var _ = fill(device, version, from, into, true);
                    }, waiting);
        } catch (CorruptBlockException e) {
            return CompletableFuture.failedFuture(e);
        } catch (BlockRefusedException e) {
            return answer(e);
        }
    }

    private static boolean isLarge(ByteBuffer[] into) {
        long bytes = 0;
        for (var buffer : into)
            bytes += buffer.remaining();
        return bytes >= LARGE_BYTES;
    }

    /// Without its keys a device is there, and its reads and writes are answered; a device that is not there is told of at once.
    static CompletableFuture<Void> answer(BlockRefusedException refused) {
        if (refused.reason() != Reason.KEY_UNAVAILABLE)
            throw refused;
        return CompletableFuture.failedFuture(refused);
    }

    /// -1 when all are full; else where the first byte goes on that would have to wait for the disk.
    private long fill(String device, Supplier<Version> version, long offset, ByteBuffer[] into, boolean wait) {
        long at = offset;
        for (var buffer : into) {
            int wanted = buffer.remaining();
            if (!fill(device, version, at, buffer, wait))
                return at + wanted - buffer.remaining();
            at += wanted;
        }
        return -1;
    }

    /// A volume's head becomes a snapshot's version when one is taken, and that may be deleted while we still read there: then it is the new head that is read.
    private boolean fill(String device, Supplier<Version> version, long offset, ByteBuffer into, boolean wait) {
        int position = into.position();
        while (true) {
            var read = version.get();
            boolean full = false;
            CorruptBlockException damage = null;
            try {
                full = fill(device, read, offset, into, wait);
            } catch (CorruptBlockException e) {
                damage = e;
            }
            VarHandle.acquireFence();
            if (!read.isGivenUp()) {
                if (damage != null)
                    throw damage;
                return full;
            }
            into.position(position);
        }
    }

    /// Fills `into`, and waits for the disk. What it got counts if the version is not given up afterwards.
    void read(String device, Version version, long offset, ByteBuffer into) {
        var _ = fill(device, version, offset, into, true);
    }

    /// The same without waiting: `false` when it would have to.
    boolean readNow(String device, Version version, long offset, ByteBuffer into) {
        return fill(device, version, offset, into, false);
    }

    /// Ends the threads, once nobody reads.
    void close() {
        waiting.shutdown();
    }

    /// `false` when it would have to wait for the disk and must not: the position of `into` says how far it came.
    private boolean fill(String device, Version version, long offset, ByteBuffer into, boolean wait) {
        long block = offset / BlockFormat.DATA_BYTES;
        int skip = (int) (offset % BlockFormat.DATA_BYTES);
        int attempt = 0;
        int root = version.encryptionRoot();
        if (root != 0)
            keys.require(root);
        while (into.hasRemaining()) {
            int wanted = (skip + into.remaining() + BlockFormat.DATA_BYTES - 1) / BlockFormat.DATA_BYTES;
            long address = maps.address(version, block);
            int count = 1;
            if (!BlockMaps.isStored(address))
                zeros(skip, into);
            else {
                var unwrittenYet = unwritten.at(address);
                if (unwrittenYet != null) {
                    if (!copyUnwritten(address, unwrittenYet, skip, into))
                        continue; // it has been written meanwhile
                } else {
                    int whole = root == 0 && skip == 0 ? into.remaining() / BlockFormat.DATA_BYTES : 0;
                    count = run(version, block, address, Math.min(whole > 0 ? whole : wanted, BlockFormat.MAX_BLOCKS));
                    if (whole > 0 && inPlace(device, block, address, count, into)) {
                        attempt = 0;
                        block += count;
                        continue;
                    }
                    var framed = FRAMED.get().clear().limit(count * BlockFormat.BYTES);
                    switch (fromFile(device, block, address, framed, wait)) {
                        case LATER -> {
                            return false;
                        }
                        case GONE -> {
                            if (++attempt == ATTEMPTS)
                                throw new CorruptBlockException(device, block, "the file is missing that it lies in");
                            continue;
                        }
                        case READ -> copy(device, root, address, block, framed.flip(), count, skip, into);
                    }
                }
            }
            attempt = 0;
            block += count;
            skip = 0;
        }
        return true;
    }

    List<Allocation> allocation(Supplier<Version> version, long offset, long length, int maxRuns) {
        while (true) {
            var read = version.get();
            var runs = allocation(read, offset, length, maxRuns);
            VarHandle.acquireFence();
            if (!read.isGivenUp())
                return runs;
        }
    }

    private List<Allocation> allocation(Version version, long offset, long length, int maxRuns) {
        var runs = new ArrayList<Allocation>();
        long end = offset + length;
        var state = State.HOLE;
        long from = offset;
        for (long at = offset; at < end;) {
            long block = at / BlockFormat.DATA_BYTES;
            long address = maps.address(version, block);
            var next = BlockMaps.isStored(address) ? State.STORED : address == BlockMaps.ZEROS ? State.ZERO : State.HOLE;
            if (next != state && at > from) {
                runs.add(new Allocation(at - from, state));
                if (runs.size() == maxRuns)
                    return runs;
                from = at;
            }
            state = next;
            long after = address == BlockMaps.HOLE ? maps.afterHole(version, block) : block + 1;
            at = Math.min(end, after * BlockFormat.DATA_BYTES);
        }
        if (end > from)
            runs.add(new Allocation(end - from, state));
        return runs;
    }

    private static void zeros(int skip, ByteBuffer into) {
        into.put(ZEROS, 0, Math.min(ZEROS.length - skip, into.remaining()));
    }

    private boolean copyUnwritten(long address, ByteBuffer framed, int skip, ByteBuffer into) {
        int length = Math.min(BlockFormat.DATA_BYTES - skip, into.remaining());
        into.put(into.position(), framed, framed.position() + BlockFormat.HEADER_BYTES + skip, length);
        VarHandle.acquireFence();
        if (!unwritten.holds(address))
            return false;
        into.position(into.position() + length);
        return true;
    }

    private int run(Version version, long block, long address, int most) {
        int count = 1;
        while (count < most && maps.address(version, block + count) == address + count * BlockMaps.STEP)
            count++;
        return count;
    }

    /// Copies blocks from the page cache. `false` when they are not all there: then nothing has happened.
    private boolean inPlace(String device, long block, long address, int count, ByteBuffer into) {
        int position = into.position();
        var landing = LANDING.get().of(device, block, count, into);
        try {
            if (log.look(Extent.at(address, count * BlockFormat.BYTES), landing) == ReadNow.READ)
                return true;
        } catch (IOException e) {
            throw failed(device, block, e);
        } finally {
            landing.end();
        }
        into.position(position);
        return false;
    }

    private static StoreFailedException failed(String device, long block, IOException e) {
        return new StoreFailedException("cannot read " + device + " block " + block + ": " + e.getMessage(), e);
    }

    private ReadNow fromFile(String device, long block, long address, ByteBuffer framed, boolean wait) {
        var piece = Extent.at(address, framed.limit());
        try {
            var now = log.readNow(piece, framed);
            return now != ReadNow.LATER || !wait ? now : log.read(piece, framed) ? ReadNow.READ : ReadNow.GONE;
        } catch (CorruptLogException e) {
            throw new CorruptBlockException(device, block, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw failed(device, block, e);
        }
    }

    /// Blocks from an address on, each held against its checksum: as they lie there, or decrypted behind the room of a header. Null when their file is gone. The
    /// bytes are valid until this thread's next read.
    ///
    /// @param root that they are encrypted for; 0: they are not
    @Nullable
    ByteBuffer framed(int root, long address, long block, int count) {
        var framed = FRAMED.get().clear().limit(count * BlockFormat.BYTES);
        if (fromFile("address " + address, block, address, framed, true) == ReadNow.GONE)
            return null;
        framed.flip();
        for (int i = 0; i < count; i++) {
            var fault = open(root, address + i * BlockMaps.STEP, block + i, framed, i * BlockFormat.BYTES);
            if (!fault.isEmpty())
                throw new CorruptBlockException("at address " + address, block + i, fault);
        }
        return framed;
    }

    /// Whether the keys are there for this encryption root.
    boolean canRead(int root) {
        try {
            if (root != 0)
                keys.require(root);
            return true;
        } catch (BlockRefusedException e) {
            return false;
        }
    }

    /// Decrypts the block at `at` when there is need: its data then stand where those of a plain one do. What is wrong with it; an empty text for nothing.
    private String open(int root, long address, long block, ByteBuffer framed, int at) {
        if (root == 0)
            return BlockFormat.fault(framed, at, block);
        var cipher = keys.cipher(BlockCipher.keyOf(framed, at), root);
        return cipher != null && cipher.decrypt(framed, at, address, block, framed, at + BlockFormat.HEADER_BYTES)
                ? ""
                : BlockCipher.FAULT;
    }

    private void copy(String device, int root, long address, long block, ByteBuffer framed, int count, int skip,
            ByteBuffer into) {
        int from = skip;
        for (int i = 0; i < count; i++) {
            int at = i * BlockFormat.BYTES;
            var fault = open(root, address + i * BlockMaps.STEP, block + i, framed, at);
            if (!fault.isEmpty())
                throw new CorruptBlockException(device, block + i, fault);
            int length = Math.min(BlockFormat.DATA_BYTES - from, into.remaining());
            into.put(into.position(), framed, at + BlockFormat.HEADER_BYTES + from, length);
            into.position(into.position() + length);
            from = 0;
        }
    }
}
