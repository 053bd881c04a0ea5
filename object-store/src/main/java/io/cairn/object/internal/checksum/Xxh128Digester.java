package io.cairn.object.internal.checksum;

import com.dynatrace.hash4j.hashing.HashStream128;
import java.nio.ByteBuffer;

/// XXH3 of 128 bits, seed 0; the value in canonical form: the upper 64 bits first, big-endian.
record Xxh128Digester(HashStream128 stream) implements Digester {
    @Override
    public void update(ByteBuffer bytes) {
        Arrayed.each(bytes, stream::putBytes);
    }

    @Override
    public byte[] value() {
        var value = stream.get();
        return ByteBuffer.allocate(2 * Long.BYTES).putLong(value.getMostSignificantBits())
                .putLong(value.getLeastSignificantBits()).array();
    }
}
