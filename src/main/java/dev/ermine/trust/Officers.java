package dev.ermine.trust;

import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import dev.ermine.trust.CertificateRules.Purpose;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The security officers whom the gateway's own configuration names, by their pinned certificates:
 * who writes {@code regions.yaml} does not say who its officers are.
 */
public final class Officers {

  /** No officers. */
  public static final Officers NONE = new Officers(List.of());

  private final List<Officer> officers;
  private final Map<String, Officer> byThumbprint = new HashMap<>();

  public Officers(List<Officer> officers) {
    this.officers = List.copyOf(officers);
    this.officers.forEach(
        officer -> byThumbprint.put(Thumbprints.x5tS256(officer.certificate()), officer));
  }

  /** What in the officers' certificates cannot be used; each begins with the officer's id. */
  public List<String> faults(Regions regions, Instant now) {
    Map<String, String> owners = new HashMap<>();
    for (Region region : regions.regions()) {
      region
          .asks()
          .ifPresent(
              asks ->
                  asks.certificates()
                      .forEach(
                          certificate ->
                              owners.put(
                                  Thumbprints.x5tS256(certificate),
                                  "region `" + region.id() + "`")));
    }
    List<String> faults = new ArrayList<>();
    for (Officer officer : officers) {
      fault(officer.certificate(), now)
          .or(() -> shared(officer, owners))
          .ifPresent(fault -> faults.add(officer.id() + ".certificate: " + fault));
    }
    return faults;
  }

  private static Optional<String> fault(X509Certificate certificate, Instant now) {
    return CertificateRules.fault(certificate, Purpose.CLIENT)
        .or(
            () ->
                now.isAfter(certificate.getNotAfter().toInstant())
                    ? Optional.of(
                        "it expired at " + certificate.getNotAfter().toInstant() + "; renew it")
                    : Optional.empty());
  }

  private static Optional<String> shared(Officer officer, Map<String, String> owners) {
    String owner =
        owners.putIfAbsent(
            Thumbprints.x5tS256(officer.certificate()), "officer `" + officer.id() + "`");
    return Optional.ofNullable(owner)
        .map(other -> other + " has it too; a certificate proves one party");
  }

  /** The officer who has that certificate. */
  Optional<Officer> officer(X509Certificate certificate) {
    return Optional.ofNullable(byThumbprint.get(Thumbprints.x5tS256(certificate)));
  }
}
