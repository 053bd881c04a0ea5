package io.cairn.block.internal.ephemeral;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Gives the space in the middle of a file back to the file system: `fallocate` with `FALLOC_FL_PUNCH_HOLE` (Linux, fallocate(2)), which no channel of the JDK
/// has. Where there is none, or the JVM keeps it from us, nothing is given back. Any thread, but nothing may go on when it is closed.
final class HolePunch implements AutoCloseable {
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int KEEP_SIZE = 1;
    private static final int PUNCH_HOLE = 2;
    private static final Optional<Calls> CALLS = calls();

    private record Calls(MethodHandle open, MethodHandle fallocate, MethodHandle close) {}

    private final Calls calls;
    private final int descriptor;

    private HolePunch(Calls calls, int descriptor) {
        this.calls = calls;
        this.descriptor = descriptor;
    }

    /// For a file that is there; null where the system cannot do it.
    static @Nullable HolePunch of(Path file) {
        if (CALLS.isEmpty())
            return null;
        try (var arena = Arena.ofConfined()) {
            int descriptor = (int) CALLS.get().open.invokeExact(arena.allocateFrom(file.toString()), O_RDWR | O_CLOEXEC);
            return descriptor < 0 ? null : new HolePunch(CALLS.get(), descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException("open(2) cannot be called", e);
        }
    }

    @SuppressWarnings("restricted") // the three calls below, with the types that fallocate(2), open(2) and close(2) give
    private static Optional<Calls> calls() {
        var linker = Linker.nativeLinker();
        var lookup = linker.defaultLookup();
        var open = lookup.find("open");
        var fallocate = lookup.find("fallocate");
        var close = lookup.find("close");
        if (open.isEmpty() || fallocate.isEmpty() || close.isEmpty() || ValueLayout.ADDRESS.byteSize() != 8)
            return Optional.empty();
        try {
            return Optional.of(new Calls(
                    linker.downcallHandle(open.get(),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                            Linker.Option.firstVariadicArg(2)),
                    linker.downcallHandle(fallocate.get(),
                            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                                    ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG)),
                    linker.downcallHandle(close.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))));
        } catch (IllegalCallerException e) {
            return Optional.empty(); // a JVM with --illegal-native-access=deny
        }
    }

    /// Whether the space was given back: then the bytes are zeros. Both in whole blocks.
    boolean punch(long offset, long length) {
        try {
            return (int) calls.fallocate.invokeExact(descriptor, PUNCH_HOLE | KEEP_SIZE, offset, length) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("fallocate(2) cannot be called", e);
        }
    }

    @Override
    public void close() {
        try {
            int _ = (int) calls.close.invokeExact(descriptor);
        } catch (Throwable e) {
            throw new IllegalStateException("close(2) cannot be called", e);
        }
    }
}
