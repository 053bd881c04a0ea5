package io.cairn.server.cli;

import io.cairn.server.config.Setting;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `eval "$(bin/cairn env)"`: shell lines that point clients at the server of a data directory.
///
/// The keys are the root's and never AWS_*: those may stem from an earlier call for another server.
@Command(name = "env", mixinStandardHelpOptions = true, description = "Prints shell lines that point clients at the server: eval \"$(bin/cairn env)\"")
final class EnvCommand implements Callable<Integer> {
    private final Invocation invocation;
    @Mixin
    private final ConfigOptions config = new ConfigOptions();

    EnvCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        var settings = config.settings(invocation);
        var data = DataDirectory.of(settings);
        var keys = ClientOptions.rootCredentials(invocation.environment(), data).orElseThrow(
                () -> new CommandException(
                        "there is no " + data.path().resolve("root-key") + " yet; start a server with: bin/cairn server"));
        var aws = data.endpoint();
        var endpoints = data.endpoints();
        export("AWS_ENDPOINT_URL", aws.toString());
        export("AWS_ACCESS_KEY_ID", keys.accessKey());
        export("AWS_SECRET_ACCESS_KEY", keys.secretKey());
        export("AWS_REGION", settings.text(Setting.REGION));
        export("AWS_DEFAULT_REGION", settings.text(Setting.REGION));
        if ("https".equals(aws.getScheme()))
            export("AWS_CA_BUNDLE", data.authorityFile().toString());
        invocation.out().println("unset AWS_SESSION_TOKEN");
        var sql = endpoints.get("sql");
        if (sql != null)
            Map.of("PGHOST", sql.getHost(), "PGPORT", Integer.toString(sql.getPort()), "PGUSER", "cairn", "PGPASSWORD",
                    keys.secretKey())
                    .forEach(this::export);
        // AWS CLI before 2.13 does not read AWS_ENDPOINT_URL.
        invocation.out().println("aws() { command aws --endpoint-url \"$AWS_ENDPOINT_URL\" \"$@\"; }");
        return 0;
    }

    private void export(String name, String value) {
        invocation.out().println("export " + name + "='" + value.replace("'", "'\\''") + "'");
    }
}
