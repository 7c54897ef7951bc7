package dev.ermine.app;

import dev.ermine.trust.GatewayIdentity;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;

/** One of the gateway's own key pairs while it runs. */
final class LivePair extends Live<GatewayIdentity> {

  private final OwnPair own;

  /**
   * @param first what a reading of the same files gave at start
   */
  LivePair(OwnPair own, GatewayIdentity first, InstantSource clock) {
    super(own, first, clock);
    this.own = own;
  }

  /** {@code server} or {@code client}. */
  String name() {
    return own.name();
  }

  /** The certificate in force now. */
  X509Certificate certificate() {
    return current().certificate();
  }

  /** When the certificate in force expires. */
  Instant notAfter() {
    return certificate().getNotAfter().toInstant();
  }
}
