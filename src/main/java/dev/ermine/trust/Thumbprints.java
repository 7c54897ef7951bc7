package dev.ermine.trust;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;

/**
 * Thumbprints of certificates, by which tokens are bound to them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8705#section-3.1">RFC 8705, 3.1: certificate
 *     thumbprint confirmation method</a>
 */
public final class Thumbprints {

  private Thumbprints() {}

  /** SHA-256 over the certificate's DER, base64url without padding. */
  public static String x5tS256(X509Certificate certificate) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("a certificate without encoding has no thumbprint", e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
