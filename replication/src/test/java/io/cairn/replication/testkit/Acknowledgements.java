package io.cairn.replication.testkit;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// What a process that is going to be killed says of its writes: a line for each that was acknowledged, told at once. Thread-safe.
///
/// The power goes by [#cutPowerAfter]: first no line is told any more, then the file system is shut down. The order matters: ext4 shut
/// down by ioctl answers a sync that is under way with success though nothing of it is kept, when the file was growing (Linux 6.18: the
/// last write was lost in 16 of 150 cuts of a loop of `pwrite` and `fdatasync`, in none of 150 when the file's blocks were written
/// before). No machine without power hears such an answer.
public final class Acknowledgements {
    /// Told last, when the power has gone.
    public static final String POWER_CUT = "POWER-CUT";

    private final OutputStream out;
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();
    private final CountDownLatch told = new CountDownLatch(1);

    public Acknowledgements(OutputStream out) {
        this.out = out;
    }

    /// To this process's standard output, without a buffer.
    public static Acknowledgements toStandardOutput() {
        return new Acknowledgements(new FileOutputStream(FileDescriptor.out));
    }

    /// Tells one line. Never returns once the power has gone.
    public void tell(String line) throws IOException {
        gate.readLock().lock();
        try {
            // One write, which a pipe takes whole or not at all.
            out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        } finally {
            gate.readLock().unlock();
        }
        told.countDown();
    }

    /// Cuts the power of the file system of `directory` so many milliseconds after the first line was told.
    public void cutPowerAfter(int millis, Path directory) {
        Thread.ofPlatform().start(() -> {
            try {
                told.await();
                Thread.sleep(millis);
                gate.writeLock().lock(); // for ever
                LoopDisk.cutPower(directory);
                out.write((POWER_CUT + "\n").getBytes(StandardCharsets.US_ASCII));
            } catch (IOException | InterruptedException e) {
                e.printStackTrace();
                Runtime.getRuntime().halt(4); // whoever waits for the cut sees the process end
            }
        });
    }
}
