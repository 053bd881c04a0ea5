package io.cairn.server.cli;

import io.cairn.replication.CorruptLogException;
import io.cairn.replication.StoreFailedException;
import io.cairn.server.config.Origin;
import io.cairn.server.config.Setting;
import io.cairn.server.config.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cairn server`: starts, says where everything is in at most 15 lines, and stops in order at SIGTERM or SIGINT.
@Command(name = "server", mixinStandardHelpOptions = true, description = "Starts a server and stays until it is told to stop.")
final class ServerCommand implements Callable<Integer> {
    private final Invocation invocation;
    @Mixin
    private final ConfigOptions config = new ConfigOptions();

    @Option(names = "--host", paramLabel = "ADDRESS", description = "address to listen on (default: 127.0.0.1)")
    @Nullable
    String host;
    @Option(names = "--port-offset", paramLabel = "N|auto", description = "added to every port; auto picks free ones (default: 0)")
    @Nullable
    String portOffset;
    @Option(names = "--only", paramLabel = "FACE,...", description = "faces to open, of s3,dynamodb,ebs (default: all)")
    @Nullable
    String only;
    @Option(names = "--users", paramLabel = "FILE", description = "further users: `access secret id name` a line")
    @Nullable
    String users;
    @Option(names = "--insecure-listen", description = "allow plain connections off loopback")
    boolean insecureListen;
    @Option(names = "--log", paramLabel = "LEVEL", description = "trace, debug, info, warn, error, off (default: info)")
    @Nullable
    String log;
    @Option(names = "--log-file", paramLabel = "FILE", description = "log there instead of to stderr")
    @Nullable
    String logFile;
    @Option(names = "--log-format", paramLabel = "text|json", description = "one line per event either way (default: text)")
    @Nullable
    String logFormat;
    @Option(names = "--region", paramLabel = "REGION", description = "region in answers (default: us-east-1)")
    @Nullable
    String region;
    @Option(names = "--account", paramLabel = "DIGITS", description = "account in ARNs (default: 000000000000)")
    @Nullable
    String account;
    @Option(names = "--s3-domain", paramLabel = "DOMAIN,...", description = "further domains whose subdomains name buckets")
    @Nullable
    String s3Domain;

    @Option(names = "--min-free", paramLabel = "SIZE", description = "refuse uploads while less is free on the disk (default: 512m)")
    @Nullable
    String minFree;

    @Option(names = "--archive", paramLabel = "DIR", description = "archive continuously to this directory, for bin/cairn restore")
    @Nullable
    String archive;
    @Option(names = "--archive-keep-days", paramLabel = "DAYS", description = "let older instants go from the archive (default: 0, never)")
    @Nullable
    String archiveKeepDays;

    @Option(names = "--scrub-days", paramLabel = "DAYS", description = "read all stored bytes of objects and items again so many days after the last time (default: 7; 0: never)")
    @Nullable
    String scrubDays;

    @Option(names = "--volume-limits", description = "hold volumes to the operations and bytes a second of their EBS type, size and provisioning")
    boolean volumeLimits;

    ServerCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var settings = config.settings(invocation, given());
        LogOutput.configure(settings);
        // Closed by what runs before the end of the process, not here: most often a signal ends it.
        var server = start(settings);
        invocation.beforeEnd().accept(() -> stop(server));
        greet(settings, server);
        server.awaitStop();
        return 0;
    }

    private ServerProcess start(Settings settings) throws IOException {
        try {
            return invocation.starter().start(settings);
        } catch (CorruptLogException e) {
            // What the exception advises is for programs that embed the store and make checkpoints.
            var damage = String.valueOf(e.getMessage()).replaceFirst("; restore this group .*$", "");
            throw damaged("the data in " + settings.data() + " is damaged: " + damage
                    + ". No stored data was changed. Restore the data directory from " + source(settings), e);
        } catch (StoreFailedException | UncheckedIOException e) {
            throw damaged("the data in " + settings.data() + " cannot be opened: " + e.getMessage()
                    + ". No stored data was changed. If no other process has it open and the disk is sound, restore the data directory"
                    + " from " + source(settings), e);
        }
    }

    private static String source(Settings settings) {
        return settings.path(Setting.ARCHIVE)
                .map("its archive: bin/cairn restore --to latest --from %s --into DIR"::formatted).orElse("a backup");
    }

    private static CommandException damaged(String message, RuntimeException cause) {
        // The whole of it is in the trace that CAIRN_LOG=debug shows; a person gets one line.
        return new CommandException(message.replace('\n', ' '), Main.DAMAGED).because(cause);
    }

    private Map<Setting, String> given() {
        var given = new EnumMap<Setting, String>(Setting.class);
        put(given, Setting.HOST, host);
        put(given, Setting.PORT_OFFSET, portOffset);
        put(given, Setting.ONLY, only);
        put(given, Setting.USERS, users);
        put(given, Setting.INSECURE_LISTEN, insecureListen ? "true" : null);
        put(given, Setting.LOG, log);
        put(given, Setting.LOG_FILE, logFile);
        put(given, Setting.LOG_FORMAT, logFormat);
        put(given, Setting.REGION, region);
        put(given, Setting.ACCOUNT, account);
        put(given, Setting.S3_DOMAIN, s3Domain);
        put(given, Setting.MIN_FREE, minFree);
        put(given, Setting.ARCHIVE, archive);
        put(given, Setting.ARCHIVE_KEEP_DAYS, archiveKeepDays);
        put(given, Setting.SCRUB_DAYS, scrubDays);
        put(given, Setting.VOLUME_LIMITS, volumeLimits ? "true" : null);
        return given;
    }

    private static void put(Map<Setting, String> given, Setting setting, @Nullable String text) {
        if (text != null)
            given.put(setting, text);
    }

    private void greet(Settings settings, ServerProcess server) {
        var out = invocation.out();
        out.println("Cairn " + Version.text());
        out.printf("  %-16s %s%n", "data", settings.data());
        for (var endpoint : server.endpoints())
            out.printf("  %-16s %s%n", endpoint.title(), endpoint.uri());
        out.printf("  %-16s %s%n", "root key", server.rootKeyFile());
        settings.path(Setting.ARCHIVE).ifPresent(archive -> out.printf("  %-16s %s%n", "archive", archive));
        var data = settings.value(Setting.DATA).origin() instanceof Origin.Option ? " --data " + settings.data() : "";
        out.printf("  %-16s %s%n", "clients", "eval \"$(bin/cairn env" + data + ")\" && aws s3 ls");
        // Of the JVM: the process itself is as old as the launcher, which may have built first.
        long begun = ManagementFactory.getRuntimeMXBean().getStartTime();
        out.println("Ready in " + (System.currentTimeMillis() - begun) + " ms");
        out.flush();
    }

    /// Returns the exit status.
    private static int stop(ServerProcess server) {
        try {
            server.close();
            return 0;
        } catch (IOException | RuntimeException e) {
            LoggerFactory.getLogger(ServerCommand.class).error("the stop did not finish in order; what was acknowledged is safe",
                    e);
            return 1;
        }
    }
}
