package io.cairn.bench.volumes;

import io.cairn.bench.match.WrongAnswerException;
import io.cairn.bench.process.ChildProcess;
import io.cairn.bench.process.FreePorts;
import io.cairn.bench.score.Entrant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Another NBD server, as it is installed, over a file on the disk to measure. One thread.
final class NbdPeer implements VolumeServer {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final String SNAPSHOT = "bench";

    enum Kind {
        NBDKIT("nbdkit", "nbdkit", "raw", "a flush is fdatasync of the file"), //
        QEMU_RAW("qemu-nbd-raw", "qemu-nbd", "raw", "a flush is fdatasync of the file"), //
        QEMU_QCOW2("qemu-nbd-qcow2", "qemu-nbd", "qcow2", "a flush writes qcow2's tables back and is fdatasync of the file");

        private final String peer;
        private final String program;
        private final String format;
        private final String durability;

        Kind(String peer, String program, String format, String durability) {
            this.peer = peer;
            this.program = program;
            this.format = format;
            this.durability = durability;
        }

        /// As `--peers` has it.
        String peer() {
            return peer;
        }

        private List<String> command(int port, Path file) {
            if (this == NBDKIT)
                return List.of(program, "--foreground", "--ipaddr=127.0.0.1", "--port=" + port, "file", file.toString());
            return List.of(program, "--format=" + format, "--cache=writeback", "--aio=threads", "--persistent", "--shared=8",
                    "--bind=127.0.0.1", "--port=" + port, "--export-name=" + EXPORT, file.toString());
        }
    }

    private final Kind kind;
    private final String version;
    private final Path directory;
    private final Path file;
    private final int port;
    private ChildProcess process;
    private long endedCpuNanos;
    private boolean hasSnapshot;

    private NbdPeer(Kind kind, String version, Path directory, Path file) throws IOException, InterruptedException {
        this.kind = kind;
        this.version = version;
        this.directory = directory;
        this.file = file;
        port = FreePorts.inARow(1);
        process = launch();
    }

    /// An [IOException] when it is not installed.
    ///
    /// @param bytes of the volume
    static NbdPeer start(Kind kind, Path directory, long bytes) throws IOException, InterruptedException {
        var version = ChildProcess.output(List.of(kind.program, "--version"), LIMIT).lines().findFirst().orElse("unknown");
        Files.createDirectories(directory);
        var file = directory.resolve("disk." + kind.format);
        if (kind == Kind.QEMU_QCOW2)
            qemuImg("create", "-q", "-f", "qcow2", file.toString(), Long.toString(bytes));
        else
            try (var made = new java.io.RandomAccessFile(file.toFile(), "rw")) {
                made.setLength(bytes);
            }
        return new NbdPeer(kind, version, directory, file);
    }

    private static void qemuImg(String... words) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("qemu-img"));
        command.addAll(List.of(words));
        ChildProcess.output(command, LIMIT);
    }

    private ChildProcess launch() throws IOException, InterruptedException {
        var started = ChildProcess.start(kind.peer, kind.command(port, file), Map.of(), directory.resolve("server.log"));
        try {
            started.awaitReady(this::answers, LIMIT);
        } catch (IOException | InterruptedException e) {
            started.close();
            throw e;
        }
        return started;
    }

    private boolean answers() throws IOException {
        try (var connection = new NbdConnection(port, EXPORT)) {
            connection.disconnect();
            return true;
        } catch (WrongAnswerException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public Entrant entrant() {
        return new Entrant(kind.peer, version, kind.durability, String.join(" ", kind.command(port, file.getFileName())));
    }

    @Override
    public int port() {
        return port;
    }

    @Override
    public Optional<String> lacksSnapshots() {
        return kind == Kind.QEMU_QCOW2 ? Optional.empty() : Optional.of("a raw file has no snapshots");
    }

    @Override
    public void snapshot() throws IOException, InterruptedException {
        withoutServer("-c");
        hasSnapshot = true;
    }

    @Override
    public void dropSnapshots() throws IOException, InterruptedException {
        if (hasSnapshot)
            withoutServer("-d");
        hasSnapshot = false;
    }

    /// The server has its file locked: it is ended, and started again afterwards.
    private void withoutServer(String option) throws IOException, InterruptedException {
        endedCpuNanos += process.cpuNanos();
        process.close();
        qemuImg("snapshot", option, SNAPSHOT, file.toString());
        process = launch();
    }

    @Override
    public long allocatedBytes() {
        return ChildProcess.allocatedBytes(file);
    }

    @Override
    public long cpuNanos() {
        return endedCpuNanos + process.cpuNanos();
    }

    @Override
    public void close() {
        process.close();
    }
}
