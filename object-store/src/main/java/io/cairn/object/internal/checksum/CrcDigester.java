package io.cairn.object.internal.checksum;

import java.nio.ByteBuffer;
import java.util.zip.Checksum;

/// A 32-bit checksum of the JDK, which has machine code for both that S3 knows.
record CrcDigester(Checksum crc) implements Digester {
    @Override
    public void update(ByteBuffer bytes) {
        crc.update(bytes);
    }

    @Override
    public byte[] value() {
        return ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    }
}
