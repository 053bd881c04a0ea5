package io.cairn.server.cli.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/// What is on a disk, be it in a file or at a server. Any thread, several at a time.
public interface Contents extends Closeable {
    long sizeBytes();

    /// The parts of `[from, to)` that may be anything but zeros, in order, none touching the next. The rest reads as zeros.
    List<Range> stored(long from, long to) throws IOException;

    /// Fills what remains of `into`, which has an array.
    void read(long offset, ByteBuffer into) throws IOException;
}
