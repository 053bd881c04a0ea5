package io.cairn.object.internal.checksum;

import com.dynatrace.hash4j.hashing.HashStream64;
import java.nio.ByteBuffer;

/// XXH64 and XXH3 of 64 bits, seed 0 (xxHash specification, "XXH64 algorithm description"); the value in canonical form, big-endian.
record Xxh64Digester(HashStream64 stream) implements Digester {
    @Override
    public void update(ByteBuffer bytes) {
        Arrayed.each(bytes, stream::putBytes);
    }

    @Override
    public byte[] value() {
        return ByteBuffer.allocate(Long.BYTES).putLong(stream.getAsLong()).array();
    }
}
