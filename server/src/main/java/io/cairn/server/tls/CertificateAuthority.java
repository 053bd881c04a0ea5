package io.cairn.server.tls;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/// An authority made at the first start, and the server's certificate under it, both P-256. Files in `DATA/keys/`:
///
///     ca.pem  ca-key.pem (0600)          the authority, ten years; never replaced
///     server.pem  server-key.pem (0600)  issued again when it ends within 30 days or lacks a name, as after a change of addresses
///     client.pem  client-key.pem (0600)  proves a client where the protocol has no other way, as NBD; issued again when it ends within 30 days
///
/// The names are `localhost`, the S3 host names of virtual-host style below it, both loopback addresses and those of the host that is
/// listened on. Clients that trust `ca.pem` need no other setting. Used at start only; one thread.
public final class CertificateAuthority {
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    /// The longest that Apple's clients accept.
    private static final Duration SERVER_LIFE = Duration.ofDays(825);
    private static final Duration RENEW_BEFORE_END = Duration.ofDays(30);
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);
    private static final int DNS = GeneralName.dNSName;
    private static final int IP = GeneralName.iPAddress;

    private final Path keys;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    /// @param keys `DATA/keys`; made, 0700, when absent
    public CertificateAuthority(Path keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    public Path certificateFile() {
        return keys.resolve("ca.pem");
    }

    /// A context for servers, TLS 1.2 and 1.3, whose certificate also names `hosts`, which are names and addresses.
    ///
    /// @throws IOException when a file cannot be read, written, or does not hold what it should
    public SslContext serverContext(List<String> hosts) throws IOException {
        return withKeys(() -> server(hosts).build());
    }

    /// The same for a protocol whose clients prove themselves by a certificate of this authority, or not at all.
    ///
    /// @param required whether who shows none is turned away
    /// @throws IOException as [#serverContext]
    public SslContext serverContext(List<String> hosts, boolean required) throws IOException {
        return withKeys(() -> {
            clientCertificate();
            return server(hosts).trustManager(Pem.readCertificate(certificateFile()))
                    .clientAuth(required ? ClientAuth.REQUIRE : ClientAuth.OPTIONAL).build();
        });
    }

    /// A context for a client of this server: trusts the authority and has its client certificate.
    ///
    /// @throws IOException as [#serverContext]
    public SSLContext clientContext() throws IOException {
        return withKeys(() -> {
            var authority = Pem.readCertificate(certificateFile());
            var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", authority);
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            var own = KeyStore.getInstance(KeyStore.getDefaultType());
            own.load(null, null);
            own.setKeyEntry("client", Pem.readKey(keys.resolve("client-key.pem")), new char[0],
                    new Certificate[]{Pem.readCertificate(keys.resolve("client.pem")), authority});
            var proof = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            proof.init(own, new char[0]);
            var context = SSLContext.getInstance("TLS");
            context.init(proof.getKeyManagers(), trust.getTrustManagers(), random);
            return context;
        });
    }

    /// Copies what an NBD client needs, under the names that QEMU and libnbd look for: `ca-cert.pem`, `client-cert.pem`, `client-key.pem` (0600).
    ///
    /// @param into made, 0700, when absent
    /// @throws IOException as [#serverContext]
    public void writeClientFiles(Path into) throws IOException {
        this.<Boolean>withKeys(() -> {
            Files.createDirectories(into, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Pem.writeCertificate(into.resolve("ca-cert.pem"), Pem.readCertificate(certificateFile()));
            var certificate = Pem.readCertificate(keys.resolve("client.pem"));
            Pem.writeCertificate(into.resolve("client-cert.pem"), certificate);
            Pem.writeKey(into.resolve("client-key.pem"), Pem.readKey(keys.resolve("client-key.pem")), certificate.getPublicKey());
            return true;
        });
    }

    @FunctionalInterface
    private interface KeyUse<T> { T get() throws IOException, GeneralSecurityException, OperatorCreationException; }

    private <T> T withKeys(KeyUse<T> use) throws IOException {
        try {
            if (!Files.exists(keys))
                Files.createDirectories(keys, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return use.get();
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("the keys in " + keys + " cannot be used: " + e.getMessage()
                    + "; move that directory away to get new ones (clients must then trust the new ca.pem)", e);
        }
    }

    private SslContextBuilder server(List<String> hosts) throws IOException, GeneralSecurityException, OperatorCreationException {
        var certificate = serverCertificate(names(hosts));
        var authority = Pem.readCertificate(certificateFile());
        return SslContextBuilder.forServer(Pem.readKey(keys.resolve("server-key.pem")), certificate, authority)
                .sslProvider(SslProvider.JDK).protocols("TLSv1.3", "TLSv1.2");
    }

    private record Name(int kind, String value) {}

    private static Set<Name> names(List<String> hosts) throws IOException {
        var names = new LinkedHashSet<Name>();
        for (var dns : new String[]{"localhost", "*.localhost", "*.s3.localhost", "*.s3.us-east-1.localhost"})
            names.add(new Name(DNS, dns));
        names.add(new Name(IP, "127.0.0.1"));
        names.add(new Name(IP, "0:0:0:0:0:0:0:1"));
        for (var host : hosts) {
            boolean literal = host.indexOf(':') >= 0 || host.matches("[0-9.]+");
            names.add(literal ? new Name(IP, InetAddress.getByName(host).getHostAddress()) : new Name(DNS, host));
        }
        return names;
    }

    private X509Certificate serverCertificate(Set<Name> names)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        var file = keys.resolve("server.pem");
        makeAuthority();
        if (Files.exists(file) && Files.exists(keys.resolve("server-key.pem"))) {
            var present = Pem.readCertificate(file);
            if (namesOf(present).containsAll(names)
                    && present.getNotAfter().toInstant().isAfter(clock.instant().plus(RENEW_BEFORE_END)))
                return present;
        }
        return issue("server", "CN=Cairn server", KeyPurposeId.id_kp_serverAuth, new GeneralNames(
                names.stream().map(name -> new GeneralName(name.kind, name.value)).toArray(GeneralName[]::new)));
    }

    private void clientCertificate() throws IOException, GeneralSecurityException, OperatorCreationException {
        var file = keys.resolve("client.pem");
        makeAuthority();
        boolean fresh = Files.exists(file) && Files.exists(keys.resolve("client-key.pem"))
                && Pem.readCertificate(file).getNotAfter().toInstant().isAfter(clock.instant().plus(RENEW_BEFORE_END));
        if (!fresh)
            issue("client", "CN=Cairn client", KeyPurposeId.id_kp_clientAuth, null);
    }

    private X509Certificate issue(String file, String subject, KeyPurposeId purpose, @Nullable GeneralNames names)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        var pair = newPair();
        var authority = Pem.readCertificate(certificateFile());
        var builder = builder(new X500Name(authority.getSubjectX500Principal().getName()), subject, pair, SERVER_LIFE);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
        builder.addExtension(Extension.authorityKeyIdentifier, false,
                new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(authority));
        if (names != null)
            builder.addExtension(Extension.subjectAlternativeName, false, names);
        var certificate = sign(builder, Pem.readKey(keys.resolve("ca-key.pem")));
        Pem.writeKey(keys.resolve(file + "-key.pem"), pair.getPrivate());
        Pem.writeCertificate(keys.resolve(file + ".pem"), certificate);
        return certificate;
    }

    private void makeAuthority() throws IOException, GeneralSecurityException, OperatorCreationException {
        if (Files.exists(certificateFile()))
            return;
        var pair = newPair();
        var name = "CN=Cairn local authority " + Long.toHexString(random.nextLong());
        var builder = builder(new X500Name(name), name, pair, AUTHORITY_LIFE);
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        builder.addExtension(Extension.subjectKeyIdentifier, false,
                new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
        // The certificate goes last: without it, a crash in between starts anew.
        Pem.writeKey(keys.resolve("ca-key.pem"), pair.getPrivate());
        Pem.writeCertificate(certificateFile(), sign(builder, pair.getPrivate()));
    }

    private static Set<Name> namesOf(X509Certificate certificate) throws GeneralSecurityException {
        var names = new HashSet<Name>();
        var alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null)
            for (var alternative : alternatives)
                names.add(new Name((Integer) alternative.get(0), alternative.get(1).toString()));
        return names;
    }

    private X509v3CertificateBuilder builder(X500Name issuer, String subject, KeyPair pair, Duration life)
            throws CertIOException {
        Instant now = clock.instant();
        return new JcaX509v3CertificateBuilder(issuer, new BigInteger(127, random), Date.from(now.minus(CLOCKS_DIFFER)),
                Date.from(now.plus(life)), new X500Name(subject), pair.getPublic());
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey key)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    private KeyPair newPair() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        return generator.generateKeyPair();
    }
}
