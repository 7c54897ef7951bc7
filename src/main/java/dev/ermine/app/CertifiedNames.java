package dev.ermine.app;

import java.net.InetAddress;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * The names that a server certificate is for, as its clients compare them.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9525#section-6">RFC 9525, 6: Verifying Service
 *     Identity</a>
 */
final class CertifiedNames {

  private static final int DNS = 2;
  private static final int IP = 7;

  private CertifiedNames() {}

  /** Whether one of the certificate's subject alternative names is that host of a URL. */
  static boolean cover(X509Certificate certificate, String host) {
    return alternatives(certificate).stream()
        .anyMatch(
            name ->
                switch ((Integer) name.get(0)) {
                  case DNS -> isDns((String) name.get(1), host);
                  case IP -> isAddress((String) name.get(1), host);
                  default -> false;
                });
  }

  private static Collection<List<?>> alternatives(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      return names == null ? List.of() : names;
    } catch (CertificateParsingException e) {
      // Nobody else could read them either.
      return List.of();
    }
  }

  /** A wildcard stands for the first label, whole, and for no more. */
  private static boolean isDns(String name, String host) {
    String certified = name.toLowerCase(Locale.ROOT);
    String wanted = host.toLowerCase(Locale.ROOT);
    int dot = wanted.indexOf('.');
    return certified.equals(wanted)
        || (dot > 0 && certified.equals("*" + wanted.substring(dot)) && !isAddress(host));
  }

  private static boolean isAddress(String name, String host) {
    return isAddress(host) && InetAddress.ofLiteral(host).equals(InetAddress.ofLiteral(name));
  }

  private static boolean isAddress(String host) {
    try {
      InetAddress.ofLiteral(host);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
