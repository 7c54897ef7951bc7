package dev.ermine.region;

import java.io.ByteArrayInputStream;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The list of revoked certificates in a file, PEM or DER.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-5">RFC 5280, 5: CRL and CRL
 *     extensions profile</a>
 */
final class RevocationLists {

  private RevocationLists() {}

  /** The list; what is wrong is told to {@code faults}. */
  static Optional<X509CRL> read(byte[] file, Consumer<String> faults) {
    try {
      X509CRL list =
          (X509CRL)
              CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(file));
      if (list.getNextUpdate() == null) {
        faults.accept("holds a list that does not say when the next one comes");
      } else if (!criticalExtensions(list).isEmpty()) {
        // The JDK knows deltas and partitions and calls them supported, yet reads them as whole.
        faults.accept("holds a list of part of the certificates alone; give whole ones");
      } else {
        return Optional.of(list);
      }
    } catch (CertificateException | CRLException e) {
      faults.accept("holds no X.509 CRL");
    }
    return Optional.empty();
  }

  private static Set<String> criticalExtensions(X509CRL list) {
    Set<String> critical = list.getCriticalExtensionOIDs();
    return critical == null ? Set.of() : critical;
  }
}
