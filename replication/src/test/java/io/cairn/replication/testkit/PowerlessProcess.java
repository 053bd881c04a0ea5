package io.cairn.replication.testkit;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A process of this class path that writes to a [LoopDisk] until the power goes, and tells by [Acknowledgements] what was acknowledged before.
public final class PowerlessProcess {
    private PowerlessProcess() {}

    /// What a process of `main` told until its power went; it is ended then. It fails the test when it ends by itself.
    ///
    /// @param errors a file for what it says on standard error
    public static List<String> lines(Class<?> main, Path errors, List<String> arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-Djava.io.tmpdir=" + errors.toAbsolutePath().getParent(), "-cp",
                System.getProperty("java.class.path"), main.getName()));
        command.addAll(arguments);
        var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        var lines = new ArrayList<String>();
        try (var output = process.inputReader(StandardCharsets.US_ASCII)) {
            for (var line = output.readLine(); !Acknowledgements.POWER_CUT.equals(line); line = output.readLine()) {
                assertNotNull(line, () -> "it ended before its power was cut; stderr: " + said(errors));
                lines.add(line);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return lines;
    }

    private static String said(Path errors) {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
