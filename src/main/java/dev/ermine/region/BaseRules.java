package dev.ermine.region;

import dev.ermine.region.Approval.Signers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What stands against a version of {@code regions.yaml}, without fault in itself, in force. */
final class BaseRules {

  private final ChangeControl control;
  private final List<Fault> faults = new ArrayList<>();

  private BaseRules(ChangeControl control) {
    this.control = control;
  }

  /** All of it; a version may come into force, or stay so, where that is nothing. */
  static List<Fault> against(
      Regions next, Signers signers, Optional<InForce> inForce, ChangeControl control, Instant at) {
    BaseRules rules = new BaseRules(control);
    rules.checkTerms(next.edition());
    rules.checkTime(next.edition(), at);
    rules.checkFloor(next.edition());
    rules.checkSignatures(signers);
    inForce
        .filter(now -> !now.base().hash().equals(next.hash()))
        .ifPresent(now -> rules.checkSuccession(now, next));
    return List.copyOf(rules.faults);
  }

  private void checkTerms(Edition edition) {
    if (control.signed()) {
      faults.addAll(lacking(edition));
    }
  }

  /** What it lacks to be signed: without it a signature would be good for ever, over any keys. */
  static List<Fault> lacking(Edition edition) {
    List<Fault> lacking = new ArrayList<>();
    if (edition.valid().isEmpty()) {
      lacking.add(new Fault(0, "valid", "is missing: when this version may be in force"));
    }
    if (!edition.bindsFiles()) {
      lacking.add(
          new Fault(
              0,
              "files",
              "is missing: the SHA-256 of each named file; `./ermine trust files` prints all"));
    }
    return lacking;
  }

  private void checkTime(Edition edition, Instant at) {
    edition
        .valid()
        .filter(valid -> !valid.has(at))
        .ifPresent(
            valid ->
                add(
                    "valid",
                    valid.hasEnded(at)
                        ? "ended at `%s`, and every query is refused since; bring the next version"
                            .formatted(valid.until())
                        : "begins at `%s`; it comes into force then".formatted(valid.from())));
  }

  private void checkFloor(Edition edition) {
    if (edition.serial() < control.leastSerial()) {
      add(
          "serial",
          "is below `%d`, the least that `ermine.trust.least-serial` believes; bring a newer version"
              .formatted(control.leastSerial()));
    }
  }

  private void checkSignatures(Signers signers) {
    SignatureRules.against(Fault.REGIONS, signers, control.signatures()).forEach(faults::add);
  }

  private void checkSuccession(InForce now, Regions next) {
    if (control.signed() && next.serial() <= now.base().serial()) {
      add(
          "serial",
          "is `%d`, and `%d` is in force; raise it with every change, and never go back"
              .formatted(next.serial(), now.base().serial()));
    }
    TakenOut.unsaid(now.effective(), next).ifPresent(told -> add("regions", told));
    now.suspensions().stream()
        .flatMap(suspensions -> suspensions.suspended().keySet().stream())
        .filter(id -> next.region(id).isEmpty() && now.base().region(id).isPresent())
        .forEach(
            id ->
                add(
                    "regions." + id,
                    "is taken out while `"
                        + Fault.SUSPENSIONS
                        + "` names it; keep it as `retired` until that does not"));
  }

  private void add(String path, String message) {
    faults.add(new Fault(0, path, message));
  }
}
