package dev.ermine.policy;

import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.region.Agreement;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The terms of one agreement, each of which an asker meets or does not. */
final class AgreementTerms {

  /** A term, as rule ids write it, in the order in which they are looked at. */
  enum Term {
    PURPOSE("#purpose"),
    ORGANISATION("#organisation"),
    ROLE("#role"),
    RELATIONSHIP("#relationship"),
    BREAK_GLASS("#break-glass"),
    STEP_UP("#step-up"),
    OWN_RECORD("#own-record"),
    EXPIRED("#expired"),
    NOT_YET("#not-yet"),
    NATIONAL_DATA_OPT_OUT("#national-data-opt-out"),
    TYPE("#type"),
    RELEASE_READY("#release-ready");

    private final String mark;

    Term(String mark) {
      this.mark = mark;
    }

    String mark() {
      return mark;
    }
  }

  private final String id;
  private final Set<String> organisations;
  private final Set<PurposeOfUse> purposes;
  private final Set<String> roles;
  private final Set<String> types;
  private final Set<String> releaseReady;
  private final boolean related;
  private final Set<String> bases;
  private final Optional<Agreement.BreakGlass> breakGlass;
  private final LocalDate from;
  private final LocalDate until;

  AgreementTerms(Agreement agreement) {
    id = agreement.id();
    organisations = agreement.organisations();
    purposes = agreement.purposes();
    roles = agreement.roles();
    types = agreement.types();
    releaseReady = Documents.without(agreement.terms().releaseReady());
    related = agreement.relationship().required();
    bases = agreement.relationship().bases();
    breakGlass = agreement.breakGlass();
    from = agreement.from();
    until = agreement.until();
  }

  /** The first term that this asker does not meet, whatever type is asked for; null: none. */
  @Nullable Term unmet(Asker asker) {
    if (!isAll(asker.purposes(), purposes)) {
      return Term.PURPOSE;
    }
    if (!anyOr(organisations, asker.organisation())) {
      return Term.ORGANISATION;
    }
    if (!isAny(asker.roles(), roles)) {
      return Term.ROLE;
    }
    if (related && asker.basis().filter(basis -> anyOr(bases, basis)).isEmpty()) {
      return Term.RELATIONSHIP;
    }
    Term barrier = asker.breaking().map(breaking -> barrier(breaking, asker.roles())).orElse(null);
    if (barrier != null) {
      return barrier;
    }
    if (asker.day().isAfter(until)) {
      return Term.EXPIRED;
    }
    if (asker.day().isBefore(from)) {
      return Term.NOT_YET;
    }
    return asker.beyondCare() && !asker.optOutsKnown() ? Term.NATIONAL_DATA_OPT_OUT : null;
  }

  /**
   * What keeps an asker from breaking the glass: it takes a role that may, a reason, about the one
   * patient whom the token names, and a user who has just proven who they are and is not that
   * patient; null: nothing.
   */
  private @Nullable Term barrier(Breaking breaking, List<String> held) {
    if (breakGlass.isEmpty() || !breaking.saysWhy() || !isAny(held, breakGlass.get().roles())) {
      return Term.BREAK_GLASS;
    }
    if (!breaking.meets(breakGlass.get().stepUp())) {
      return Term.STEP_UP;
    }
    return breaking.ownRecord() ? Term.OWN_RECORD : null;
  }

  /**
   * The term that it does not meet for that type, all others being met; null: none.
   *
   * @param toPatients whether it is a patient who is shown it
   */
  @Nullable Term unmet(String type, boolean toPatients) {
    if (!types.contains(type)) {
      return Term.TYPE;
    }
    return toPatients && !releaseReady.contains(type) ? Term.RELEASE_READY : null;
  }

  Set<String> types() {
    return types;
  }

  String id() {
    return id;
  }

  /** The id of the rule that this term denies by. */
  String id(Term unmet) {
    return id + unmet.mark();
  }

  /** Whether all values are among those of the term. */
  static <T> boolean isAll(List<T> values, Set<T> term) {
    for (T value : values) {
      if (!term.contains(value)) {
        return false;
      }
    }
    return true;
  }

  /** Whether one of the values is among those of the term. */
  static <T> boolean isAny(List<T> values, Set<T> term) {
    for (T value : values) {
      if (term.contains(value)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the term is not stated, or states {@code value}. */
  static <T> boolean anyOr(Set<T> term, T value) {
    return term.isEmpty() || term.contains(value);
  }
}
