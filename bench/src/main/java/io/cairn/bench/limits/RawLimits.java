package io.cairn.bench.limits;

import io.cairn.bench.http.HttpConnection;
import io.cairn.bench.score.Limit;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Measures disk, loopback and digests without any store.
///
/// @param directory on the disk to measure; files are removed
/// @param rounds of each, after one of warm-up
public record RawLimits(Path directory, int rounds, Duration time) {
    private static final int BLOCK = 4096;
    private static final int FILE_BYTES = 64 << 20;

    /// One thing to do over and over; returns what is counted.
    @FunctionalInterface
    private interface Step { double run() throws Exception; }

    /// Opens a [Step] for each thread; both are closed by the caller.
    @FunctionalInterface
    private interface Opener { Step open(int number, List<AutoCloseable> opened) throws Exception; }

    /// `fdatasync` of 4 KiB by one thread and by eight, MD5 on one core, and sendfile over loopback.
    public List<Limit> all() throws Exception {
        var all = new ArrayList<>(disk());
        all.addAll(List.of(
                measure("MD5, one core", "MB/s", "64 KiB at a time, in memory", 1, RawLimits::digests),
                measure("sendfile over loopback", "MB/s", "64 MiB of a cached file to a socket that is read and dropped", 1,
                        this::sends)));
        return all;
    }

    /// `fdatasync` of 4 KiB by one thread and by eight.
    public List<Limit> disk() throws Exception {
        return List.of(
                measure("fdatasync, 1 writer", "/s", "4 KiB written and forced, over and over, into a preallocated file", 1,
                        this::syncs),
                measure("fdatasync, 8 writers", "/s", "the same by eight threads, a file each", 8, this::syncs));
    }

    /// Answers to `GET path` a second over eight connections: an empty turn through a server's front door.
    public Limit answers(String name, int port, String path) throws Exception {
        var request = ("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
        return measure(name, "/s", "GET " + path + ", 8 connections, status 200", 8, (number, opened) -> {
            var connection = new HttpConnection(port);
            opened.add(connection);
            return () -> {
                connection.exchange(request, null, HttpConnection.Sink.DISCARD);
                return 1;
            };
        });
    }

    private Limit measure(String name, String unit, String method, int threads, Opener opener) throws Exception {
        var values = new ArrayList<Double>();
        for (int round = 0; round <= rounds; round++) {
            double value = round(threads, opener);
            if (round > 0)
                values.add(value);
        }
        return new Limit(name, unit, method, values);
    }

    private double round(int threads, Opener opener) throws Exception {
        var opened = new ArrayList<AutoCloseable>();
        try (var pool = Executors.newFixedThreadPool(threads)) {
            var steps = new ArrayList<Callable<Double>>();
            for (int i = 0; i < threads; i++) {
                var step = opener.open(i, opened);
                steps.add(() -> {
                    double sum = 0;
                    for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end;)
                        sum += step.run();
                    return sum;
                });
            }
            long began = System.nanoTime();
            double sum = 0;
            for (Future<Double> done : pool.invokeAll(steps))
                sum += done.get();
            return sum / ((System.nanoTime() - began) / 1e9);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        } finally {
            for (var each : opened.reversed())
                each.close();
        }
    }

    private Step syncs(int number, List<AutoCloseable> opened) throws IOException {
        var file = file("sync-" + number, opened);
        var block = ByteBuffer.allocateDirect(BLOCK);
        var position = new long[1];
        return () -> {
            file.write(block.clear(), position[0]);
            file.force(false);
            position[0] = (position[0] + BLOCK) % FILE_BYTES;
            return 1;
        };
    }

    private FileChannel file(String name, List<AutoCloseable> opened) throws IOException {
        var path = directory.resolve(name);
        opened.add(() -> Files.deleteIfExists(path));
        var file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        opened.add(file);
        file.write(ByteBuffer.allocate(FILE_BYTES));
        file.force(true);
        return file;
    }

    private static Step digests(int number, List<AutoCloseable> opened) throws NoSuchAlgorithmException {
        var md5 = MessageDigest.getInstance("MD5");
        var block = new byte[64 << 10];
        return () -> {
            md5.update(block);
            return block.length / 1e6;
        };
    }

    private Step sends(int number, List<AutoCloseable> opened) throws IOException {
        var file = file("send", opened);
        try (var listener = ServerSocketChannel.open().bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            var out = SocketChannel.open(listener.getLocalAddress());
            var in = listener.accept();
            var reader = Thread.ofPlatform().daemon().start(() -> drop(in));
            opened.add(reader::join); // ends when `out` was closed
            opened.add(out);
            return () -> {
                for (long sent = 0; sent < FILE_BYTES;)
                    sent += file.transferTo(sent, FILE_BYTES - sent, out);
                return FILE_BYTES / 1e6;
            };
        }
    }

    private static void drop(SocketChannel in) {
        var buffer = ByteBuffer.allocateDirect(256 << 10);
        try (in) {
            int count = 0;
            while (count >= 0)
                count = in.read(buffer.clear());
        } catch (IOException e) {
            return; // the sender went away in the midst: it counts what it sent, not this
        }
    }
}
