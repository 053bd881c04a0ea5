package io.cairn.server.cli;

import io.cairn.server.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.UnmatchedArgumentException;

/// Where `bin/cairn` enters. Exit status: 0 done, 1 it did not work, 2 it was asked for wrongly or a port is taken, 3 the data cannot be
/// opened, most often because files of it are damaged or missing.
@Command(name = "cairn", mixinStandardHelpOptions = true, versionProvider = Version.class, description = "A storage and database engine suite: objects over S3, tables over DynamoDB and disks over NBD, in this directory, durably.", footer = {
        "", "In a checkout, bin/cairn bench objects measures the server beside others and writes one page of it."})
public final class Main {
    static final int DAMAGED = 3;

    private Main() {}

    public static void main(String[] args) {
        LogOutput.configure(System.getenv());
        var exit = new ProcessExit();
        exit.end(run(Invocation.ofProcess(exit), args));
    }

    static int run(Invocation invocation, String... args) {
        return commandLine(invocation).execute(args);
    }

    static CommandLine commandLine(Invocation invocation) {
        var completion = new CommandLine(new GenerateCompletion()).setCommandName("completion");
        completion.getCommandSpec().usageMessage().description("Prints a completion script: source <(bin/cairn completion)");
        completion.getCommandSpec().name("completion");
        var line = new CommandLine(new Main()).addSubcommand(new ServerCommand(invocation))
                .addSubcommand(new EnvCommand(invocation)).addSubcommand(new StatusCommand(invocation))
                .addSubcommand(new CertCommand(invocation)).addSubcommand(new ConfigCommand(invocation))
                .addSubcommand(new CheckCommand(invocation)).addSubcommand(new DemoCommand(invocation))
                .addSubcommand(new BucketCommand(invocation)).addSubcommand(new ObjectCommand(invocation))
                .addSubcommand(new TableCommand(invocation)).addSubcommand(new ItemCommand(invocation))
                .addSubcommand(new VolumeCommand(invocation)).addSubcommand(new SnapshotCommand(invocation))
                .addSubcommand(new RestoreCommand(invocation))
                .addSubcommand("completion", completion);
        line.setOut(new PrintWriter(invocation.out(), true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(invocation.err(), true, StandardCharsets.UTF_8));
        line.setExpandAtFiles(false); // `@` begins the name of an item's file, or may begin a key
        line.setParameterExceptionHandler(Main::misused);
        line.setExecutionExceptionHandler(Main::failed);
        line.setExecutionStrategy(Main::run);
        return line;
    }

    /// A command that only has others below it, named alone, shows which they are.
    private static int run(ParseResult parsed) {
        var named = parsed;
        while (named.subcommand() != null)
            named = named.subcommand();
        var spec = named.commandSpec();
        boolean help = named.isUsageHelpRequested() || named.isVersionHelpRequested();
        if (help || spec.subcommands().isEmpty() || spec.userObject() instanceof Callable)
            return new RunLast().execute(parsed);
        spec.commandLine().usage(spec.commandLine().getOut());
        return ExitCode.OK;
    }

    private static int misused(ParameterException e, String[] args) {
        var line = e.getCommandLine();
        line.getErr().println("cairn: " + e.getMessage());
        UnmatchedArgumentException.printSuggestions(e, line.getErr());
        line.getErr().println("see: bin/" + line.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private static int failed(Exception e, CommandLine line, ParseResult parsed) {
        line.getErr().println("cairn: " + switch (e) {
            case CommandException c -> c.getMessage();
            case ConfigException c -> c.getMessage();
            case IOException io -> io.getMessage() + " (" + io.getClass().getSimpleName() + ")";
            default -> "this is a defect in Cairn: " + e + "; CAIRN_LOG=debug shows where";
        });
        LoggerFactory.getLogger(Main.class).debug("command failed", e);
        return switch (e) {
            case CommandException c -> c.exitCode;
            case ConfigException c -> ExitCode.USAGE;
            default -> ExitCode.SOFTWARE;
        };
    }
}
