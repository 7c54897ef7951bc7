package dev.ermine.trust;

import dev.ermine.region.RegionId;
import dev.ermine.trust.KnownRegions.Asker;
import dev.ermine.trust.Trust.Reason;
import dev.ermine.trust.Trust.Untrusted;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The first half of every proof: a client certificate that one region has pinned. It names the
 * region, and the region alone names issuer, algorithm and keys, so there is no other region's key
 * that a token could be held against.
 */
final class CertificateProof {

  private final Supplier<KnownRegions> known;
  private final Revocations revocations;
  private final InstantSource clock;

  CertificateProof(TrustBasis basis) {
    this.known = KnownRegions.live(basis.regions(), basis.published());
    this.revocations = basis.revocations();
    this.clock = basis.clock();
  }

  /** The second half: what the region shows beside its certificate. */
  interface Token<T> {
    T prove(Certified by) throws Refusal;
  }

  /** What the token proves of the region whose certificate it is, or why nothing is proven. */
  <T> T prove(List<X509Certificate> chain, Token<T> token, Function<Untrusted, T> otherwise) {
    if (chain.isEmpty()) {
      return otherwise.apply(new Untrusted(Reason.NO_CERTIFICATE, Optional.empty()));
    }
    X509Certificate leaf = chain.getFirst();
    KnownRegions now = known.get();
    Optional<String> thumbprint = now.thumbprint(leaf);
    Optional<Asker> asker = thumbprint.flatMap(now::asker);
    if (asker.isEmpty()) {
      return otherwise.apply(new Untrusted(Reason.UNKNOWN_CERTIFICATE, Optional.empty()));
    }
    Certified by = new Certified(now, asker.get(), thumbprint.orElseThrow(), clock.instant());
    try {
      check(leaf, by);
      return token.prove(by);
    } catch (Refusal refusal) {
      Optional<RegionId> region = Optional.of(by.asker().region().id());
      return otherwise.apply(new Untrusted(refusal.reason(), region));
    }
  }

  private void check(X509Certificate leaf, Certified by) throws Refusal {
    Instant now = by.now();
    Refusal.unless(CertificateRules.isValidAt(leaf, now), Reason.CERTIFICATE_NOT_VALID_NOW);
    revocations.require(leaf, by.asker().asks());
    Refusal.unless(by.asker().region().mayAsk(), Reason.REGION_NOT_ACTIVE);
  }
}
