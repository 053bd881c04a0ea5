package io.cairn.server.cli;

import io.cairn.server.config.Setting;
import io.cairn.server.config.Settings;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options that every command has because they say which server, or which data, is meant.
final class ConfigOptions {
    @Option(names = "--config", paramLabel = "FILE", description = "configuration file (default: cairn.toml beside bin/, if any)")
    @Nullable
    Path file;

    @Option(names = "--data", paramLabel = "DIR", description = "data directory (default: cairn-data beside bin/)")
    @Nullable
    String data;

    Settings settings(Invocation invocation) {
        return settings(invocation, Map.of());
    }

    Settings settings(Invocation invocation, Map<Setting, String> more) {
        var options = new EnumMap<Setting, String>(Setting.class);
        options.putAll(more);
        if (data != null)
            options.put(Setting.DATA, data);
        return Settings.read(invocation.home(), file, invocation.environment(), options);
    }
}
