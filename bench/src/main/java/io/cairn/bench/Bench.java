package io.cairn.bench;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Where `bin/cairn bench` enters. Exit status: 0 measured, whatever the goals; 1 it did not work; 2 it was asked for wrongly.
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Measures Cairn beside its peers, in one run, with answers checked.")
public final class Bench {
    private Bench() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        var line = new CommandLine(new Bench()).addSubcommand(new ObjectsCommand()).addSubcommand(new ItemsCommand())
                .addSubcommand(new VolumesCommand());
        line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        line.setExecutionExceptionHandler((e, failed, parsed) -> {
            failed.getErr().println("cairn: bench: " + (e.getMessage() == null ? e.toString() : e.getMessage()));
            return CommandLine.ExitCode.SOFTWARE;
        });
        line.setExecutionStrategy(parsed -> {
            if (!parsed.hasSubcommand() && !parsed.isUsageHelpRequested() && !parsed.isVersionHelpRequested()) {
                parsed.commandSpec().commandLine().usage(System.out);
                return CommandLine.ExitCode.OK;
            }
            return new CommandLine.RunLast().execute(parsed);
        });
        return line;
    }
}
