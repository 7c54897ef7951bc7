package dev.ermine.policy;

import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.policy.Decision.Deny;
import dev.ermine.policy.Decision.Permit;
import dev.ermine.region.Agreement;
import dev.ermine.region.Denial;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rules as they read: every question looks at every term anew. The judge of the compiled. */
final class PlainRules {

  private static final Deny DEFAULT_DENY = new Deny(List.of("default-deny"));

  /** Agreements begin and end with the day where they were signed. */
  private static final ZoneId LONDON = ZoneId.of("Europe/London");

  private final Map<Pair, List<Agreement>> agreements;
  private final List<Denial> denials;

  PlainRules(Regions regions) {
    denials = regions.denials();
    agreements = new HashMap<>();
    for (Agreement agreement : regions.agreements()) {
      for (RegionId asking : agreement.to()) {
        agreements
            .computeIfAbsent(new Pair(agreement.releases(), asking), pair -> new ArrayList<>())
            .add(agreement);
      }
    }
  }

  /** May it be shared at this moment? */
  Decision decide(Question question, Instant at, boolean optOutsKnown) {
    Region releasing = question.releasing();
    return standing(question.requester(), releasing, at, optOutsKnown)
        .decide(releasing, question.type());
  }

  /** What holds between the two on that day, whatever type is asked for. */
  private Standing standing(
      Requester requester, Region releasing, Instant at, boolean optOutsKnown) {
    LocalDate day = day(at);
    List<Term> terms = new ArrayList<>();
    for (Agreement agreement :
        agreements.getOrDefault(new Pair(releasing.id(), requester.region()), List.of())) {
      Optional<String> unmet = unmet(agreement, requester, at);
      if (unmet.isEmpty() && !optOutsKnown && isBeyondCare(requester)) {
        unmet = Optional.of("#national-data-opt-out");
      }
      terms.add(new Term(agreement, unmet, isForPatients(requester)));
    }
    List<Denial> denied =
        denials.stream()
            .filter(denial -> denial.inForce(day) && meets(denial, requester, releasing))
            .toList();
    return new Standing(terms, denied);
  }

  /** The first term that this requester does not meet on this day, whatever type is asked for. */
  private static Optional<String> unmet(Agreement agreement, Requester requester, Instant at) {
    LocalDate day = day(at);
    if (!agreement.purposes().containsAll(requester.purposes())) {
      return Optional.of("#purpose");
    }
    if (!anyOr(agreement.organisations(), requester.organisation().ods())) {
      return Optional.of("#organisation");
    }
    if (!hasRole(requester, agreement.roles())) {
      return Optional.of("#role");
    }
    if (!related(requester, agreement.relationship())) {
      return Optional.of("#relationship");
    }
    if (requester.purposes().contains(PurposeOfUse.BREAK_THE_GLASS)) {
      if (!mayBreakGlass(requester, agreement)) {
        return Optional.of("#break-glass");
      }
      if (!steppedUp(requester.stepUp(), agreement.breakGlass().orElseThrow().stepUp(), at)) {
        return Optional.of("#step-up");
      }
      if (requester.ownRecord()) {
        return Optional.of("#own-record");
      }
    }
    if (day.isAfter(agreement.until())) {
      return Optional.of("#expired");
    }
    return day.isBefore(agreement.from()) ? Optional.of("#not-yet") : Optional.empty();
  }

  /** Of v3 ActReason only these are care, and what stands under them is not. */
  private static boolean isBeyondCare(Requester requester) {
    Set<String> care = Set.of("TREAT", "COC", "ETREAT", "ERTREAT", "BTG");
    return requester.purposes().stream()
        .anyMatch(purpose -> !care.contains(purpose.code()) && !isForPatients(purpose));
  }

  private static boolean isForPatients(Requester requester) {
    return requester.purposes().stream().anyMatch(PlainRules::isForPatients);
  }

  private static boolean isForPatients(PurposeOfUse purpose) {
    return Set.of("PATRQT", "FAMRQT", "PWATRNY", "SUPNWK").contains(purpose.code());
  }

  private static LocalDate day(Instant at) {
    return at.atZone(LONDON).toLocalDate();
  }

  /** In one of the ways that count, no longer ago than allowed, and no more than a minute ahead. */
  private static boolean steppedUp(Requester.StepUp shown, Agreement.StepUp demanded, Instant at) {
    if (shown.context().isEmpty() || shown.at().isEmpty()) {
      return false;
    }
    long seconds = at.getEpochSecond() - shown.at().get().getEpochSecond();
    return demanded.contexts().contains(shown.context().get())
        && seconds <= demanded.age().toSeconds()
        && seconds >= -60;
  }

  private static boolean hasRole(Requester requester, Set<String> codes) {
    return requester.roles().stream()
        .anyMatch(
            role -> role.system().equals(AgreementRules.ROLES) && codes.contains(role.code()));
  }

  private static boolean related(Requester requester, Agreement.Relationship demanded) {
    return !demanded.required()
        || requester
            .relationship()
            .map(Requester.Relationship::basis)
            .filter(basis -> !basis.isBlank() && anyOr(demanded.bases(), basis))
            .isPresent();
  }

  /** With a reason, about the one patient whom the token names, in a role that may. */
  private static boolean mayBreakGlass(Requester requester, Agreement agreement) {
    return agreement.breakGlass().filter(terms -> hasRole(requester, terms.roles())).isPresent()
        && requester.breakGlassReason().filter(reason -> !reason.isBlank()).isPresent()
        && requester.patient().isPresent();
  }

  private static boolean meets(Denial denial, Requester requester, Region releasing) {
    return anyOr(denial.releases(), releasing.id())
        && anyOr(denial.to(), requester.region())
        && anyOr(denial.organisations(), requester.organisation().ods())
        && (denial.purposes().isEmpty() || isFor(requester, denial.purposes()))
        && (denial.roles().isEmpty() || hasRole(requester, denial.roles()));
  }

  private static boolean isFor(Requester requester, Set<PurposeOfUse> denied) {
    return requester.purposes().stream()
        .anyMatch(purpose -> denied.stream().anyMatch(purpose::isWithin));
  }

  /** Whether the term is not stated, or states {@code value}. */
  private static <T> boolean anyOr(Set<T> term, T value) {
    return term.isEmpty() || term.contains(value);
  }

  /** What the region itself is short of, however willing the agreement. */
  private static Optional<String> lacks(Region releasing, String type) {
    if (releasing.answers().isEmpty()) {
      return Optional.of("#answers");
    }
    return releasing.answers().get().types().contains(type)
        ? Optional.empty()
        : Optional.of("#type");
  }

  /** Who releases, and who asks. */
  private record Pair(RegionId releasing, RegionId asking) {}

  /**
   * How an agreement stands to one requester on one day.
   *
   * @param unmet the first unmet term of those that hold for every type
   * @param toPatients whether it is a patient who is shown what is shared
   */
  private record Term(Agreement agreement, Optional<String> unmet, boolean toPatients) {

    Optional<String> unmet(String type) {
      if (unmet.isPresent()) {
        return unmet;
      } else if (!agreement.types().contains(type)) {
        return Optional.of("#type");
      }
      return toPatients && !isReady(type) ? Optional.of("#release-ready") : Optional.empty();
    }

    /** Documents never are. */
    private boolean isReady(String type) {
      return agreement.terms().releaseReady().contains(type)
          && !Set.of("DocumentReference", "Media", "Binary").contains(type);
    }
  }

  /** How all of them stand, and the denials whose terms are met but for the type. */
  private record Standing(List<Term> terms, List<Denial> denials) {

    Decision decide(Region releasing, String type) {
      List<String> denied =
          denials.stream().filter(denial -> anyOr(denial.types(), type)).map(Denial::id).toList();
      if (!denied.isEmpty()) {
        return new Deny(denied);
      }
      return terms.isEmpty() ? DEFAULT_DENY : agreed(releasing, type);
    }

    private Decision agreed(Region releasing, String type) {
      List<String> permits = new ArrayList<>(terms.size());
      List<String> unmet = new ArrayList<>(terms.size());
      for (Term term : terms) {
        Optional<String> lack = term.unmet(type);
        (lack.isEmpty() ? permits : unmet).add(term.agreement.id() + lack.orElse(""));
      }
      if (permits.isEmpty()) {
        return new Deny(unmet);
      }
      return lacks(releasing, type)
          .<Decision>map(lack -> new Deny(List.of(releasing.id() + lack)))
          .orElseGet(() -> new Permit(permits));
    }
  }
}
