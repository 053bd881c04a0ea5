package io.cairn.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `cairn cert`: the certificate of the server's own authority, for clients to trust; and one that proves a client to NBD.
@Command(name = "cert", mixinStandardHelpOptions = true, description = "Prints the certificate of the server's authority (PEM): bin/cairn cert > cairn-ca.pem")
final class CertCommand implements Callable<Integer> {
    private final Invocation invocation;
    @Mixin
    private final ConfigOptions config = new ConfigOptions();

    CertCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Option(names = "--client", paramLabel = "DIR", description = "write what an NBD client needs instead: ca-cert.pem, client-cert.pem, client-key.pem (nbdinfo 'nbds://HOST/VOLUME?tls-certificates=DIR')")
    private @Nullable Path client;

    @Override
    public Integer call() throws IOException {
        var data = DataDirectory.of(config.settings(invocation));
        if (client != null)
            writeClient(data, client);
        else
            printAuthority(data);
        return 0;
    }

    private static void writeClient(DataDirectory data, Path into) throws IOException {
        try {
            data.authority().writeClientFiles(into);
        } catch (NoSuchFileException e) {
            throw noKeys(e);
        }
    }

    private static CommandException noKeys(NoSuchFileException e) {
        return new CommandException("there is no " + e.getFile() + " yet; start a server with: bin/cairn server").because(e);
    }

    private void printAuthority(DataDirectory data) throws IOException {
        var file = data.authorityFile();
        try {
            invocation.out().print(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw noKeys(e);
        }
    }
}
