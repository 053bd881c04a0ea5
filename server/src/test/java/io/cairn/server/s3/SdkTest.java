package io.cairn.server.s3;

import io.cairn.object.ObjectStore;
import io.cairn.server.FaceFactory;
import io.cairn.server.Server;
import io.cairn.server.ServerOptions;
import io.cairn.server.disk.FreeSpace;
import io.cairn.server.sigv4.SigV4;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The SDK suite against a whole server over the engine on real files.
class SdkTest extends SdkSuite {
    private static final String ROOT_KEY = "CAIRNROOTKEY12345678";
    private static final String ROOT_SECRET = "rootsecretrootsecretrootsecretrootsecret";
    private @Nullable Server server;

    private static final class ObjectsFace implements FaceFactory {
        @Override
        public String service() {
            return "s3";
        }

        @Override
        public OpenFace open(Context context) throws IOException {
            var store = ObjectStore.open(context.data().resolve("objects"));
            return new OpenFace(new S3Face(store, S3Settings.DEFAULT, FreeSpace.UNWATCHED,
                    new FormVerifier(new SigV4(context.credentials(), context.clock()), context.clock())), store.failed(), store);
        }
    }

    @Override
    Target start() throws Exception {
        var directory = Files.createTempDirectory("sdk");
        var users = Files.writeString(directory.resolve("users"), "AKUSER usersecret " + "a".repeat(64) + " A user\n");
        var options = ServerOptions.at(directory.resolve("data")).withPortOffset(OptionalInt.empty()).withUsersFile(users)
                .withEnvironment(Map.of("CAIRN_ROOT_ACCESS_KEY", ROOT_KEY, "CAIRN_ROOT_SECRET_KEY", ROOT_SECRET));
        var started = Server.start(options, List.of(new ObjectsFace()), InstantSource.system());
        server = started;
        int port = Objects.requireNonNull(started.endpoint("aws")).port();
        return new Target(URI.create("http://127.0.0.1:" + port), URI.create("https://127.0.0.1:" + port),
                started.authorityFile(),
                ROOT_KEY, ROOT_SECRET, "AKUSER", "usersecret");
    }

    @Override
    void stop() {
        if (server != null)
            server.close();
    }
}
