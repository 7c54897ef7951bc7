package dev.ermine.region;

import dev.ermine.region.Approval.Signers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What stands against suspensions, without fault in themselves, in force. One officer may suspend;
 * to lift a suspension, or to suspend most regions at once, takes as many as {@code regions.yaml}.
 */
final class SuspensionRules {

  private final ChangeControl control;
  private final Regions base;
  private final Optional<Suspensions> inForce;

  SuspensionRules(ChangeControl control, Regions base, Optional<Suspensions> inForce) {
    this.control = control;
    this.base = base;
    this.inForce = inForce;
  }

  /** All of it; they may come into force, or stay so, where that is nothing. */
  List<Fault> against(Suspensions next, Signers signers) {
    List<Fault> faults = new ArrayList<>(unknown(next, base));
    if (next.serial() < control.leastSuspensionsSerial().orElse(1)) {
      faults.add(
          fault(
              "serial",
              "is below `%d`, the least that `ermine.trust.least-suspensions-serial` believes"
                  .formatted(control.leastSuspensionsSerial().orElseThrow())));
    }
    if (isOtherThanInForce(next)) {
      faults.add(fault("serial", "is that of the suspensions in force, which say else; raise it"));
    }
    faults.addAll(SignatureRules.against(Fault.SUSPENSIONS, signers, needed(next)));
    return faults;
  }

  /** A typing error must not leave a region trusted, unseen. */
  static List<Fault> unknown(Suspensions next, Regions base) {
    return next.suspended().entrySet().stream()
        .filter(entry -> base.region(entry.getKey()).isEmpty())
        .map(
            entry ->
                new Fault(
                    Fault.SUSPENSIONS,
                    entry.getValue().line(),
                    "suspended." + entry.getKey(),
                    "is no region of `" + Fault.REGIONS + "`"))
        .toList();
  }

  /** Whether signed suspensions have come and gone since these were written. */
  boolean isOutdated(Suspensions next) {
    return control.signed() && inForce.filter(now -> next.serial() < now.serial()).isPresent();
  }

  private boolean isOtherThanInForce(Suspensions next) {
    return control.signed()
        && inForce
            .filter(now -> now.serial() == next.serial() && !now.hash().equals(next.hash()))
            .isPresent();
  }

  private int needed(Suspensions next) {
    return lifts(next) || takesOutMost(next)
        ? control.signatures()
        : Math.min(1, control.signatures());
  }

  /** Whether a region would be trusted again. */
  private boolean lifts(Suspensions next) {
    Set<RegionId> taken = next.takenFrom(base);
    return inForce.filter(now -> !taken.containsAll(now.takenFrom(base))).isPresent();
  }

  private boolean takesOutMost(Suspensions next) {
    return TakenOut.between(base, base.under(next)).isMostly();
  }

  private static Fault fault(String path, String message) {
    return new Fault(Fault.SUSPENSIONS, 0, path, message);
  }
}
