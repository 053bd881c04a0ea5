package io.cairn.server.http;

import io.netty.channel.DefaultFileRegion;
import java.nio.channels.FileChannel;

/// Part of a file that others read too: sent by the kernel, and not closed afterwards.
final class SharedFileRegion extends DefaultFileRegion {
    SharedFileRegion(FileChannel file, long position, long length) {
        super(file, position, length);
    }

    @Override
    protected void deallocate() {
        // The file belongs to the object that is being read.
    }
}
