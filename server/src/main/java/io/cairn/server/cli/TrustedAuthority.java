package io.cairn.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Whom a client believes over TLS: the authority of the data directory and what `AWS_CA_BUNDLE` names, or, where there is neither,
/// the authorities of the JDK.
final class TrustedAuthority {
    private TrustedAuthority() {}

    static SSLContext context(Map<String, String> environment, DataDirectory data) {
        var files = new ArrayList<Path>();
        if (Files.exists(data.authorityFile()))
            files.add(data.authorityFile());
        var bundle = environment.getOrDefault("AWS_CA_BUNDLE", "");
        if (!bundle.isEmpty())
            files.add(Path.of(bundle));
        try {
            return files.isEmpty() ? SSLContext.getDefault() : trusting(files);
        } catch (GeneralSecurityException | IOException e) {
            throw new CommandException(files + " cannot be read as certificates (" + e.getMessage()
                    + "); get the server's with: bin/cairn cert").because(e);
        }
    }

    private static SSLContext trusting(List<Path> files) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load((InputStream) null, null);
        int count = 0;
        for (var file : files)
            try (var in = Files.newInputStream(file)) {
                for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in))
                    store.setCertificateEntry("authority-" + count++, certificate);
            }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
