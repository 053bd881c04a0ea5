package io.cairn.block.internal.engine;

import io.cairn.block.BlockRefusedException;
import io.cairn.block.KeySource;
import io.cairn.block.Reason;
import io.cairn.block.internal.encryption.BlockCipher;
import io.cairn.block.internal.row.DataKeyRow;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// The data keys of a store as far as they are there to be read with, each unwrapped when a block of it is met first. Any thread; blocks while a key is
/// unwrapped. Memory: about 200 bytes for each key that was used.
final class DataKeys {
    /// Makes the cipher of a data key.
    @FunctionalInterface
    interface Ciphers { BlockCipher of(int number, int root, byte[] key); }

    private final @Nullable KeySource source;
    private final IntFunction<byte @Nullable []> rows;
    private final Ciphers ciphers;
    private final Map<Integer, BlockCipher> byNumber = new ConcurrentHashMap<>();
    /// By encryption root.
    private final Map<Integer, DataKeyRow> newest = new ConcurrentHashMap<>();
    /// Encryption roots whose keys this source has been seen to unwrap.
    private final Set<Integer> opened = ConcurrentHashMap.newKeySet();

    /// @param rows gives the row of a number
    DataKeys(@Nullable KeySource source, IntFunction<byte @Nullable []> rows, Ciphers ciphers) {
        this.source = source;
        this.rows = rows;
        this.ciphers = ciphers;
    }

    /// Tells of a row.
    void add(DataKeyRow row) {
        newest.merge(row.root(), row, (one, other) -> one.number() > other.number() ? one : other);
    }

    /// The newest of an encryption root.
    DataKeyRow newest(int root) {
        var row = newest.get(root);
        if (row == null)
            throw new IllegalStateException("the data keys of volume " + root + " are missing");
        return row;
    }

    /// Refuses when this store cannot read and write what has this encryption root.
    void require(int root) {
        if (!opened.contains(root))
            Arrays.fill(unwrap(newest(root)), (byte) 0);
    }

    /// Refuses when the master key is another one than that of the store's newest key: one store, one master key.
    void requireSame() {
        newest.values().stream().max(Comparator.comparingInt(DataKeyRow::number)).ifPresent(row -> require(row.root()));
    }

    KeySource requireSource(String volume) {
        if (source == null)
            throw unavailable("'" + volume + "' is encrypted, and the store was opened without keys", null);
        return source;
    }

    private byte[] unwrap(DataKeyRow row) {
        var from = requireSource(row.rootId());
        try {
            var key = from.unwrap(row.wrapped(), row.rootId());
            if (key.length != KeySource.DATA_KEY_BYTES)
                throw new GeneralSecurityException("it has " + key.length + " bytes");
            opened.add(row.root());
            return key;
        } catch (GeneralSecurityException e) {
            throw unavailable("data key " + row.number() + " of '" + row.rootId() + "' cannot be unwrapped: " + e.getMessage(),
                    e);
        }
    }

    static BlockRefusedException unavailable(String what, @Nullable Throwable cause) {
        var refused = new BlockRefusedException(Reason.KEY_UNAVAILABLE,
                what + "; open the store with the master key that it was written with");
        refused.initCause(cause);
        return refused;
    }

    /// The cipher of the key that a block names; null when it can be none of this encryption root's.
    @Nullable
    BlockCipher cipher(int number, int root) {
        var cipher = cipher(number);
        return cipher != null && cipher.root() == root ? cipher : null;
    }

    /// The cipher of a key; null when there is no such key.
    @Nullable
    BlockCipher cipher(int number) {
        var known = byNumber.get(number);
        if (known == null) {
            var value = number > 0 ? rows.apply(number) : null;
            if (value == null)
                return null;
            var row = DataKeyRow.decode(DataKeyRow.key(number), value);
            known = use(row, unwrap(row));
        }
        return known;
    }

    /// Keeps an unwrapped key, and clears it where it stood.
    BlockCipher use(DataKeyRow row, byte[] key) {
        var cipher = ciphers.of(row.number(), row.root(), key);
        Arrays.fill(key, (byte) 0);
        opened.add(row.root());
        var other = byNumber.putIfAbsent(row.number(), cipher);
        return other == null ? cipher : other;
    }
}
