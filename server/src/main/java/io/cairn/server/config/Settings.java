package io.cairn.server.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The settings of one process, each with its origin. Immutable; every value was checked when this was built.
public final class Settings {
    /// A `cairn.toml` has at most this many bytes.
    static final int MAX_FILE_BYTES = 1 << 20;
    /// Variables that belong to the launcher, to credentials or to the tests and are no settings.
    static final Set<String> OTHER_VARIABLES = Set.of("CAIRN_CONFIG", "CAIRN_HEAP", "CAIRN_JAVA_OPTS", "CAIRN_NBD",
            "CAIRN_ROOT_ACCESS_KEY",
            "CAIRN_ROOT_SECRET_KEY", "CAIRN_REQUIRE_CLIENTS", "CAIRN_STORE_CACHE_MIB",
            "CAIRN_VOLUMES_KEY");

    /// @param text as given, paths made absolute; empty when not set
    public record Value(String text, Origin origin) {}

    private final Map<Setting, Value> values;

    private Settings(Map<Setting, Value> values) {
        this.values = values;
    }

    /// Puts all sources together.
    ///
    /// @param home the directory above `bin/`: a relative default path and a `cairn.toml` are looked for there
    /// @param file the configuration file to use; it must exist. Without one, `CAIRN_CONFIG`, then `home/cairn.toml` if there is one
    /// @param environment of the process
    /// @param options given on the command line
    /// @throws ConfigException for an unknown name, a value that does not fit, or a file that cannot be read
    public static Settings read(Path home, @Nullable Path file, Map<String, String> environment, Map<Setting, String> options) {
        var values = new EnumMap<Setting, Value>(Setting.class);
        for (var setting : Setting.values())
            values.put(setting, checked(setting, setting.defaultText(), new Origin.Default(), home));
        fromFile(configFile(home, file, environment), values);
        fromEnvironment(environment, values);
        options.forEach((setting, text) -> values.put(setting,
                checked(setting, text, new Origin.Option(setting.option()), Path.of(""))));
        return new Settings(values);
    }

    public Value value(Setting setting) {
        return Objects.requireNonNull(values.get(setting), setting::key);
    }

    public String text(Setting setting) {
        return value(setting).text();
    }

    public boolean flag(Setting setting) {
        return Boolean.parseBoolean(text(setting));
    }

    /// The path, absolute, or nothing when it is not set.
    public Optional<Path> path(Setting setting) {
        return text(setting).isEmpty() ? Optional.empty() : Optional.of(Path.of(text(setting)));
    }

    public Path data() {
        return path(Setting.DATA).orElseThrow(() -> new ConfigException("data must name a directory, it is empty"));
    }

    /// A size: `512m` is 512 MiB.
    public long bytes(Setting setting) {
        var text = text(setting);
        int shift = switch (text.charAt(text.length() - 1)) {
            case 'k' -> 10;
            case 'm' -> 20;
            case 'g' -> 30;
            default -> 0;
        };
        return Long.parseLong(shift == 0 ? text : text.substring(0, text.length() - 1)) << shift;
    }

    /// Added to every port; empty to pick free ones.
    public OptionalInt portOffset() {
        var text = text(Setting.PORT_OFFSET);
        return text.equals("auto") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(text));
    }

    /// The comma-separated words of a setting, without blanks around them and without empty ones.
    public List<String> words(Setting setting) {
        return Arrays.stream(text(setting).split(",")).map(String::strip).filter(word -> !word.isEmpty()).toList();
    }

    private static Optional<Path> configFile(Path home, @Nullable Path file, Map<String, String> environment) {
        if (file != null)
            return Optional.of(file);
        var named = environment.getOrDefault("CAIRN_CONFIG", "");
        if (!named.isEmpty())
            return Optional.of(Path.of(named));
        return Optional.of(home.resolve("cairn.toml")).filter(Files::exists);
    }

    private static void fromFile(Optional<Path> file, Map<Setting, Value> values) {
        if (file.isEmpty())
            return;
        var path = file.get().toAbsolutePath();
        var directory = Objects.requireNonNull(path.getParent(), "a file has a directory");
        Toml.parse(content(path), path.toString()).forEach((key, value) -> {
            var origin = new Origin.File(path, value.line());
            var setting = Setting.ofKey(key).orElseThrow(
                    () -> unknown(origin.text() + ": unknown key `" + key + "`", key,
                            Stream.of(Setting.values()).map(Setting::key)));
            values.put(setting, checked(setting, value.text(), origin, directory));
        });
    }

    private static String content(Path file) {
        try (var in = Files.newInputStream(file)) {
            var bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES)
                throw new ConfigException(file + ": larger than " + MAX_FILE_BYTES + " bytes; is it a configuration file?");
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            var refused = new ConfigException(file + ": cannot be read (" + e.getMessage() + ")");
            refused.initCause(e);
            throw refused;
        }
    }

    private static void fromEnvironment(Map<String, String> environment, Map<Setting, Value> values) {
        for (var setting : Setting.values()) {
            var text = environment.get(setting.variable());
            if (text != null && !text.isEmpty())
                values.put(setting, checked(setting, text, new Origin.Environment(setting.variable()), Path.of("")));
        }
        var settings = Stream.of(Setting.values()).map(Setting::variable).toList();
        for (var name : environment.keySet())
            if (name.startsWith("CAIRN_") && !settings.contains(name) && !OTHER_VARIABLES.contains(name))
                throw unknown("unknown variable `" + name + "` in the environment", name,
                        Stream.concat(settings.stream(), OTHER_VARIABLES.stream().sorted()));
    }

    private static Value checked(Setting setting, String text, Origin origin, Path directory) {
        if (setting.kind == Setting.Kind.PATH && !text.isEmpty())
            return new Value(directory.resolve(text).toAbsolutePath().normalize().toString(), origin);
        Constraint.check(setting, text, origin);
        return new Value(text, origin);
    }

    private static ConfigException unknown(String what, String name, Stream<String> known) {
        var names = known.toList();
        return new ConfigException(what + NearestName.of(name, names).map(nearest -> "; did you mean `" + nearest + "`?")
                .orElse("; known are " + String.join(", ", names)));
    }
}
