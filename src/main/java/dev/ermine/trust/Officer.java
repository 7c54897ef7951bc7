package dev.ermine.trust;

import java.security.cert.X509Certificate;
import java.time.LocalDate;
import java.util.Optional;
import java.util.Set;

/**
 * A security officer, known by a client certificate of one's own.
 *
 * @param id as the configuration names the officer
 * @param certificate pinned whole
 * @param from the first day on which the officer counts
 * @param until the last day
 * @param revoked since when the officer counts no more
 */
public record Officer(
    String id,
    X509Certificate certificate,
    Set<OfficerRole> roles,
    Optional<LocalDate> from,
    Optional<LocalDate> until,
    Optional<LocalDate> revoked) {

  public Officer {
    roles = Set.copyOf(roles);
  }

  /** The id alone. */
  @Override
  public String toString() {
    return "Officer[" + id + "]";
  }
}
