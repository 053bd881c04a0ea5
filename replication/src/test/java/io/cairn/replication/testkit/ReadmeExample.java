package io.cairn.replication.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// The example of a README, taken from the text, compiled, and run in a process that has on its class path what it is given, and no more.
///
/// @param source of a compact source file
/// @param name of its class
/// @param classPath what the README says that it needs
/// @param directory where it is compiled and run
public record ReadmeExample(String source, String name, List<Path> classPath, Path directory) {
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    public ReadmeExample {
        classPath = List.copyOf(classPath);
    }

    /// The one example in Java of a README.
    public static String only(Path readme) throws IOException {
        var blocks = JAVA_BLOCK.matcher(Files.readString(readme)).results().map(block -> block.group(1)).toList();
        assertEquals(1, blocks.size(), () -> readme + " has one example in Java");
        return blocks.getFirst();
    }

    /// The jar or directory that a class comes from.
    public static Path home(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /// Whether a jar or directory has classes of a package: `io/netty/`.
    public static boolean has(Path entry, String packagePath) throws IOException {
        if (Files.isDirectory(entry))
            return Files.exists(entry.resolve(packagePath));
        try (var jar = new JarFile(entry.toFile())) {
            return jar.stream().anyMatch(file -> file.getName().startsWith(packagePath));
        }
    }

    /// Compiles and runs it; fails unless it ends well. What it printed.
    public String output() throws Exception {
        compile();
        var errors = directory.resolve("stderr");
        var output = directory.resolve("stdout");
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED", "-cp", joined() + File.pathSeparator + directory, name)
                .directory(directory.toFile()).redirectError(errors.toFile()).redirectOutput(output.toFile()).start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the example does not end");
            assertEquals(0, process.exitValue(), () -> "stderr: " + read(errors));
            return read(output);
        } finally {
            process.destroyForcibly();
        }
    }

    private void compile() {
        var file = new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), SimpleJavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
        var messages = new StringWriter();
        var task = ToolProvider.getSystemJavaCompiler().getTask(messages, null, null,
                List.of("-d", directory.toString(), "-cp", joined(), "-proc:none"), null, List.of(file));
        assertTrue(task.call(), messages::toString);
    }

    private String joined() {
        return classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
