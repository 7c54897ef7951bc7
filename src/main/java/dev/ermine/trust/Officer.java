package dev.ermine.trust;

import java.security.cert.X509Certificate;
import java.util.Set;

/**
 * A security officer, known by a client certificate of one's own.
 *
 * @param id as the configuration names the officer
 * @param certificate pinned whole
 */
public record Officer(
    String id, X509Certificate certificate, Set<OfficerRole> roles, Tenure tenure) {

  public Officer {
    roles = Set.copyOf(roles);
  }

  /** The id alone. */
  @Override
  public String toString() {
    return "Officer[" + id + "]";
  }
}
