package dev.ermine.trust;

import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import dev.ermine.trust.Trust.Reason;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of whether certificates are revoked: from lists, and from what responders have
 * said. What is not known counts as revoked.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-5">RFC 5280, 5: CRL</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6960">RFC 6960: OCSP</a>
 */
public final class Revocations {

  /** What is known of one certificate. */
  public enum Status {
    /** Its issuer says, and what it says is in date, that it is not revoked. */
    GOOD,
    /** Its issuer has revoked it. */
    REVOKED,
    /** Its issuer says nothing, or nothing that is in date. */
    UNKNOWN
  }

  private final InstantSource clock;
  private final OcspAnswers answers;

  /**
   * @param responders how responders are asked, in {@link #askResponders} alone
   */
  public Revocations(InstantSource clock, OcspAnswers.Responders responders) {
    this.clock = clock;
    this.answers = new OcspAnswers(responders, clock);
  }

  /** The time by which certificates and what is said of them are in date. */
  Instant now() {
    return clock.instant();
  }

  /** What is known of {@code certificate} in the way that a region declares. Asks nobody. */
  public Status status(X509Certificate certificate, Region.Revocation declared) {
    return issuer(certificate, declared.issuers())
        .map(
            issuer ->
                declared
                    .ocsp()
                    .map(at -> new OcspAnswers.Subject(at, certificate, issuer))
                    .map(answers::status)
                    .orElseGet(() -> listed(certificate, declared.crls(), clock.instant())))
        .orElse(Status.UNKNOWN);
  }

  /** Why a region's client certificate is refused, if it is. */
  Optional<Reason> refusal(X509Certificate certificate, Region.Asks asks) {
    return asks.revocation()
        .flatMap(
            declared ->
                switch (status(certificate, declared)) {
                  case GOOD -> Optional.empty();
                  case REVOKED -> Optional.of(Reason.CERTIFICATE_REVOKED);
                  case UNKNOWN -> Optional.of(Reason.CERTIFICATE_REVOCATION_UNKNOWN);
                });
  }

  void require(X509Certificate certificate, Region.Asks asks) throws Refusal {
    Optional<Reason> refusal = refusal(certificate, asks);
    if (refusal.isPresent()) {
      throw new Refusal(refusal.get());
    }
  }

  /** The one of {@code issuers} that has signed {@code certificate}. */
  private static Optional<X509Certificate> issuer(
      X509Certificate certificate, List<X509Certificate> issuers) {
    return issuers.stream().filter(issuer -> hasIssued(issuer, certificate)).findFirst();
  }

  private static boolean hasIssued(X509Certificate issuer, X509Certificate certificate) {
    if (!issuer.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
      return false;
    }
    try {
      // JDK certificates remember the last key that they were found good under.
      certificate.verify(issuer.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false; // another authority of the same name has
    }
  }

  /** Any list of its issuer may revoke it; one that is in date has to clear it. */
  private static Status listed(
      X509Certificate certificate, List<Region.Revocation.Crl> lists, Instant now) {
    List<X509CRL> own =
        lists.stream()
            .map(Region.Revocation.Crl::list)
            .filter(it -> it.getIssuerX500Principal().equals(certificate.getIssuerX500Principal()))
            .toList();
    if (own.stream().anyMatch(list -> list.getRevokedCertificate(certificate) != null)) {
      return Status.REVOKED;
    }
    return own.stream().anyMatch(list -> isInDate(list, now)) ? Status.GOOD : Status.UNKNOWN;
  }

  private static boolean isInDate(X509CRL list, Instant now) {
    return !now.isBefore(list.getThisUpdate().toInstant())
        && now.isBefore(list.getNextUpdate().toInstant());
  }

  /**
   * Asks responders of the certificates that these regions pin, and of those that regions have
   * shown, where it is time to. It blocks while they answer.
   */
  public void askResponders(Regions regions) {
    Set<OcspAnswers.Subject> pinned = new HashSet<>();
    for (Region region : regions.regions()) {
      region.asks().ifPresent(asks -> pinned.addAll(subjects(asks)));
    }
    answers.renew(pinned);
  }

  private static List<OcspAnswers.Subject> subjects(Region.Asks asks) {
    Optional<Region.Revocation> declared = asks.revocation();
    Optional<URI> responder = declared.flatMap(Region.Revocation::ocsp);
    List<OcspAnswers.Subject> subjects = new ArrayList<>();
    if (responder.isPresent()) {
      for (X509Certificate certificate : asks.certificates()) {
        issuer(certificate, declared.get().issuers())
            .map(issuer -> new OcspAnswers.Subject(responder.get(), certificate, issuer))
            .ifPresent(subjects::add);
      }
    }
    return subjects;
  }
}
