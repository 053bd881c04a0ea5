package io.cairn.replication.disk;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file opened once more, for calls of Linux that no channel has: reads that do not wait for the disk (preadv2 with `RWF_NOWAIT`, Linux 4.14, man preadv2), which
/// give what the page cache has; and writing that begins before a sync asks for it (man sync_file_range). Any thread.
final class SystemFile {
    private static final int RWF_NOWAIT = 8;
    private static final int SYNC_FILE_RANGE_WRITE = 2;
    private static final int O_RDONLY = 0;
    private static final int O_CLOEXEC = 0x80000;
    private static final @Nullable Calls CALLS = Calls.find();
    /// `struct iovec`: address and length.
    private static final ThreadLocal<MemorySegment> IOVEC = ThreadLocal
            .withInitial(() -> Arena.ofAuto().allocate(2L * Long.BYTES, Long.BYTES));

    private record Calls(MethodHandle open, MethodHandle close, MethodHandle preadv2, MethodHandle syncFileRange) {
        @SuppressWarnings("restricted") // the system's own functions, by their published signatures
        static @Nullable Calls find() {
            if (!System.getProperty("os.name", "").equals("Linux"))
                return null;
            var linker = Linker.nativeLinker();
            var symbols = linker.defaultLookup();
            var preadv2 = symbols.find("preadv2");
            var syncFileRange = symbols.find("sync_file_range");
            if (preadv2.isEmpty() || syncFileRange.isEmpty())
                return null;
            return new Calls(
                    linker.downcallHandle(symbols.findOrThrow("open"),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                            Linker.Option.firstVariadicArg(2)),
                    linker.downcallHandle(symbols.findOrThrow("close"),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)),
                    linker.downcallHandle(preadv2.get(),
                            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.ADDRESS,
                                    ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT)),
                    linker.downcallHandle(syncFileRange.get(),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
                                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT)));
        }
    }

    private final Calls calls;
    private final int descriptor;

    private SystemFile(Calls calls, int descriptor) {
        this.calls = calls;
        this.descriptor = descriptor;
    }

    /// Opens the file once more; null where there is no such call, or the file cannot be opened.
    static @Nullable SystemFile of(Path file) {
        if (CALLS == null)
            return null;
        try (var arena = Arena.ofConfined()) {
            int descriptor = (int) CALLS.open.invokeExact(arena.allocateFrom(file.toString()), O_RDONLY | O_CLOEXEC);
            return descriptor < 0 ? null : new SystemFile(CALLS, descriptor);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /// What [DiskFile#readNow] says.
    int read(ByteBuffer into, long position) {
        int wanted = into.remaining();
        var target = MemorySegment.ofBuffer(into);
        var iovec = IOVEC.get();
        iovec.set(ValueLayout.JAVA_LONG, 0, target.address());
        iovec.set(ValueLayout.JAVA_LONG, Long.BYTES, wanted);
        try {
            long count = (long) calls.preadv2.invokeExact(descriptor, iovec, 1, position, RWF_NOWAIT);
            if (count < wanted)
                return -1; // not all is in memory, or the file ends, or the disk has failed: an ordinary read tells
            into.position(into.limit());
            return wanted;
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /// What [DiskFile#startWriting] says.
    void startWriting(long position, long length) {
        try {
            int _ = (int) calls.syncFileRange.invokeExact(descriptor, position, length, SYNC_FILE_RANGE_WRITE);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    void close() {
        try {
            int _ = (int) calls.close.invokeExact(descriptor);
        } catch (Throwable e) {
            throw failed(e);
        }
    }

    /// A downcall throws nothing of its own.
    private static RuntimeException failed(Throwable e) {
        if (e instanceof Error error)
            throw error;
        return e instanceof RuntimeException known ? known : new IllegalStateException(e);
    }
}
