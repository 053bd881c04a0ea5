package io.cairn.kv;

import static org.junit.jupiter.api.Assertions.*;

import com.dynatrace.hash4j.hashing.Hashing;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.cairn.replication.ReplicatedLog;
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
import java.util.stream.Stream;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example that a newcomer copies is this one: taken from the text, compiled, and run in a process that has this module and what it needs
/// on its class path, and no more.
final class ReadmeExampleTest {
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Path MODULE = Path.of("").toAbsolutePath();
    @TempDir
    Path directory;

    @Test
    void theExampleRunsOnAClassPathWithoutNettyOrJson() throws Exception {
        var example = onlyExample(MODULE.resolve("README.md"));
        var classPath = Stream.of(KvStore.class, ReplicatedLog.class, Class.forName("org.rocksdb.RocksDB"), Caffeine.class,
                Hashing.class, org.slf4j.Logger.class).map(ReadmeExampleTest::home).toList();
        compile(example, classPath);
        assertEquals("{artist=S[text=Miles Davis], plays=N[1], song=S[text=So What]}\n", outputOf("Music", classPath));
        assertTrue(Files.isDirectory(directory.resolve("data/kv")), "the data lies where the example says");
    }

    /// Not on the example's class path nor, more than that, on the one of this module's tests.
    @Test
    void neitherNettyNorJsonIsOnTheClassPath() throws Exception {
        var all = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)).map(Path::of).filter(Files::exists)
                .toList();
        assertTrue(all.contains(home(KvStore.class)), () -> "this is not the class path: " + all);
        for (var entry : all)
            for (var wire : List.of("io/netty/", "com/fasterxml/jackson/"))
                assertFalse(has(entry, wire), () -> entry + " has classes of " + wire);
        assertTrue(has(home(KvStore.class), "io/cairn/kv/"), "what is there is seen");
        assertTrue(has(home(org.slf4j.Logger.class), "org/slf4j/"), "what is there is seen in a jar");
    }

    private static boolean has(Path entry, String packagePath) throws IOException {
        if (Files.isDirectory(entry))
            return Files.exists(entry.resolve(packagePath));
        try (var jar = new JarFile(entry.toFile())) {
            return jar.stream().anyMatch(file -> file.getName().startsWith(packagePath));
        }
    }

    private static String onlyExample(Path readme) throws IOException {
        var blocks = JAVA_BLOCK.matcher(Files.readString(readme)).results().map(block -> block.group(1)).toList();
        assertEquals(1, blocks.size(), () -> readme + " has one example in Java");
        return blocks.getFirst();
    }

    private static Path home(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private void compile(String example, List<Path> classPath) {
        var source = new SimpleJavaFileObject(URI.create("string:///Music.java"), SimpleJavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return example;
            }
        };
        var messages = new StringWriter();
        var task = ToolProvider.getSystemJavaCompiler().getTask(messages, null, null,
                List.of("-d", directory.toString(), "-cp", joined(classPath), "-proc:none"), null, List.of(source));
        assertTrue(task.call(), messages::toString);
    }

    private static String joined(List<Path> classPath) {
        return classPath.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
    }

    private String outputOf(String mainClass, List<Path> classPath) throws Exception {
        var errors = directory.resolve("stderr");
        var output = directory.resolve("stdout");
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED", "-cp", joined(classPath) + File.pathSeparator + directory, mainClass)
                .directory(directory.toFile()).redirectError(errors.toFile()).redirectOutput(output.toFile()).start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the example does not end");
            assertEquals(0, process.exitValue(), () -> "stderr: " + read(errors));
            return read(output);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
