package io.cairn.block.internal.engine;

import io.cairn.block.internal.encryption.BlockCipher;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Writes down every nonce with the key that it was used with, by the key's bytes: whatever numbers stores give them.
final class WatchedNonces implements DataKeys.Ciphers {
    private record Used(String key, long address) {}

    private final Set<Used> used = ConcurrentHashMap.newKeySet();
    private final Set<String> keys = ConcurrentHashMap.newKeySet();
    private final List<Used> twice = new CopyOnWriteArrayList<>();

    private final class Watched extends BlockCipher {
        private final String key;

        Watched(int number, int root, byte[] key) {
            super(number, root, key);
            this.key = HexFormat.of().formatHex(key);
        }

        @Override
        public void encrypt(ByteBuffer data, int from, long address, long block, ByteBuffer into) {
            var now = new Used(key, address);
            keys.add(key);
            if (!used.add(now))
                twice.add(now);
            super.encrypt(data, from, address, block, into);
        }
    }

    @Override
    public BlockCipher of(int number, int root, byte[] key) {
        return new Watched(number, root, key);
    }

    long count() {
        return used.size();
    }

    int keys() {
        return keys.size();
    }

    void requireOnce() {
        if (!twice.isEmpty())
            throw new AssertionError(twice.size() + " nonces were used twice with a key, as " + twice.getFirst());
    }
}
