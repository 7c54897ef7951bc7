package dev.ermine.region;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Where a region's privacy officers are told that the glass was broken.
 *
 * @param webhook to which the notices are posted
 * @param anchors certificates that the server's certificate must chain to
 */
public record PrivacyOffice(URI webhook, List<X509Certificate> anchors) {
  public PrivacyOffice {
    anchors = List.copyOf(anchors);
  }
}
