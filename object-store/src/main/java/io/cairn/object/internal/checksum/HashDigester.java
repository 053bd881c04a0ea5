package io.cairn.object.internal.checksum;

import java.nio.ByteBuffer;
import java.security.MessageDigest;

/// A hash of the JDK.
record HashDigester(MessageDigest hash) implements Digester {
    @Override
    public void update(ByteBuffer bytes) {
        hash.update(bytes);
    }

    @Override
    public byte[] value() {
        return hash.digest();
    }
}
