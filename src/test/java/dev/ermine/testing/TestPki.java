package dev.ermine.testing;

import dev.ermine.trust.GatewayIdentity;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** An authority of a test's own, on EC P-256, in memory alone. */
public final class TestPki {

  private static final char[] NO_PASSWORD = new char[0];

  /** A certificate with its key. */
  public record Identity(X509Certificate certificate, PrivateKey key) {

    /** As the gateway shows itself. */
    public GatewayIdentity gateway() {
      return new GatewayIdentity(List.of(certificate), key);
    }

    /** The certificate as a file has it. */
    public String certificatePem() {
      return TestPki.pem("CERTIFICATE", encoded(certificate));
    }

    /** The key as a file has it. */
    public String keyPem() {
      return TestPki.pem("PRIVATE KEY", key.getEncoded());
    }

    /** A client's side, that trusts what {@code anchor} issued. */
    public SSLContext client(X509Certificate anchor) {
      return TestPki.tls(this, anchor);
    }
  }

  private final Identity authority;
  private long serial = 1;

  /** A new authority. */
  public TestPki(String name) {
    KeyPair pair = pair();
    this.authority =
        new Identity(
            sign(
                name,
                name,
                pair,
                pair.getPrivate(),
                null,
                Instant.now().minus(Duration.ofDays(900)),
                Instant.now().plus(Duration.ofDays(900))),
            pair.getPrivate());
  }

  private TestPki(Identity authority) {
    this.authority = authority;
  }

  /** An authority whom this one has certified. */
  public TestPki intermediate(String name) {
    KeyPair pair = pair();
    X509Certificate certificate =
        sign(
            name(),
            name,
            pair,
            authority.key(),
            null,
            anchor().getNotBefore().toInstant(),
            anchor().getNotAfter().toInstant());
    return new TestPki(new Identity(certificate, pair.getPrivate()));
  }

  private String name() {
    return anchor().getSubjectX500Principal().getName().substring(3);
  }

  /** What a party that trusts this authority is given. */
  public X509Certificate anchor() {
    return authority.certificate();
  }

  /** A certificate for the DNS name {@code host}. */
  public Identity issue(String host) {
    Instant now = Instant.now();
    return issue(host, now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(1)));
  }

  /** The same, valid from {@code from} until {@code until}. */
  public Identity issue(String host, Instant from, Instant until) {
    KeyPair pair = pair();
    X509Certificate certificate =
        sign(
            name(),
            "leaf " + serial,
            pair,
            authority.key(),
            new GeneralName(GeneralName.dNSName, host),
            from,
            until);
    return new Identity(certificate, pair.getPrivate());
  }

  /** A server's side, that asks for certificates of this authority, with what else it shows. */
  public SSLContext server(Identity identity, X509Certificate... intermediates) {
    return tls(identity, anchor(), intermediates);
  }

  private static SSLContext tls(
      Identity identity, X509Certificate anchor, X509Certificate... intermediates) {
    try {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      X509Certificate[] chain =
          Stream.concat(Stream.of(identity.certificate()), Stream.of(intermediates))
              .toArray(X509Certificate[]::new);
      keys.setKeyEntry("own", identity.key(), NO_PASSWORD, chain);
      KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
      keyManagers.init(keys, NO_PASSWORD);
      KeyStore anchors = KeyStore.getInstance("PKCS12");
      anchors.load(null, null);
      anchors.setCertificateEntry("anchor", anchor);
      TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
      trustManagers.init(anchors);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private X509Certificate sign(
      String issuer,
      String subject,
      KeyPair pair,
      PrivateKey key,
      GeneralName name,
      Instant from,
      Instant until) {
    try {
      var builder =
          new JcaX509v3CertificateBuilder(
              new X500Principal("CN=" + issuer),
              BigInteger.valueOf(serial++),
              Date.from(from),
              Date.from(until),
              new X500Principal("CN=" + subject),
              pair.getPublic());
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(name == null));
      if (name != null) {
        builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(name));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(String kind, byte[] der) {
    String base64 = Base64.getMimeEncoder().encodeToString(der);
    return "-----BEGIN " + kind + "-----\n" + base64 + "\n-----END " + kind + "-----\n";
  }
}
