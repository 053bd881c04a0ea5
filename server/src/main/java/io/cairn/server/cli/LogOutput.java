package io.cairn.server.cli;

import io.cairn.server.config.Setting;
import io.cairn.server.config.Settings;

/// Hands the log's settings to `logback.xml`, which reads them as system properties. Must run before the first logger is made:
/// loggers look once.
final class LogOutput {
    private LogOutput() {}

    static void configure(Settings settings) {
        System.setProperty("cairn.log.level", settings.text(Setting.LOG));
        var file = settings.text(Setting.LOG_FILE);
        System.setProperty("cairn.log.file", file);
        System.setProperty("cairn.log.appender", settings.text(Setting.LOG_FORMAT) + (file.isEmpty() ? "-stderr" : "-file"));
    }
}
