package io.cairn.server.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/// PEM files (RFC 7468): one certificate, or one private key in PKCS#8. Written beside and renamed, so that a crash leaves the old file
/// or the new one. Keys are 0600 from the first byte on.
final class Pem {
    private static final String KEY = "PRIVATE KEY";
    private static final String CERTIFICATE = "CERTIFICATE";

    private Pem() {}

    static void writeKey(Path file, PrivateKey key) throws IOException {
        write(file, KEY, key.getEncoded(), "rw-------");
    }

    /// The same with the public key in it, which GnuTLS wants to find there (RFC 5958 leaves it out, RFC 5915 section 3 has it).
    static void writeKey(Path file, PrivateKey key, PublicKey publicKey) throws IOException {
        if (!(key instanceof ECPrivateKey secret))
            throw new IllegalArgumentException("a key of an elliptic curve, not " + key.getAlgorithm());
        var known = SubjectPublicKeyInfo.getInstance(publicKey.getEncoded());
        var whole = new org.bouncycastle.asn1.sec.ECPrivateKey(secret.getParams().getOrder().bitLength(), secret.getS(),
                known.getPublicKeyData(), known.getAlgorithm().getParameters());
        write(file, KEY, new PrivateKeyInfo(known.getAlgorithm(), whole).getEncoded(), "rw-------");
    }

    static void writeCertificate(Path file, X509Certificate certificate) throws IOException, GeneralSecurityException {
        write(file, CERTIFICATE, certificate.getEncoded(), "rw-r--r--");
    }

    private static void write(Path file, String label, byte[] der, String mode) throws IOException {
        var lines = Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(der);
        var text = "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
        var draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        Files.createFile(draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)));
        try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
            var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining())
                channel.write(bytes);
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static PrivateKey readKey(Path file) throws IOException, GeneralSecurityException {
        var text = Files.readString(file, StandardCharsets.US_ASCII);
        int begin = text.indexOf("-----BEGIN " + KEY + "-----");
        int end = text.indexOf("-----END " + KEY + "-----");
        if (begin < 0 || end < begin)
            throw new IOException(file + " holds no PEM private key");
        var der = Base64.getMimeDecoder().decode(text.substring(begin + KEY.length() + 16, end));
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    static X509Certificate readCertificate(Path file) throws IOException, GeneralSecurityException {
        var certificate = CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
        return (X509Certificate) certificate;
    }
}
