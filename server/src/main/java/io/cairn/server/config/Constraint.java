package io.cairn.server.config;

import java.util.List;

/// What the text of each kind of setting may be.
final class Constraint {
    /// The highest port is 10809 (NBD), and ports end at 65535.
    static final int MAX_PORT_OFFSET = 50_000;
    /// Those that are built.
    static final List<String> FACES = List.of("s3", "dynamodb", "ebs");
    static final List<String> LEVELS = List.of("trace", "debug", "info", "warn", "error", "off");

    private Constraint() {}

    /// @throws ConfigException naming `origin`, the text and what would be right
    static void check(Setting setting, String text, Origin origin) {
        switch (setting.kind) {
            case TEXT, PATH -> {
            }
            case FLAG -> oneOf(setting, text, origin, List.of("true", "false"));
            case LEVEL -> oneOf(setting, text, origin, LEVELS);
            case LOG_FORMAT -> oneOf(setting, text, origin, List.of("text", "json"));
            case FACES -> {
                for (var face : text.split(","))
                    if (!face.isBlank())
                        oneOf(setting, face.strip(), origin, FACES);
            }
            case PORT_OFFSET -> {
                if (!text.equals("auto") && (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > MAX_PORT_OFFSET))
                    throw refused(setting, text, origin, "0 to " + MAX_PORT_OFFSET + ", or auto");
            }
            case BYTES -> {
                if (!text.matches("[0-9]{1,9}[kmg]?"))
                    throw refused(setting, text, origin, "a number of bytes, or of KiB, MiB or GiB with k, m or g behind it");
            }
            case DAYS -> {
                if (!text.matches("[0-9]{1,5}"))
                    throw refused(setting, text, origin, "a number of days, up to 99999; 0 for ever");
            }
            case ACCOUNT -> {
                if (!text.matches("[0-9]{12}"))
                    throw refused(setting, text, origin, "twelve digits");
            }
        }
    }

    private static void oneOf(Setting setting, String text, Origin origin, List<String> allowed) {
        if (!allowed.contains(text))
            throw refused(setting, text, origin, (allowed.size() > 2 ? "one of " : "") + String.join(", ", allowed)
                    + NearestName.of(text, allowed).map(nearest -> "; did you mean `" + nearest + "`?").orElse(""));
    }

    private static ConfigException refused(Setting setting, String text, Origin origin, String right) {
        return new ConfigException("%s: %s cannot be `%s`; it must be %s".formatted(origin.text(), setting.key(), text, right));
    }
}
