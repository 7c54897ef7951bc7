package dev.ermine.app;

import dev.ermine.region.LiveRegions.Refresh;
import dev.ermine.trust.GatewayIdentity;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * One of the gateway's own key pairs while it runs. Changed files replace it whole, once they are
 * good; until then the last good pair stays in force. An older pair may come back: so does an
 * operator undo a change.
 */
final class LivePair {

  private record State(
      GatewayIdentity inForce, Instant lastSuccess, Optional<List<String>> refused) {}

  private final OwnPair own;
  private final InstantSource clock;
  private volatile State state;
  private String seen = "";
  private String good = "";
  private String faulty = "";

  /**
   * @param first what a reading of the same files gave at start
   */
  LivePair(OwnPair own, GatewayIdentity first, InstantSource clock) {
    this.own = own;
    this.clock = clock;
    this.state = new State(first, clock.instant(), Optional.empty());
  }

  /** {@code server} or {@code client}. */
  String name() {
    return own.name();
  }

  /** The identity in force now. */
  GatewayIdentity current() {
    return state.inForce();
  }

  /** The certificate in force now. */
  X509Certificate certificate() {
    return current().certificate();
  }

  /** When the certificate in force expires. */
  Instant notAfter() {
    return certificate().getNotAfter().toInstant();
  }

  /** When the files were last found good. */
  Instant lastSuccess() {
    return state.lastSuccess();
  }

  /** Why the files as they are now are not in force; empty if they are. */
  Optional<List<String>> refused() {
    return state.refused();
  }

  /**
   * Looks whether the files have other content than when last looked at. A change counts once two
   * looks in a row have found the same, so two files are never judged while only one is written. A
   * faulty pair is judged anew at each look: one that is not yet valid will be.
   */
  synchronized Refresh refresh() {
    String now = own.files().fingerprint();
    boolean settled = now.equals(seen);
    seen = now;
    if (!settled) {
      return Refresh.UNCHANGED;
    }
    if (now.equals(good)) {
      return succeed(current());
    }
    OwnPair.Reading reading = own.read(clock.instant());
    if (!now.equals(own.files().fingerprint())) {
      return Refresh.UNCHANGED;
    }
    return switch (reading) {
      case OwnPair.Reading.Good(GatewayIdentity identity) -> {
        good = now;
        yield succeed(identity);
      }
      case OwnPair.Reading.Refused(List<String> faults) -> refuse(now, faults);
    };
  }

  private Refresh succeed(GatewayIdentity identity) {
    boolean isNews = refused().isPresent() || !identity.equals(current());
    state = new State(identity, clock.instant(), Optional.empty());
    return isNews ? Refresh.LOADED : Refresh.UNCHANGED;
  }

  /** It is news once: not again while files and faults stay the same. */
  private Refresh refuse(String now, List<String> faults) {
    Optional<List<String>> told = Optional.of(faults);
    boolean isNews = !now.equals(faulty) || !told.equals(refused());
    faulty = now;
    state = new State(current(), lastSuccess(), told);
    return isNews ? Refresh.FAULTY : Refresh.UNCHANGED;
  }
}
