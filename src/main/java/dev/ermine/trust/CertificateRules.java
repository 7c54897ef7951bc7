package dev.ermine.trust;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.RSAKey;
import java.security.spec.PSSParameterSpec;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What a certificate has to be at one end of TLS, whoever it is of.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-4.2">RFC 5280, 4.2: certificate
 *     extensions</a>
 */
public final class CertificateRules {

  private static final int MIN_RSA_BITS = 2048;
  private static final int MIN_EC_BITS = 256;
  private static final Set<String> HASHES = Set.of("SHA256", "SHA384", "SHA512");

  /**
   * What a certificate is for.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12">RFC 5280, 4.2.1.12:
   *     extended key usage</a>
   */
  public enum Purpose {
    SERVER("1.3.6.1.5.5.7.3.1"),
    CLIENT("1.3.6.1.5.5.7.3.2");

    private final String keyPurpose;

    Purpose(String keyPurpose) {
      this.keyPurpose = keyPurpose;
    }

    private String words() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private CertificateRules() {}

  /** Why the certificate cannot serve that purpose, whatever the day. */
  public static Optional<String> fault(X509Certificate certificate, Purpose purpose) {
    if (!isStrong(certificate.getPublicKey())) {
      return Optional.of("its key is weak; RSA needs 2048 bits, EC 256");
    }
    if (!isSignedWithStrongHash(certificate)) {
      return Optional.of(
          "it is signed with a weak hash; SHA-256, SHA-384 and SHA-512 are accepted");
    }
    if (!isFor(purpose, certificate)) {
      return Optional.of("its key usage does not allow TLS " + purpose.words() + " authentication");
    }
    return Optional.empty();
  }

  private static boolean isStrong(PublicKey key) {
    return switch (key) {
      case RSAKey rsa -> rsa.getModulus().bitLength() >= MIN_RSA_BITS;
      case ECKey ec -> ec.getParams().getCurve().getField().getFieldSize() >= MIN_EC_BITS;
      default -> false;
    };
  }

  private static boolean isSignedWithStrongHash(X509Certificate certificate) {
    String algorithm = certificate.getSigAlgName();
    String hash =
        algorithm.equals("RSASSA-PSS")
            ? pssHash(certificate)
            : algorithm.replaceFirst("(?i)with.*", "");
    return HASHES.contains(hash.toUpperCase(Locale.ROOT).replace("-", ""));
  }

  /** The hash that the parameters of an RSASSA-PSS signature name. */
  private static String pssHash(X509Certificate certificate) {
    byte[] parameters = certificate.getSigAlgParams();
    if (parameters == null) {
      return "SHA-1"; // the default of RFC 8017, A.2.3
    }
    try {
      AlgorithmParameters pss = AlgorithmParameters.getInstance("RSASSA-PSS");
      pss.init(parameters);
      return pss.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
    } catch (IOException | GeneralSecurityException e) {
      return "unreadable";
    }
  }

  private static boolean isFor(Purpose purpose, X509Certificate certificate) {
    boolean[] usage = certificate.getKeyUsage();
    boolean signs = usage == null || usage[0];
    return signs
        && !certificate.hasUnsupportedCriticalExtension()
        && isExtendedTo(purpose, certificate);
  }

  private static boolean isExtendedTo(Purpose purpose, X509Certificate certificate) {
    try {
      List<String> purposes = certificate.getExtendedKeyUsage();
      return purposes == null || purposes.contains(purpose.keyPurpose);
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  /** Whether {@code now} lies within the certificate's validity, both ends included. */
  public static boolean isValidAt(X509Certificate certificate, Instant now) {
    return !now.isBefore(certificate.getNotBefore().toInstant())
        && !now.isAfter(certificate.getNotAfter().toInstant());
  }
}
