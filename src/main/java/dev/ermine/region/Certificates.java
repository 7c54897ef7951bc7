package dev.ermine.region;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The certificates in a PEM file.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468#section-5">RFC 7468: textual encoding of
 *     certificates</a>
 */
final class Certificates {

  private static final String BEGIN = "-----BEGIN ";
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]*+)-----END CERTIFICATE-----");

  private Certificates() {}

  /** All certificates of the file; what is wrong is told to {@code faults}. */
  static List<X509Certificate> read(byte[] pem, Consumer<String> faults) {
    String text = new String(pem, StandardCharsets.ISO_8859_1);
    List<X509Certificate> certificates = new ArrayList<>();
    int begun = text.split(BEGIN, -1).length - 1;
    try {
      for (Matcher block = BLOCK.matcher(text); block.find(); begun--) {
        X509Certificate certificate = certificate(Base64.getMimeDecoder().decode(block.group(1)));
        refuseWeak(certificate.getPublicKey(), faults);
        certificates.add(certificate);
      }
    } catch (CertificateException | IllegalArgumentException e) {
      faults.accept("holds a certificate that cannot be read");
      return List.of();
    }
    if (begun > 0) {
      faults.accept("holds something besides whole certificates; leave only certificates in it");
    } else if (certificates.isEmpty()) {
      faults.accept("holds no certificate in PEM (`-----BEGIN CERTIFICATE-----`)");
    }
    return certificates;
  }

  private static X509Certificate certificate(byte[] der) throws CertificateException {
    Certificate certificate =
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    return (X509Certificate) certificate;
  }

  private static void refuseWeak(PublicKey key, Consumer<String> faults) {
    boolean strong =
        switch (key) {
          case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= Jwk.RSA_BITS;
          case ECPublicKey ec -> ec.getParams().getOrder().bitLength() >= 256;
          default -> false;
        };
    if (!strong) {
      faults.accept(
          "holds a certificate whose key is not RSA of 2048 bits or more, nor EC of 256 or more");
    }
  }
}
