package dev.ermine.trust;

import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.OfficerTrust.Admitted;
import dev.ermine.trust.OfficerTrust.Reason;
import dev.ermine.trust.OfficerTrust.Refused;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The proof that a security officer is asking: a pinned client certificate, looked at anew on each
 * request. A region's certificate never proves an officer, not even where both have it.
 */
public final class OfficerVerifier {

  private static final ZoneId LONDON = ZoneId.of("Europe/London");

  private final Officers officers;
  private final Supplier<KnownRegions> known;
  private final InstantSource clock;

  /**
   * @param regions the live version
   */
  public OfficerVerifier(Officers officers, Supplier<Regions> regions, InstantSource clock) {
    this.officers = officers;
    this.known = KnownRegions.live(regions);
    this.clock = clock;
  }

  /** Whether who shows this chain is an officer of that role. */
  public OfficerTrust verify(List<X509Certificate> chain, OfficerRole role) {
    if (chain.isEmpty()) {
      return refused(Reason.OFFICER_CERTIFICATE_MISSING);
    }
    X509Certificate leaf = chain.getFirst();
    Optional<RegionId> region =
        known.get().asker(Thumbprints.x5tS256(leaf)).map(asker -> asker.region().id());
    if (region.isPresent()) {
      return new Refused(Reason.NOT_AN_OFFICER, Optional.empty(), region, Optional.empty());
    }
    return officers
        .officer(leaf)
        .map(officer -> verify(officer, role))
        .orElseGet(() -> refused(Reason.OFFICER_CERTIFICATE_UNKNOWN));
  }

  private OfficerTrust verify(Officer officer, OfficerRole role) {
    Instant now = clock.instant();
    if (!CertificateRules.isValidAt(officer.certificate(), now)) {
      return refused(Reason.OFFICER_CERTIFICATE_NOT_VALID_NOW, officer, Optional.empty());
    }
    if (officer.tenure().silence(now.atZone(LONDON).toLocalDate()).isPresent()) {
      return refused(Reason.OFFICER_NOT_IN_FORCE, officer, Optional.empty());
    }
    return officer.roles().contains(role)
        ? new Admitted(officer)
        : refused(Reason.OFFICER_ROLE_MISSING, officer, Optional.of(role));
  }

  private static Refused refused(Reason reason) {
    return new Refused(reason, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static Refused refused(Reason reason, Officer officer, Optional<OfficerRole> missing) {
    return new Refused(reason, Optional.of(officer), Optional.empty(), missing);
  }
}
