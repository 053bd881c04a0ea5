package io.cairn.server.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Where `bin/cairn` enters.
@Command(name = "cairn", mixinStandardHelpOptions = true, versionProvider = Version.class)
public final class Main implements Runnable {
    private Main() {}

    public static void main(String[] args) {
        System.exit(new CommandLine(new Main()).execute(args));
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.err);
    }
}
