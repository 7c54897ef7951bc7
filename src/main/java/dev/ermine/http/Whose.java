package dev.ermine.http;

import dev.ermine.region.RegionId;
import dev.ermine.trust.PinnedClients;
import java.security.cert.X509Certificate;

/**
 * Whose requests are counted as one's at the {@link Gate}, as far as the certificate tells.
 *
 * @param label as metrics write it
 */
public record Whose(Kind kind, String label) {

  /** Of what kind, which decides how many places there are. */
  public enum Kind {
    REGION,
    OFFICER,
    /** Nobody whom trust knows, or knows any more. */
    STRANGER
  }

  /** All officers, who look at trust while everybody asks. */
  public static final Whose OFFICERS = new Whose(Kind.OFFICER, "officers");

  /** All strangers, who are told so. */
  public static final Whose STRANGERS = new Whose(Kind.STRANGER, "strangers");

  static Whose region(RegionId id) {
    return new Whose(Kind.REGION, id.value());
  }

  /** Whose request it is that comes with {@code certificate}. */
  public static Whose of(X509Certificate certificate, PinnedClients clients) {
    return clients
        .region(certificate)
        .map(Whose::region)
        .orElseGet(() -> clients.isOfficer(certificate) ? OFFICERS : STRANGERS);
  }
}
