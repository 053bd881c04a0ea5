package io.cairn.server.config;

import java.nio.file.Path;

/// Where the value of a setting comes from; the later kinds win over the earlier ones.
public sealed interface Origin {
    record Default() implements Origin {}
    record File(Path path, int line) implements Origin {}
    record Environment(String variable) implements Origin {}
    record Option(String name) implements Origin {}

    /// As `config show --origin` prints it and errors begin with it.
    default String text() {
        return switch (this) {
            case Default() -> "default";
            case File(var path, var line) -> path + " line " + line;
            case Environment(var variable) -> variable;
            case Option(var name) -> name;
        };
    }
}
