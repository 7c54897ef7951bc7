package dev.ermine.trust;

import dev.ermine.trust.KnownRegions.Asker;
import java.time.Instant;

/**
 * A region that its client certificate has proven, and that may ask, at this moment.
 *
 * @param known the version of the regions that says so
 * @param thumbprint of the certificate
 */
record Certified(KnownRegions known, Asker asker, String thumbprint, Instant now) {

  /** Who its tokens are of. */
  String issuer() {
    return asker.asks().issuer();
  }
}
