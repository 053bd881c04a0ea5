package io.cairn.block.internal.engine;

import io.cairn.block.KeySource;
import io.cairn.block.internal.encryption.BlockCipher;
import io.cairn.block.internal.row.BlockSpace;
import io.cairn.block.internal.row.DataKeyRow;
import io.cairn.block.internal.row.VolumeRow;
import io.cairn.replication.Batch;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// The data keys that blocks are written with: for each encryption root a new one, made at its first write after the store was opened, and never used again once
/// the store is closed. So no address comes twice with a key, although a crash, or a restore, may hand the same addresses out to the next opening.
///
/// Any thread. Keys are made without the lock of the maps, which they need only to be numbered.
final class Keyring {
    private final DataKeys keys;
    private final Journal journal;
    private final ReentrantLock lock;
    private final SecureRandom random = new SecureRandom();
    /// By encryption root.
    private final Map<Integer, BlockCipher> current = new ConcurrentHashMap<>();
    /// Guarded by the lock.
    private int next = 1;

    /// @param lock of the maps
    Keyring(DataKeys keys, Journal journal, ReentrantLock lock) {
        this.keys = keys;
        this.journal = journal;
        this.lock = lock;
    }

    /// One that nobody has yet.
    record NewKey(byte[] key, byte[] wrapped) {}

    /// A row of an earlier opening.
    void found(DataKeyRow row) {
        keys.add(row);
        next = Math.max(next, row.number() + 1);
    }

    /// What a volume's blocks are written with, as long as the store is open. `BlockRefusedException` when its keys cannot be had.
    BlockCipher forWriting(int root) {
        var cipher = current.get(root);
        return cipher == null ? make(root) : cipher;
    }

    private synchronized BlockCipher make(int root) {
        var made = current.get(root);
        if (made != null)
            return made;
        keys.require(root); // or blocks of one volume would be under two master keys
        var id = keys.newest(root).rootId();
        var fresh = create(id);
        lock.lock();
        try {
            var row = new DataKeyRow(next, root, id, fresh.wrapped);
            journal.add(row); // goes with the next batch, and so no later than the first that names a block of it
            return added(row, fresh);
        } finally {
            lock.unlock();
        }
    }

    /// A data key, wrapped for this volume.
    NewKey create(String volume) {
        var source = keys.requireSource(volume);
        var key = new byte[KeySource.DATA_KEY_BYTES];
        random.nextBytes(key);
        try {
            var wrapped = source.wrap(key.clone(), volume);
            if (wrapped.length > KeySource.MAX_WRAPPED_BYTES)
                throw new GeneralSecurityException("wrapped, it has " + wrapped.length + " bytes");
            return new NewKey(key, wrapped);
        } catch (GeneralSecurityException e) {
            throw DataKeys.unavailable("a data key of '" + volume + "' cannot be wrapped: " + e.getMessage(), e);
        }
    }

    /// Puts the first key of a volume into the batch that creates it. Under the lock of the maps, as is what follows.
    void put(Batch batch, NewKey fresh, VolumeRow volume) {
        var row = first(fresh, volume);
        batch.put(BlockSpace.META, row.key(), row.encode());
    }

    /// The log has taken that batch.
    void added(NewKey fresh, VolumeRow volume) {
        var _ = added(first(fresh, volume), fresh);
    }

    private DataKeyRow first(NewKey fresh, VolumeRow volume) {
        return new DataKeyRow(next, volume.number(), volume.id(), fresh.wrapped);
    }

    private BlockCipher added(DataKeyRow row, NewKey fresh) {
        next = row.number() + 1;
        keys.add(row);
        var cipher = keys.use(row, fresh.key);
        current.put(row.root(), cipher);
        return cipher;
    }
}
