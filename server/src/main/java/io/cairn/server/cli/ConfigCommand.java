package io.cairn.server.cli;

import static io.cairn.server.cli.Rows.Column.text;

import io.cairn.server.config.Setting;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cairn config show`: every setting as a server started here and now would have it.
@Command(name = "config", mixinStandardHelpOptions = true, description = "Shows the configuration.")
final class ConfigCommand {
    private final Invocation invocation;

    ConfigCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Command(name = "show", mixinStandardHelpOptions = true, description = "Prints every setting.")
    int show(@Mixin ConfigOptions config,
            @Option(names = "--origin", description = "and where each comes from") boolean origin,
            @Option(names = {"-o",
                    "--output"}, paramLabel = "table|json", description = "form of the answer (default: table on a terminal, else json)") @Nullable String output)
            throws IOException {
        var settings = config.settings(invocation);
        var json = ClientOptions.json(invocation, output);
        try (var rows = origin
                ? new Rows(invocation, json, text("setting", 16), text("value", 40), text("origin", 0))
                : new Rows(invocation, json, text("setting", 16), text("value", 0))) {
            for (var setting : Setting.values()) {
                var value = settings.value(setting);
                if (origin)
                    rows.add(setting.key(), value.text(), value.origin().text());
                else
                    rows.add(setting.key(), value.text());
            }
        }
        return 0;
    }
}
