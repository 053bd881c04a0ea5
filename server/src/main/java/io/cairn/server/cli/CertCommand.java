package io.cairn.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `cairn cert`: the certificate of the server's own authority, for clients to trust.
@Command(name = "cert", mixinStandardHelpOptions = true, description = "Prints the certificate of the server's authority (PEM): bin/cairn cert > cairn-ca.pem")
final class CertCommand implements Callable<Integer> {
    private final Invocation invocation;
    @Mixin
    private final ConfigOptions config = new ConfigOptions();

    CertCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws IOException {
        var file = DataDirectory.of(config.settings(invocation)).authorityFile();
        try {
            invocation.out().print(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new CommandException("there is no " + file + " yet; start a server with: bin/cairn server").because(e);
        }
        return 0;
    }
}
