package dev.ermine.region;

import dev.ermine.region.Approval.Kind;
import dev.ermine.region.Approval.Signers;
import dev.ermine.region.Sources.Content;
import dev.ermine.region.Sources.Signed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The way from what is in force to what the officers' files say now. What may not come into force
 * leaves in force what is.
 */
final class Succession {

  private final ChangeControl control;
  private final List<Fault> faults = new ArrayList<>();
  private final List<Fault> flaws = new ArrayList<>();

  /**
   * Where it leads.
   *
   * @param inForce empty at start, where nothing good has been found
   * @param faults why a file is not in force
   * @param flaws the signatures that do not count, under files that are in force without them
   */
  record Step(Optional<InForce> inForce, List<Fault> faults, List<Fault> flaws) {}

  private Succession(ChangeControl control) {
    this.control = control;
  }

  /**
   * One step of it.
   *
   * @param inForce empty at start
   * @param regionsYaml the file and its signatures, and what came of reading it and all it names
   * @param suspensions those that there are, wherever they come from
   */
  static Step from(
      Optional<InForce> inForce,
      Signed regionsYaml,
      Reading reading,
      List<Signed> suspensions,
      ChangeControl control,
      Instant at) {
    Succession step = new Succession(control);
    Optional<Regions> base = step.base(inForce, regionsYaml, reading, at);
    Optional<InForce> next = base.map(it -> InForce.of(it, step.over(it, inForce, suspensions)));
    return new Step(
        next, step.faults.stream().sorted().distinct().toList(), List.copyOf(step.flaws));
  }

  private Optional<Regions> base(
      Optional<InForce> inForce, Signed file, Reading reading, Instant at) {
    Optional<Regions> standing = inForce.map(InForce::base);
    return switch (reading) {
      case Reading.Faulty(List<Fault> found) -> {
        faults.addAll(found);
        yield standing;
      }
      case Reading.Loaded(Regions next) -> {
        Signers signers = signers(Kind.REGIONS, file);
        List<Fault> found = BaseRules.against(next, signers, inForce, control, at);
        faults.addAll(found);
        if (found.isEmpty()) {
          flaws.addAll(SignatureRules.flaws(Fault.REGIONS, signers));
        }
        yield found.isEmpty() ? Optional.of(next.signedBy(signers.officers())) : standing;
      }
    };
  }

  /** The suspensions over a version: of several that may come into force, the highest serial. */
  private Optional<Suspensions> over(
      Regions base, Optional<InForce> inForce, List<Signed> candidates) {
    Optional<Suspensions> standing = inForce.flatMap(InForce::suspensions);
    SuspensionRules rules = new SuspensionRules(control, base, standing);
    List<Signed> there = candidates.stream().filter(candidate -> !candidate.isAbsent()).toList();
    int before = faults.size();
    Optional<Suspensions> best =
        there.stream()
            .flatMap(candidate -> good(candidate, rules).stream())
            .max(Comparator.comparingInt(Suspensions::serial));
    if (best.isEmpty() && faults.size() == before) {
      tellLack(there.isEmpty(), standing);
    }
    boolean stands = control.signed() || !there.isEmpty();
    return stands ? best.or(() -> standing) : best;
  }

  /** The suspensions of a file, unless something stands against them, or they are outdated. */
  private Optional<Suspensions> good(Signed file, SuspensionRules rules) {
    return switch (SuspensionsFile.read(file.file())) {
      case SuspensionsFile.Reading.Faulty(List<Fault> found) -> {
        faults.addAll(found);
        yield Optional.empty();
      }
      case SuspensionsFile.Reading.Loaded(Suspensions next) when rules.isOutdated(next) ->
          Optional.empty();
      case SuspensionsFile.Reading.Loaded(Suspensions next) -> {
        Signers signers = signers(Kind.SUSPENSIONS, file);
        List<Fault> found = rules.against(next, signers);
        faults.addAll(found);
        if (found.isEmpty()) {
          flaws.addAll(SignatureRules.flaws(Fault.SUSPENSIONS, signers));
        }
        yield found.isEmpty() ? Optional.of(next.signedBy(signers.officers())) : Optional.empty();
      }
    };
  }

  /** That a file that has been there, or has to be, is not. */
  private void tellLack(boolean isAbsent, Optional<Suspensions> standing) {
    if (!control.signed() && isAbsent && control.leastSuspensionsSerial().isEmpty()) {
      return;
    }
    if (standing.isPresent()) {
      faults.add(
          lack(
              (isAbsent ? "does not exist any more" : "is older than what is in force")
                  + "; suspensions of serial `%d` stay in force until a newer file lifts them"
                      .formatted(standing.get().serial())));
    } else if (control.leastSuspensionsSerial().isPresent()) {
      faults.add(
          lack(
              "does not exist, and `ermine.trust.least-suspensions-serial` demands one; bring it"));
    }
  }

  private static Fault lack(String message) {
    return new Fault(Fault.SUSPENSIONS, 0, "", message);
  }

  private Signers signers(Kind kind, Signed file) {
    return switch (file.signatures()) {
      case Content.Unreadable _ when file.isUnsigned() -> new Signers(Set.of(), List.of());
      case Content.Unreadable(String why) ->
          new Signers(Set.of(), List.of(new Approval.Flaw(0, why)));
      case Content.Read signatures ->
          file.file() instanceof Content.Read text
              ? control.approval().signers(kind, text.bytes(), signatures.bytes())
              : new Signers(Set.of(), List.of());
    };
  }
}
