package dev.ermine.app;

import dev.ermine.trust.GatewayIdentity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A key pair of the gateway's own, as an operator might have it made: EC P-256, for {@code
 * localhost}, both sides of TLS, and a day, signed by itself, unless said otherwise.
 */
final class MadePair {

  private static final AtomicLong SERIAL = new AtomicLong();

  private String keyType = "EC";
  private int bits = 256;
  private String subject = "CN=own " + SERIAL.incrementAndGet();
  private Instant from = Instant.now().minus(Duration.ofHours(1));
  private Instant until = Instant.now().plus(Duration.ofDays(30));
  private GeneralName name = new GeneralName(GeneralName.dNSName, "localhost");
  private KeyPurposeId[] purposes = {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};

  /** A pair as told. */
  static MadePair pair() {
    return new MadePair();
  }

  MadePair key(String type, int size) {
    keyType = type;
    bits = size;
    return this;
  }

  MadePair subject(String distinguishedName) {
    subject = distinguishedName;
    return this;
  }

  MadePair valid(Instant first, Instant last) {
    from = first;
    until = last;
    return this;
  }

  MadePair host(int kind, String host) {
    name = new GeneralName(kind, host);
    return this;
  }

  MadePair purposes(KeyPurposeId... ids) {
    purposes = ids;
    return this;
  }

  /** Signed by itself. */
  GatewayIdentity make() {
    KeyPair keys = keys();
    return new GatewayIdentity(List.of(certificate(keys, subject, keys)), keys.getPrivate());
  }

  /** Signed by {@code issuer}, whose chain follows. */
  GatewayIdentity make(GatewayIdentity issuer) {
    KeyPair keys = keys();
    X509Certificate above = issuer.certificate();
    KeyPair signing = new KeyPair(above.getPublicKey(), issuer.key());
    List<X509Certificate> chain = new ArrayList<>();
    chain.add(certificate(keys, above.getSubjectX500Principal().getName(), signing));
    chain.addAll(issuer.chain());
    return new GatewayIdentity(chain, keys.getPrivate());
  }

  /** Writes both files, each in one step, the key for its owner alone. */
  static PemPair write(GatewayIdentity identity, Path directory) {
    try {
      PemPair files = new PemPair(directory.resolve("own.crt"), directory.resolve("own.key"));
      writeCertificates(files.certificateFile(), identity.chain());
      replace(files.keyFile(), pem(identity.key()));
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void writeCertificates(Path file, List<X509Certificate> chain) throws IOException {
    StringBuilder text = new StringBuilder();
    for (X509Certificate certificate : chain) {
      text.append(pem(certificate));
    }
    replace(file, text.toString());
  }

  static void replace(Path file, String text) throws IOException {
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.writeString(beside, text);
    Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rw-r-----"));
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static String pem(X509Certificate certificate) {
    return pem("CERTIFICATE", encoded(certificate));
  }

  static String pem(PrivateKey key) {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  private static String pem(String label, byte[] der) {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n";
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(keyType);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate certificate(KeyPair keys, String issuer, KeyPair signing) {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              new X500Principal(issuer),
              BigInteger.valueOf(SERIAL.incrementAndGet()),
              Date.from(from),
              Date.from(until),
              new X500Principal(subject),
              keys.getPublic());
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name));
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      if (purposes.length > 0) {
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
      }
      String algorithm =
          signing.getPrivate().getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(new JcaContentSignerBuilder(algorithm).build(signing.getPrivate())));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
