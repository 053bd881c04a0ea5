package io.cairn.server.cli;

import io.cairn.server.config.Setting;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What every command that talks to a server takes, and how it finds server and keys.
final class ClientOptions {
    static final URI DEFAULT_ENDPOINT = URI.create("http://127.0.0.1:4566");

    @Mixin
    final ConfigOptions config = new ConfigOptions();

    @Option(names = "--endpoint", paramLabel = "URL", description = "server to ask (default: AWS_ENDPOINT_URL, then endpoints.json in the data directory)")
    @Nullable
    String endpoint;

    @Option(names = {"-o",
            "--output"}, paramLabel = "table|json", description = "form of the answer (default: table on a terminal, else json)")
    @Nullable
    String output;

    S3Client connect(Invocation invocation) {
        var server = server(invocation);
        return new S3Client(server.endpoint, server.keys, server.region, server.trust);
    }

    DynamoDb connectToItems(Invocation invocation) {
        var server = server(invocation);
        return new DynamoDb(server.endpoint, server.keys, server.region, server.trust);
    }

    Ec2 connectToVolumes(Invocation invocation) {
        var server = server(invocation);
        return new Ec2(server.endpoint, server.keys, server.region, server.trust);
    }

    /// Where the same server takes NBD: as its data directory tells if that is the server's, else by `CAIRN_NBD`, else at the usual port beside
    /// the endpoint.
    NbdAddress nbd(Invocation invocation) {
        var environment = invocation.environment();
        var data = DataDirectory.of(config.settings(invocation));
        var server = endpoint(environment, data);
        var known = data.endpoints();
        var told = known.get("nbd");
        var aws = known.get("aws");
        if (told != null && aws != null && server.getAuthority().equals(aws.getAuthority()))
            return nbd(told, data);
        return first(environment, "CAIRN_NBD").map(text -> nbd(text, data))
                .orElseGet(() -> new NbdAddress(new InetSocketAddress(server.getHost(), NbdDisk.PORT), null));
    }

    /// @param text `HOST`, `HOST:PORT`, `nbd://HOST:PORT` or `nbds://HOST:PORT`
    private static NbdAddress nbd(String text, DataDirectory data) {
        try {
            var uri = URI.create(text.startsWith("nbd://") || text.startsWith("nbds://") ? text : "nbd://" + text);
            if (uri.getHost() != null && uri.getRawPath().isEmpty())
                return nbd(uri, data);
        } catch (IllegalArgumentException e) {
            throw noNbd(text).because(e);
        }
        throw noNbd(text);
    }

    /// Over TLS with the keys of the server's data directory.
    private static NbdAddress nbd(URI uri, DataDirectory data) {
        var address = new InetSocketAddress(uri.getHost(), uri.getPort() < 0 ? NbdDisk.PORT : uri.getPort());
        if (!uri.getScheme().equals("nbds"))
            return new NbdAddress(address, null);
        try {
            return new NbdAddress(address, data.authority().clientContext());
        } catch (IOException e) {
            throw new CommandException(
                    "NBD at " + uri + " is over TLS, and " + data.path() + " has no keys for it: " + e.getMessage())
                    .because(e);
        }
    }

    private static CommandException noNbd(String text) {
        return new CommandException("CAIRN_NBD cannot be `" + text + "`; it looks like 127.0.0.1:" + NbdDisk.PORT,
                ExitCode.USAGE);
    }

    /// Which server, and who asks it.
    private record Server(URI endpoint, Credentials keys, String region, SSLContext trust) {}

    private Server server(Invocation invocation) {
        var environment = invocation.environment();
        var settings = config.settings(invocation);
        var region = first(environment, "AWS_REGION", "AWS_DEFAULT_REGION").orElse(settings.text(Setting.REGION));
        var data = DataDirectory.of(settings);
        var server = endpoint(environment, data);
        var keys = pair(environment, "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY").or(() -> rootCredentials(environment, data));
        if (keys.isEmpty())
            throw noKeys(server, data);
        return new Server(server, keys.get(), region, TrustedAuthority.context(environment, data));
    }

    URI endpoint(Map<String, String> environment, DataDirectory data) {
        var text = endpoint != null ? Optional.of(endpoint) : first(environment, "AWS_ENDPOINT_URL");
        if (text.isEmpty())
            return data.endpoint();
        try {
            var uri = URI.create(text.get());
            if (uri.getHost() != null && ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())))
                return URI.create(uri.getScheme() + "://" + uri.getRawAuthority());
        } catch (IllegalArgumentException e) {
            throw noEndpoint(text.get()).because(e);
        }
        throw noEndpoint(text.get());
    }

    private static CommandException noEndpoint(String text) {
        return new CommandException("`" + text + "` is no endpoint; one looks like " + DEFAULT_ENDPOINT, ExitCode.USAGE);
    }

    /// Where no server has ever been started, the keys are not what is missing.
    private static CommandException noKeys(URI server, DataDirectory data) {
        return server.equals(DEFAULT_ENDPOINT)
                ? new CommandException("no server at " + server + "; start one with: bin/cairn server")
                : new CommandException("no keys: there is no " + data.path().resolve("root-key")
                        + "; name the server's data directory with --data, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
    }

    /// The root's: from the environment, as the server takes them from there too, else from the data directory.
    static Optional<Credentials> rootCredentials(Map<String, String> environment, DataDirectory data) {
        return pair(environment, "CAIRN_ROOT_ACCESS_KEY", "CAIRN_ROOT_SECRET_KEY").or(data::rootKey);
    }

    private static Optional<Credentials> pair(Map<String, String> environment, String access, String secret) {
        var accessKey = environment.getOrDefault(access, "");
        var secretKey = environment.getOrDefault(secret, "");
        if (accessKey.isEmpty() || secretKey.isEmpty())
            return Optional.empty();
        var token = access.startsWith("AWS_") ? environment.getOrDefault("AWS_SESSION_TOKEN", "") : "";
        return Optional.of(new Credentials(accessKey, secretKey, token));
    }

    private static Optional<String> first(Map<String, String> environment, String... names) {
        for (var name : names)
            if (!environment.getOrDefault(name, "").isEmpty())
                return Optional.of(environment.getOrDefault(name, ""));
        return Optional.empty();
    }

    boolean json(Invocation invocation) {
        return json(invocation, output);
    }

    static boolean json(Invocation invocation, @Nullable String output) {
        if (output == null)
            return !invocation.outTerminal();
        return switch (output) {
            case "json" -> true;
            case "table" -> false;
            default ->
                throw new CommandException("--output cannot be `" + output + "`; it must be table or json", ExitCode.USAGE);
        };
    }
}
