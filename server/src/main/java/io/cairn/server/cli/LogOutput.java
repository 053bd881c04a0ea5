package io.cairn.server.cli;

import io.cairn.server.config.Setting;
import io.cairn.server.config.Settings;
import java.util.Map;

/// Hands the log's settings to `logback.xml`, which reads them as system properties. Must run before the first logger is made:
/// loggers look once.
final class LogOutput {
    private LogOutput() {}

    /// For commands that read no settings, or fail over them: defects and what `CAIRN_LOG` adds, on stderr.
    static void configure(Map<String, String> environment) {
        System.setProperty("cairn.log.level", environment.getOrDefault(Setting.LOG.variable(), "warn"));
    }

    static void configure(Settings settings) {
        System.setProperty("cairn.log.level", settings.text(Setting.LOG));
        var file = settings.text(Setting.LOG_FILE);
        System.setProperty("cairn.log.file", file);
        System.setProperty("cairn.log.appender", settings.text(Setting.LOG_FORMAT) + (file.isEmpty() ? "-stderr" : "-file"));
    }
}
