package io.cairn.server.cli;

import io.cairn.block.BlockStore;
import io.cairn.block.BlockStoreOptions;
import io.cairn.block.Volume;
import io.cairn.kv.KvStore;
import io.cairn.kv.KvStoreOptions;
import io.cairn.object.ObjectStore;
import io.cairn.object.ObjectStoreOptions;
import io.cairn.replication.ArchiveStatus;
import io.cairn.server.FaceFactory;
import io.cairn.server.FaceFactory.Context;
import io.cairn.server.FaceFactory.OpenFace;
import io.cairn.server.Server;
import io.cairn.server.ServerOptions;
import io.cairn.server.ServerStartException;
import io.cairn.server.config.Setting;
import io.cairn.server.config.Settings;
import io.cairn.server.disk.FreeSpace;
import io.cairn.server.dynamodb.DynamoDbFace;
import io.cairn.server.dynamodb.DynamoDbSettings;
import io.cairn.server.ec2.Ec2Face;
import io.cairn.server.ec2.Ec2Settings;
import io.cairn.server.http.Face;
import io.cairn.server.http.Limits;
import io.cairn.server.keys.VolumeKeys;
import io.cairn.server.metrics.ArchiveMetrics;
import io.cairn.server.metrics.Registry;
import io.cairn.server.nbd.NbdDoor;
import io.cairn.server.nbd.StoreExports;
import io.cairn.server.s3.FormVerifier;
import io.cairn.server.s3.S3Face;
import io.cairn.server.s3.S3Settings;
import io.cairn.server.sigv4.SigV4;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import picocli.CommandLine.ExitCode;

/// Binds the command line to the server: opens each engine and gives it to its face.
final class Assembly implements ServerProcess.Starter {
    @Override
    public ServerProcess start(Settings settings) throws IOException {
        requireApart(settings);
        var options = new ServerOptions(settings.data(), settings.text(Setting.HOST), settings.portOffset(),
                Set.copyOf(settings.words(Setting.ONLY)), settings.path(Setting.USERS).orElse(null),
                settings.flag(Setting.INSECURE_LISTEN), Limits.DEFAULT, System.getenv());
        try {
            return new Running(Server.start(options, faces(settings), InstantSource.system()));
        } catch (ServerStartException e) {
            throw new CommandException(String.valueOf(e.getMessage()), ExitCode.USAGE).because(e);
        }
    }

    /// All that are built.
    static List<FaceFactory> faces(Settings settings) {
        return List.of(new S3(settings), new DynamoDb(settings), new Ebs(settings));
    }

    private record S3(Settings settings) implements FaceFactory {
        @Override
        public String service() {
            return "s3";
        }

        @Override
        public OpenFace open(Context context) throws IOException {
            var directory = StoredEngine.OBJECTS.in(context.data());
            var options = StoredEngine.OBJECTS.archive(settings).map(ObjectStoreOptions.DEFAULT::withArchive)
                    .orElse(ObjectStoreOptions.DEFAULT);
            var store = ObjectStore.open(directory, options);
            addGauges(context.metrics(), store);
            var face = new S3Face(store, new S3Settings(settings.text(Setting.REGION), settings.text(Setting.ACCOUNT),
                    settings.words(Setting.S3_DOMAIN)), FreeSpace.on(directory, settings.bytes(Setting.MIN_FREE)),
                    new FormVerifier(new SigV4(context.credentials(), context.clock()), context.clock()));
            return kept(this, settings, context, face, Scrubbing.Scrubbed.of(store), store.failed(), store::archiveStatus);
        }
    }

    private record DynamoDb(Settings settings) implements FaceFactory {
        @Override
        public String service() {
            return "dynamodb";
        }

        @Override
        public OpenFace open(Context context) {
            var options = StoredEngine.ITEMS.archive(settings).map(KvStoreOptions.DEFAULT::withArchive)
                    .orElse(KvStoreOptions.DEFAULT);
            var store = KvStore.open(StoredEngine.ITEMS.in(context.data()), options);
            context.metrics().gauge("cairn_kv_tables", "Tables", () -> store.tableNames().size());
            var face = new DynamoDbFace(store,
                    new DynamoDbSettings(settings.text(Setting.REGION), settings.text(Setting.ACCOUNT)), context.clock());
            return kept(this, settings, context, face, Scrubbing.Scrubbed.of(store), store.failed(), store::archiveStatus);
        }
    }

    private record Ebs(Settings settings) implements FaceFactory {
        @Override
        public String service() {
            return "ebs";
        }

        @Override
        public OpenFace open(Context context) throws IOException {
            var options = StoredEngine.VOLUMES.archive(settings)
                    .map(archive -> BlockStoreOptions.DEFAULT.withLog(BlockStoreOptions.DEFAULT.log().withArchive(archive)))
                    .orElse(BlockStoreOptions.DEFAULT).withKeys(VolumeKeys.of(context.data(), System.getenv()));
            if (settings.flag(Setting.VOLUME_LIMITS))
                options = options.withLimits(Ec2Face::publishedLimits);
            var store = BlockStore.open(StoredEngine.VOLUMES.in(context.data()), options);
            context.metrics().gauge("cairn_volumes", "Volumes", () -> store.volumes().size());
            context.metrics().gauge("cairn_snapshots", "Snapshots", () -> store.snapshots().size());
            addGauges(context.metrics(), store);
            addArchive(context.metrics(), service(), store::archiveStatus);
            context.metrics().gauge("cairn_volumes_provisioned_bytes", "Sizes of all volumes",
                    () -> store.volumes().stream().mapToLong(Volume::sizeBytes).sum());
            var exports = new StoreExports(store,
                    FreeSpace.on(StoredEngine.VOLUMES.in(context.data()), settings.bytes(Setting.MIN_FREE)));
            var nbd = new Port("nbd", "NBD", NbdDoor.PORT,
                    (address, loops, security) -> {
                        var door = new NbdDoor(address, exports, loops, security);
                        context.metrics().gauge("cairn_nbd_connections", "Clients of NBD", door::connections);
                        context.metrics().gauge("cairn_nbd_payload_bytes", "Memory that payloads of NBD take",
                                door::payloadBytes);
                        return door;
                    });
            return new OpenFace(
                    new Ec2Face(store, new Ec2Settings(settings.text(Setting.REGION), settings.text(Setting.ACCOUNT))),
                    store.failed(), store,
                    () -> store.archiveStatus().flatMap(Assembly::trouble).map(trouble -> "ebs: " + trouble),
                    List.of(nbd));
        }
    }

    /// A face with its engine, which is scrubbed now and then and archived when it is configured so.
    private static OpenFace kept(FaceFactory factory, Settings settings, Context context, Face face, Scrubbing.Scrubbed store,
            CompletableFuture<Throwable> failed, Supplier<Optional<ArchiveStatus>> archive) {
        var metrics = context.metrics();
        addArchive(metrics, factory.service(), archive);
        var scrubbing = new Scrubbing(store, Duration.ofDays(Long.parseLong(settings.text(Setting.SCRUB_DAYS))),
                context.clock()).start();
        scrubbing.register(metrics, factory.service());
        return new OpenFace(face, failed, scrubbing, () -> archive.get().flatMap(Assembly::trouble).or(scrubbing::trouble)
                .map(trouble -> factory.service() + ": " + trouble), List.of());
    }

    private static void addArchive(Registry metrics, String service, Supplier<Optional<ArchiveStatus>> archive) {
        if (archive.get().isPresent())
            ArchiveMetrics.register(metrics, service, () -> archive.get().orElseThrow());
    }

    private static Optional<String> trouble(ArchiveStatus archive) {
        if (archive.failure().isPresent())
            return Optional.of("the archive is %d entries behind and cannot be written: %s".formatted(archive.behindIndex(),
                    archive.failure().get()));
        return archive.gaps() == 0
                ? Optional.empty()
                : Optional.of("the archive has a gap: what was changed before timeline %016x began may not be restorable"
                        .formatted(archive.timeline()));
    }

    /// An archive among the data is lost with it; and one is not to be mixed into the other's files.
    private static void requireApart(Settings settings) throws IOException {
        var archive = settings.path(Setting.ARCHIVE);
        if (archive.isEmpty())
            return;
        var data = real(settings.data());
        var place = real(archive.get());
        if (place.startsWith(data)
                || Arrays.stream(StoredEngine.values()).anyMatch(engine -> data.startsWith(engine.in(place))))
            throw new CommandException(
                    "the archive %s and the data directory %s lie one in the other; name a directory elsewhere, best on another disk, with --archive"
                            .formatted(archive.get(), settings.data()),
                    ExitCode.USAGE);
    }

    /// Without links, as far as it exists.
    private static Path real(Path path) throws IOException {
        var absolute = path.toAbsolutePath().normalize();
        for (var there = absolute; there != null; there = there.getParent())
            if (Files.exists(there))
                return there.toRealPath().resolve(there.relativize(absolute));
        return absolute;
    }

    private static void addGauges(Registry metrics, BlockStore store) {
        var bytes = "Bytes of the files that blocks lie in, alive or dead";
        metrics.gauge("cairn_volumes_file_bytes", bytes, () -> store.cleaning().liveBytes(), "state", "alive");
        metrics.gauge("cairn_volumes_file_bytes", bytes, () -> store.cleaning().fileBytes() - store.cleaning().liveBytes(),
                "state", "dead");
        metrics.gauge("cairn_volumes_logged_bytes", "Bytes written to log files of volumes since the start",
                () -> store.cleaning().loggedBytes());
        metrics.gauge("cairn_volumes_moved_bytes", "Bytes of blocks moved out of half-empty files since the start",
                () -> store.cleaning().copiedBytes());
    }

    private static void addGauges(Registry metrics, ObjectStore store) {
        var bytes = "Bytes of the files that small objects lie in, alive or dead";
        metrics.gauge("cairn_objects_small_bytes", bytes, () -> store.cleaning().liveBytes(), "state", "alive");
        metrics.gauge("cairn_objects_small_bytes", bytes, () -> store.cleaning().fileBytes() - store.cleaning().liveBytes(),
                "state", "dead");
        metrics.gauge("cairn_objects_logged_bytes", "Bytes written to log files since the start",
                () -> store.cleaning().loggedBytes());
        metrics.gauge("cairn_objects_moved_bytes", "Bytes of small objects moved out of half-empty files since the start",
                () -> store.cleaning().copiedBytes());
        metrics.gauge("cairn_objects_damaged_extents", "Damaged extents that moving has met since the start, 100 at most",
                () -> store.cleaning().damaged().size());
    }

    /// @param ended why the server cannot go on; empty once it was stopped
    private record Running(Server server, CompletableFuture<Optional<String>> ended) implements ServerProcess {
        Running(Server server) {
            this(server, new CompletableFuture<>());
            var _ = server.failed().thenAccept(why -> ended.complete(Optional.of(why)));
        }

        @Override
        public List<Endpoint> endpoints() {
            return server.endpoints().stream().map(e -> new Endpoint(e.name(), e.label(), URI.create(e.url()))).toList();
        }

        @Override
        public Path rootKeyFile() {
            return server.rootKeyFile();
        }

        @Override
        public void awaitStop() throws InterruptedException {
            try {
                var why = ended.get();
                if (why.isPresent())
                    throw new CommandException(why.get()
                            + "; the server ends, what was acknowledged is safe: see to the disk and start it again");
            } catch (ExecutionException e) {
                throw new IllegalStateException("it is only ever completed", e);
            }
        }

        @Override
        public void close() {
            server.close();
            ended.complete(Optional.empty());
        }
    }
}
