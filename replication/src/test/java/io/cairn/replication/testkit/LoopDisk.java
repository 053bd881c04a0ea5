package io.cairn.replication.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A real file system whose power can be cut: ext4 on a loop device, shut down by ioctl without flushing its journal. What was not
/// synced is gone when it is mounted again. Needs root, `mkfs.ext4` and a loop device, else the test is not run and says why.
public final class LoopDisk implements AutoCloseable {
    /// `_IOR('X', 125, __u32)` of `fs/ext4/ext4.h`.
    private static final long EXT4_IOC_SHUTDOWN = 0x8004587DL;
    private static final int NO_LOG_FLUSH = 2;
    private static final int UNMOUNT_TRIES = 100;

    private final Path image;
    private final Path mount;
    private boolean mounted;

    private LoopDisk(Path image, Path mount) {
        this.image = image;
        this.mount = mount;
    }

    /// Makes the file system in a file of `directory` that takes `mebibytes` at most, and mounts it there.
    public static LoopDisk make(Path directory, int mebibytes) throws IOException, InterruptedException {
        assumeTrue("root".equals(System.getProperty("user.name")), "not run: needs root to mount a loop device");
        var disk = new LoopDisk(directory.resolve("disk.ext4"), Files.createDirectories(directory.resolve("mount")));
        assumeTrue(succeeds("truncate", "-s", mebibytes + "M", disk.image.toString())
                && succeeds("mkfs.ext4", "-q", "-F", disk.image.toString()) && disk.mount(),
                "not run: needs mkfs.ext4 and a loop device");
        return disk;
    }

    public Path path() {
        return mount;
    }

    /// After [#cutPower]: what a machine finds when its power is back.
    public void powerBack() throws IOException, InterruptedException {
        unmount();
        if (!mount())
            throw new IOException("cannot mount " + image + " again");
    }

    private boolean mount() throws IOException, InterruptedException {
        mounted = succeeds("mount", "-o", "loop", image.toString(), mount.toString());
        return mounted;
    }

    private void unmount() throws IOException, InterruptedException {
        // A process that was just killed may still be leaving the kernel.
        for (int i = 0; i < UNMOUNT_TRIES && mounted; i++) {
            mounted = !succeeds("umount", mount.toString());
            if (mounted)
                Thread.sleep(20);
        }
        if (mounted)
            throw new IOException("cannot unmount " + mount);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        unmount();
        Files.deleteIfExists(image);
    }

    /// Cuts the power of the ext4 that `directory` lies on. From then on each of its writes and syncs fails.
    @SuppressWarnings("restricted") // the ioctl has no other way in
    public static void cutPower(Path directory) throws IOException {
        var linker = Linker.nativeLinker();
        var open = linker.downcallHandle(linker.defaultLookup().findOrThrow("open"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
                Linker.Option.firstVariadicArg(2));
        var ioctl = linker.downcallHandle(linker.defaultLookup().findOrThrow("ioctl"),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS),
                Linker.Option.firstVariadicArg(2));
        int result;
        try (var arena = Arena.ofConfined()) {
            int file = (int) open.invokeExact(arena.allocateFrom(directory.toString()), 0);
            result = (int) ioctl.invokeExact(file, EXT4_IOC_SHUTDOWN, arena.allocateFrom(ValueLayout.JAVA_INT, NO_LOG_FLUSH));
        } catch (Throwable e) {
            throw new IOException("cannot call ioctl", e);
        }
        if (result != 0)
            throw new IOException("the file system of " + directory + " was not shut down");
    }

    private static boolean succeeds(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return false; // no such program
        }
        return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
