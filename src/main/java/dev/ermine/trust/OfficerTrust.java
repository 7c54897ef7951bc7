package dev.ermine.trust;

import dev.ermine.region.RegionId;
import java.util.Optional;

/** Whether a certificate proves a security officer who may do what is asked. */
public sealed interface OfficerTrust {

  /** It does. */
  record Admitted(Officer officer) implements OfficerTrust {}

  /**
   * It does not.
   *
   * @param officer whose certificate it is, if an officer's
   * @param region whose certificate it is, if a region's
   * @param missing the role that is lacking, where that is the reason
   */
  record Refused(
      Reason reason,
      Optional<Officer> officer,
      Optional<RegionId> region,
      Optional<OfficerRole> missing)
      implements OfficerTrust {}

  /** Why. Its name is the id that audit and tests quote. */
  enum Reason {
    OFFICER_CERTIFICATE_MISSING(401),
    OFFICER_CERTIFICATE_UNKNOWN(401),
    OFFICER_CERTIFICATE_NOT_VALID_NOW(401),
    /** A region's certificate. */
    NOT_AN_OFFICER(403),
    /** Before the officer's first day, after the last, or revoked. */
    OFFICER_NOT_IN_FORCE(403),
    OFFICER_ROLE_MISSING(403);

    private final int status;

    Reason(int status) {
      this.status = status;
    }

    /** The HTTP status that says so. */
    public int status() {
      return status;
    }
  }
}
