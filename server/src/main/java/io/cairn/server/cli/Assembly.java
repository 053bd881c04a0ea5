package io.cairn.server.cli;

import io.cairn.object.ObjectStore;
import io.cairn.server.FaceFactory;
import io.cairn.server.Server;
import io.cairn.server.ServerOptions;
import io.cairn.server.ServerStartException;
import io.cairn.server.config.Setting;
import io.cairn.server.config.Settings;
import io.cairn.server.http.Limits;
import io.cairn.server.s3.S3Face;
import io.cairn.server.s3.S3Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.ExitCode;

/// Binds the command line to the server: opens each engine and gives it to its face.
final class Assembly implements ServerProcess.Starter {
    @Override
    public ServerProcess start(Settings settings) throws IOException {
        var options = new ServerOptions(settings.data(), settings.text(Setting.HOST), settings.portOffset(),
                Set.copyOf(settings.words(Setting.ONLY)), settings.path(Setting.USERS).orElse(null),
                settings.flag(Setting.INSECURE_LISTEN), Limits.DEFAULT, System.getenv());
        try {
            return new Running(Server.start(options, List.of(new S3(settings)), InstantSource.system()));
        } catch (ServerStartException e) {
            throw new CommandException(String.valueOf(e.getMessage()), ExitCode.USAGE).because(e);
        }
    }

    private record S3(Settings settings) implements FaceFactory {
        @Override
        public String service() {
            return "s3";
        }

        @Override
        public OpenFace open(Context context) throws IOException {
            var store = ObjectStore.open(context.data().resolve("objects"));
            var face = new S3Face(store, new S3Settings(settings.text(Setting.REGION), settings.text(Setting.ACCOUNT),
                    settings.words(Setting.S3_DOMAIN)));
            return new OpenFace(face, () -> true, store);
        }
    }

    /// @param stopped open until the server has stopped
    private record Running(Server server, CountDownLatch stopped) implements ServerProcess {
        Running(Server server) {
            this(server, new CountDownLatch(1));
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
            stopped.await();
        }

        @Override
        public void close() {
            server.close();
            stopped.countDown();
        }
    }
}
