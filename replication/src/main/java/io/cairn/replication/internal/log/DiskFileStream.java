package io.cairn.replication.internal.log;

import io.cairn.replication.disk.DiskFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// A file from its beginning to its end. Closing it does not close the file. Not thread-safe.
final class DiskFileStream extends InputStream {
    private final DiskFile file;
    private long position;

    DiskFileStream(DiskFile file) {
        this.file = file;
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (length == 0)
            return 0;
        int count = file.read(ByteBuffer.wrap(into, offset, length), position);
        position += count;
        return count == 0 ? -1 : count;
    }
}
