package io.cairn.server.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `bin/cairn`, copied to where it is to work, with a java that says how it was called and makes the caches that it is asked for.
class LauncherTest {
    private static final String JAVA = """
            #!/bin/sh
            for arg; do
                case $arg in
                    -XX:AOTCacheOutput=*) echo trained >&2; echo cache >"${arg#*=}"; exit 0 ;;
                esac
            done
            printf '%s\\n' "$@"
            """;
    @TempDir
    Path directory;
    private Path jdk;

    @BeforeEach
    void makeJdk() throws IOException {
        jdk = directory.resolve("jdk");
        Files.createDirectories(jdk.resolve("bin"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        for (var program : List.of("java", "javac"))
            assertTrue(Files.writeString(jdk.resolve("bin").resolve(program), JAVA).toFile().setExecutable(true));
    }

    private Path launcher(Path home) throws IOException {
        Files.createDirectories(home.resolve("bin"));
        var copy = home.resolve("bin/cairn");
        Files.copy(Path.of("../bin/cairn"), copy);
        assertTrue(copy.toFile().setExecutable(true));
        return copy;
    }

    private List<String> run(Path launcher, String... args) throws Exception {
        var command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(List.of(args));
        var builder = new ProcessBuilder(command).directory(new File("/"));
        builder.environment().put("JAVA_HOME", jdk.toString());
        builder.environment().keySet().removeIf(name -> name.startsWith("CAIRN_"));
        var process = builder.redirectError(directory.resolve("err").toFile()).start();
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertEquals(0, process.waitFor(), () -> launcher + " " + List.of(args));
        return out;
    }

    @Test
    void runsFromAPackageAnywhere() throws Exception {
        var home = directory.resolve("opt/cairn");
        var launcher = launcher(home);
        Files.createDirectories(home.resolve("lib"));
        Files.createFile(home.resolve("lib/cairn-server.jar"));
        var args = run(launcher, "env", "--data", "x y");
        assertTrue(args.containsAll(List.of("-Dcairn.home=" + home, "-jar", home + "/lib/cairn-server.jar")), args::toString);
        assertEquals(List.of("env", "--data", "x y"), args.subList(args.size() - 3, args.size()));
        var link = Files.createSymbolicLink(directory.resolve("cairn"), launcher);
        assertTrue(run(link, "server").contains("-Dcairn.home=" + home));
    }

    /// `mvn verify` empties `lib/` and fills it again, without the cache.
    @Test
    void aCheckoutWhoseLibrariesWereMadeAnewGetsItsCacheAgain() throws Exception {
        var home = directory.resolve("checkout");
        var launcher = launcher(home);
        var app = home.resolve("server/target/cairn");
        Files.createDirectories(app.resolve("lib"));
        Files.createDirectories(home.resolve("server/src/main"));
        for (var file : List.of(home.resolve("pom.xml"), home.resolve("server/pom.xml"), app.resolve("lib/cairn-server.jar")))
            Files.createFile(file);
        Thread.sleep(20); // the stamp is newer than every source
        Files.createFile(app.resolve("build-stamp"));
        var cache = app.resolve("lib/cairn.aot");
        assertFalse(run(launcher, "env").contains("-XX:AOTCache=" + cache));
        assertFalse(Files.exists(cache), "only a server is worth it");
        assertTrue(run(launcher, "server").contains("-XX:AOTCache=" + cache));
        assertTrue(run(launcher, "env").contains("-XX:AOTCache=" + cache));
        Files.delete(cache);
        assertFalse(run(launcher, "server").contains("-XX:AOTCache=" + cache), "tried once for each lib/");
        try (var files = Files.list(app.resolve("lib"))) {
            for (var file : files.toList())
                Files.delete(file);
        }
        Files.createFile(app.resolve("lib/cairn-server.jar"));
        assertTrue(run(launcher, "server").contains("-XX:AOTCache=" + cache));
    }
}
