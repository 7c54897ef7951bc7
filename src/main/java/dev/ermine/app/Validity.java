package dev.ermine.app;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;

/**
 * For how long a certificate is good, as it is at one moment.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5">RFC 5280: Validity</a>
 */
record Validity(Instant from, Instant until, Instant now) {

  static Validity of(X509Certificate certificate, Instant now) {
    return new Validity(
        certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant(), now);
  }

  /** Of the one that ends first. */
  static Validity ofSoonest(Collection<X509Certificate> certificates, Instant now) {
    return certificates.stream()
        .map(certificate -> of(certificate, now))
        .min(Comparator.comparing(Validity::until))
        .orElseThrow();
  }

  boolean stands() {
    return !now.isBefore(from) && !now.isAfter(until);
  }

  /** In words. */
  @Override
  public String toString() {
    if (now.isBefore(from)) {
      return "not good before " + from;
    }
    return (stands() ? "good until " : "ended ") + until;
  }
}
