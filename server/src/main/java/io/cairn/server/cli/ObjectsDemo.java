package io.cairn.server.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The demo: its part about objects, and when that about items comes ([ItemsDemo]).
final class ObjectsDemo implements AutoCloseable {
    private static final String BUCKET = "demo";
    private static final long MAX_BYTES = 128L << 20;
    private static final int RACERS = 16;
    private static final int WRITERS = 8;
    private static final int WRITE_MILLIS = 1500;

    private final Invocation invocation;
    private final Path directory;
    private final Path source;
    private final ItemsDemo items = new ItemsDemo(this::say);
    private final VolumesDemo volumes = new VolumesDemo(this::say);
    private volatile @Nullable DemoServer server;
    private boolean closed;
    private int step;

    ObjectsDemo(Invocation invocation, Path directory, Path source) {
        this.invocation = invocation;
        this.directory = directory;
        this.source = source;
    }

    void run() throws IOException, InterruptedException {
        var files = files();
        if (files.isEmpty())
            throw new CommandException("no files in " + source + "; name a directory with some: bin/cairn demo --files DIR");
        invocation.out().println("Cairn " + Version.text()
                + ": objects over S3, tables over DynamoDB, volumes over NBD, in a server and a directory of their own\n");
        var first = start("start");
        try (var s3 = first.connect()) {
            upload(s3, files);
            list(s3, files);
            download(s3, files);
            race(s3);
            versions(s3);
            copy(s3, files);
            try (var tables = first.connectToItems()) {
                items.run(tables);
            }
            try (var ec2 = first.connectToVolumes()) {
                volumes.run(ec2, first.nbd());
            }
            killWhileWriting(first, s3);
        }
        var second = start("start again");
        try (var s3 = second.connect()) {
            compare(s3, files);
        }
        try (var tables = second.connectToItems()) {
            items.compare(tables);
        }
        try (var ec2 = second.connectToVolumes()) {
            volumes.compare(ec2, second.nbd());
        }
        close();
    }

    private DemoServer start(String name) throws IOException, InterruptedException {
        DemoServer started;
        synchronized (this) {
            if (closed)
                throw new CommandException("the demo was interrupted");
            started = DemoServer.begin(directory);
            server = started;
        }
        long millis = started.awaitReady();
        say(name, "a server answers on %s after %d ms".formatted(started.endpoint(), millis));
        return started;
    }

    private void say(String name, String result) {
        invocation.out().println("%2d  %-12s %s".formatted(++step, name, result));
        invocation.out().flush();
    }

    private static CommandException wrong(String what) {
        return new CommandException("the demo failed: " + what + "; this is a defect in Cairn");
    }

    private static double seconds(long begunNanos) {
        return (System.nanoTime() - begunNanos) / 1e9;
    }

    /// By their paths, in order, as many as fit.
    private SortedMap<String, Path> files() throws IOException {
        var files = new TreeMap<String, Path>();
        long bytes = 0;
        try (var paths = Files.walk(source)) {
            for (var path : paths.filter(Files::isRegularFile).sorted().toList()) {
                bytes += Files.size(path);
                if (bytes > MAX_BYTES && !files.isEmpty())
                    break;
                files.put(source.relativize(path).toString().replace('\\', '/'), path);
            }
        }
        return files;
    }

    private void upload(S3Client s3, Map<String, Path> files) throws IOException {
        s3.createBucket(BUCKET);
        long begun = System.nanoTime();
        long total = 0;
        for (var file : files.values())
            total += Files.size(file);
        try (var progress = new Progress(invocation, "upload", total)) {
            for (var file : files.entrySet())
                new ObjectUpload(s3, new ObjectAddress(BUCKET, "files/" + file.getKey()), "application/octet-stream", progress)
                        .file(file.getValue());
        }
        say("upload", "%d files of %s, %s in %.1f s; each was on disk before it was acknowledged".formatted(files.size(), source,
                Progress.size(total), seconds(begun)));
    }

    private void list(S3Client s3, Map<String, Path> files) {
        long begun = System.nanoTime();
        int keys = 0;
        var token = "";
        do {
            var page = s3.list(BUCKET, "files/", "", token);
            keys += page.group("Contents").size();
            token = page.field("NextContinuationToken");
        } while (!token.isEmpty());
        if (keys != files.size())
            throw wrong("%d keys are listed of %d".formatted(keys, files.size()));
        say("list", "%d keys in %.0f ms".formatted(keys, seconds(begun) * 1000));
    }

    private void download(S3Client s3, Map<String, Path> files) throws IOException {
        long begun = System.nanoTime();
        try (var progress = new Progress(invocation, "download", -1)) {
            for (var file : files.entrySet())
                requireSame(s3, "files/" + file.getKey(), file.getValue(), progress);
        }
        say("download", "all %d are equal to their files by SHA-256, in %.1f s".formatted(files.size(), seconds(begun)));
    }

    private void requireSame(S3Client s3, String key, Path file, Progress progress) throws IOException {
        var digest = RequestSigner.digest("SHA-256");
        new ObjectDownload(new ObjectAddress(BUCKET, key), s3.get(BUCKET, key)).to(new OutputStream() {
            @Override
            public void write(int b) {
                digest.update((byte) b);
            }

            @Override
            public void write(byte[] bytes, int offset, int count) {
                digest.update(bytes, offset, count);
            }
        }, progress);
        if (!HexFormat.of().formatHex(digest.digest()).equals(new Payload.FileRange(file, 0, Files.size(file)).sha256()))
            throw wrong(key + " is not what was stored");
    }

    private void race(S3Client s3) throws InterruptedException {
        var start = new CyclicBarrier(RACERS);
        int won = 0;
        try (var racers = Executors.newFixedThreadPool(RACERS)) {
            var attempts = new ArrayList<Future<Boolean>>();
            for (int i = 0; i < RACERS; i++) {
                var content = ("racer " + i).getBytes(UTF_8);
                Callable<Boolean> attempt = () -> {
                    start.await();
                    return s3.putIfAbsent(BUCKET, "leader", content);
                };
                attempts.add(racers.submit(attempt));
            }
            for (var attempt : attempts)
                won += attempt.get() ? 1 : 0;
        } catch (ExecutionException e) {
            throw wrong("a racer failed: " + e.getCause());
        }
        if (won != 1)
            throw wrong(won + " of " + RACERS + " clients created one key");
        say("one winner", "%d clients create one key at once (If-None-Match: *): 1 did, %d were refused".formatted(RACERS,
                RACERS - 1));
    }

    private void versions(S3Client s3) throws IOException {
        s3.enableVersioning(BUCKET);
        var texts = List.of("first", "second", "third");
        for (var text : texts)
            s3.put(BUCKET, "letter", "text/plain", new Payload.Bytes(text.getBytes(UTF_8), text.length()), n -> {
            });
        s3.delete(BUCKET, "letter");
        var listed = s3.versions(BUCKET, "letter");
        var there = new ArrayList<String>();
        for (var version : listed.group("Version"))
            try (var body = s3.get(BUCKET, "letter", version.getOrDefault("VersionId", "")).body()) {
                there.add(new String(body.readAllBytes(), UTF_8));
            }
        s3.deleteVersion(BUCKET, "letter", listed.group("DeleteMarker").getFirst().getOrDefault("VersionId", ""));
        var newest = new String(s3.range(BUCKET, "letter", 0, 4), UTF_8);
        if (!there.equals(texts.reversed()) || !newest.equals("third"))
            throw wrong("versions that came back: " + there + ", newest " + newest);
        say("versions",
                "written three times, deleted, all three read back; the delete marker taken away: \"" + newest + "\" again");
    }

    private void copy(S3Client s3, SortedMap<String, Path> files) throws IOException {
        var largest = files.sequencedEntrySet().getFirst();
        for (var file : files.entrySet())
            if (Files.size(file.getValue()) > Files.size(largest.getValue()))
                largest = file;
        long before = diskBytes();
        long begun = System.nanoTime();
        s3.copy(BUCKET, "files/" + largest.getKey(), "copy");
        double millis = seconds(begun) * 1000;
        long grown = Math.max(0, diskBytes() - before);
        long size = Files.size(largest.getValue());
        if (size > 1 << 20 && grown > size / 2)
            throw wrong("a copy of %d bytes took %d more".formatted(size, grown));
        try (var progress = new Progress(invocation, "compare", size)) {
            requireSame(s3, "copy", largest.getValue(), progress);
        }
        say("copy", "%s copied in %.1f ms; the disk holds %s more: a copy names the same bytes".formatted(
                Progress.size(size), millis, Progress.size(grown)));
    }

    private long diskBytes() throws IOException {
        try (var paths = Files.walk(directory.resolve("data").resolve("objects"))) {
            return paths.filter(Files::isRegularFile).mapToLong(path -> {
                try {
                    return Files.size(path);
                } catch (IOException e) {
                    return 0; // gone since it was listed
                }
            }).sum();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// Keys that were acknowledged, with their contents.
    private final Map<String, String> acknowledged = new ConcurrentSkipListMap<>();

    private void killWhileWriting(DemoServer running, S3Client s3) throws InterruptedException {
        var stop = new AtomicBoolean();
        try (var writers = Executors.newFixedThreadPool(WRITERS)) {
            for (int writer = 0; writer < WRITERS; writer++) {
                int number = writer;
                var _ = writers.submit(() -> write(s3, number, stop));
            }
            Thread.sleep(WRITE_MILLIS);
            running.kill();
            stop.set(true);
        }
        if (acknowledged.isEmpty())
            throw wrong("no PUT was acknowledged in " + WRITE_MILLIS + " ms");
        say("kill -9", "while %d clients write: %d PUTs had been acknowledged".formatted(WRITERS, acknowledged.size()));
    }

    private void write(S3Client s3, int writer, AtomicBoolean stop) {
        try {
            for (int i = 0; !stop.get(); i++) {
                var key = String.format(Locale.ROOT, "live/%d/%05d", writer, i);
                var content = "content of " + key;
                s3.put(BUCKET, key, "text/plain", new Payload.Bytes(content.getBytes(UTF_8), content.length()), n -> {
                });
                acknowledged.put(key, content);
            }
        } catch (CommandException | S3Exception e) {
            // the server was killed: this one was not acknowledged
        }
    }

    private void compare(S3Client s3, Map<String, Path> files) throws IOException {
        for (var entry : acknowledged.entrySet())
            try (var body = s3.get(BUCKET, entry.getKey()).body()) {
                if (!entry.getValue().equals(new String(body.readAllBytes(), UTF_8)))
                    throw wrong(entry.getKey() + " was acknowledged and is not what was written");
            }
        for (var file : files.entrySet())
            try (var progress = new Progress(invocation, "compare", -1)) {
                requireSame(s3, "files/" + file.getKey(), file.getValue(), progress);
            }
        say("compare", "all %d are there, and all %d files are still equal".formatted(acknowledged.size(), files.size()));
    }

    @Override
    public synchronized void close() {
        closed = true;
        var running = server;
        if (running != null)
            running.close();
    }
}
