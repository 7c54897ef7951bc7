package dev.ermine.region;

import java.security.cert.X509Certificate;
import java.util.stream.Stream;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.security.auth.x500.X500Principal;

/**
 * Where the gateway runs, and so which keys it believes: in production none that were made for
 * development. Those bear a mark: the organisation in a certificate's subject or issuer, or the
 * beginning of a key's {@code kid}.
 */
public enum Stage {
  /** Where records are real. */
  PRODUCTION,
  /** Where none is. */
  SANDBOX;

  /**
   * What is said of a file whose key or certificate is refused: a predicate without its subject.
   */
  public static final String FAULT =
      "was made for development and proves nothing; give one of your own, or run with"
          + " `-Dquarkus.profile=sandbox`, never before real records";

  private static final String ORGANISATION = "Ermine development";
  private static final String KEY_ID = "development-";

  /** Whether the certificate, or whoever issued it, is of development. */
  public boolean refuses(X509Certificate certificate) {
    return this == PRODUCTION
        && Stream.of(certificate.getSubjectX500Principal(), certificate.getIssuerX500Principal())
            .anyMatch(Stage::isMarked);
  }

  /** Whether the key of that {@code kid} is of development. */
  public boolean refuses(String keyId) {
    return this == PRODUCTION && keyId.startsWith(KEY_ID);
  }

  private static boolean isMarked(X500Principal name) {
    try {
      return new LdapName(name.getName())
          .getRdns().stream()
              .anyMatch(
                  rdn ->
                      rdn.getType().equalsIgnoreCase("O") && ORGANISATION.equals(rdn.getValue()));
    } catch (InvalidNameException e) {
      throw new IllegalStateException("every X.500 name can be written as RFC 2253 says", e);
    }
  }
}
