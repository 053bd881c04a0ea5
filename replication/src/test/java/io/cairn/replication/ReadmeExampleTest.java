package io.cairn.replication;

import static org.junit.jupiter.api.Assertions.*;

import java.io.File;
import java.io.StringWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The README's example is taken from the text, compiled, and run with this module and what it needs on the class path, and no more.
final class ReadmeExampleTest {
    private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    @TempDir
    Path directory;

    @Test
    void theExampleRuns() throws Exception {
        var blocks = JAVA_BLOCK.matcher(Files.readString(Path.of("README.md"))).results().map(block -> block.group(1)).toList();
        assertEquals(1, blocks.size());
        var classPath = Stream.of(ReplicatedLog.class, org.rocksdb.RocksDB.class, org.slf4j.Logger.class)
                .map(ReadmeExampleTest::home).collect(Collectors.joining(File.pathSeparator));
        compile(blocks.getFirst(), classPath);
        assertEquals("world\n", outputOf("Hello", classPath + File.pathSeparator + directory));
    }

    private static String home(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private void compile(String example, String classPath) {
        var source = new SimpleJavaFileObject(URI.create("string:///Hello.java"), SimpleJavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return example;
            }
        };
        var messages = new StringWriter();
        var task = ToolProvider.getSystemJavaCompiler().getTask(messages, null, null,
                List.of("-d", directory.toString(), "-cp", classPath, "-proc:none"), null, List.of(source));
        assertTrue(task.call(), messages::toString);
    }

    private String outputOf(String mainClass, String classPath) throws Exception {
        var errors = directory.resolve("stderr");
        var output = directory.resolve("stdout");
        var process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED", "-cp", classPath, mainClass).directory(directory.toFile())
                .redirectError(errors.toFile()).redirectOutput(output.toFile()).start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the example does not end");
            assertEquals(0, process.exitValue(), Files.readString(errors));
            return Files.readString(output);
        } finally {
            process.destroyForcibly();
        }
    }
}
