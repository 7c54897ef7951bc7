package dev.ermine.trust;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A self-signed client certificate: an EC one, good for a year either way, unless said otherwise.
 */
final class TestCertificates {

  /** The JDK's providers do not know PSS by its joined names. */
  private static final Provider PSS = new BouncyCastleProvider();

  private String keyType = "EC";
  private int bits = 256;
  private String signature = "SHA256withECDSA";
  private Instant from = World.NOW.minus(Duration.ofDays(365));
  private Instant until = World.NOW.plus(Duration.ofDays(365));
  private KeyPurposeId[] purposes = {KeyPurposeId.id_kp_clientAuth};
  private int usage = KeyUsage.digitalSignature;

  static TestCertificates certificate() {
    return new TestCertificates();
  }

  TestCertificates key(String type, int size) {
    keyType = type;
    bits = size;
    signature = "SHA256with" + (type.equals("EC") ? "ECDSA" : type);
    return this;
  }

  TestCertificates signature(String algorithm) {
    signature = algorithm;
    return this;
  }

  TestCertificates valid(Instant first, Instant last) {
    from = first;
    until = last;
    return this;
  }

  TestCertificates purposes(KeyPurposeId... ids) {
    purposes = ids;
    return this;
  }

  TestCertificates usage(int bits) {
    usage = bits;
    return this;
  }

  X509Certificate make() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(keyType);
      generator.initialize(bits);
      KeyPair pair = generator.generateKeyPair();
      X500Name name = new X500Name("CN=synthetic client");
      X509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              new BigInteger(64, new SecureRandom()),
              Date.from(from),
              Date.from(until),
              name,
              pair.getPublic());
      if (purposes.length > 0) {
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
      }
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
      byte[] der =
          builder
              .build(
                  new JcaContentSignerBuilder(signature).setProvider(PSS).build(pair.getPrivate()))
              .getEncoded();
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
