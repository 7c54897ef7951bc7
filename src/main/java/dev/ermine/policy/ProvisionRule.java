package dev.ermine.policy;

import dev.ermine.policy.ConsentRules.Effect;
import dev.ermine.policy.ConsentRules.Ruling;
import dev.ermine.policy.Criterion.Settled;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A provision of a Consent, weighed as far as it can be before there is an entry: what it says,
 * when its criteria are met, save where one of its exceptions says otherwise.
 *
 * <p>Of exceptions that contradict one another the denial wins. Where it cannot be told whether the
 * criteria are met, it comes to the lesser of what it would say and nothing: so a denial holds, and
 * a permission does not, whatever stands inside either.
 *
 * @see <a href="https://hl7.org/fhir/R4/consent-definitions.html#Consent.provision.provision">FHIR
 *     R4: Consent.provision.provision</a>
 */
final class ProvisionRule {

  private final Ruling own;
  private final List<Criterion> criteria;
  private final List<ProvisionRule> exceptions;

  /** What the criteria that no entry changes come to. */
  private final Truth settled;

  private final Criterion[] open;
  private final ProvisionRule[] live;
  private final boolean mayDeny;
  private final Effect utmost;

  /**
   * The rule.
   *
   * @param own what it says
   * @param criteria all of which are to be met
   */
  ProvisionRule(Ruling own, List<Criterion> criteria, List<ProvisionRule> exceptions) {
    this.own = own;
    this.criteria = List.copyOf(criteria);
    this.exceptions = List.copyOf(exceptions);
    settled =
        criteria.stream()
            .filter(Settled.class::isInstance)
            .map(each -> ((Settled) each).truth())
            .reduce(Truth.TRUE, Truth::and);
    open = criteria.stream().filter(each -> !(each instanceof Settled)).toArray(Criterion[]::new);
    live = exceptions.stream().filter(each -> !each.isMoot()).toArray(ProvisionRule[]::new);
    mayDeny = own.effect() == Effect.DENY || Arrays.stream(live).anyMatch(each -> each.mayDeny);
    utmost = settled == Truth.FALSE ? Effect.NONE : utmostMet();
  }

  /** The most that it may come to, unless its criteria are surely not met. */
  private Effect utmostMet() {
    Effect inside = own.effect();
    for (ProvisionRule exception : live) {
      inside = exception.utmost == Effect.PERMIT ? Effect.PERMIT : inside;
    }
    for (ProvisionRule exception : live) {
      inside = exception.utmost == Effect.DENY ? Effect.DENY : inside;
    }
    boolean sure = inside == Effect.DENY ? open.length == 0 : settled == Truth.TRUE;
    return sure ? inside : Effect.NONE;
  }

  /** Whether it says nothing of any entry. */
  boolean isMoot() {
    return settled == Truth.FALSE || (settled == Truth.UNKNOWN && !mayDeny);
  }

  /** What it says of that entry; null: nothing. */
  @Nullable Ruling of(EntryView entry) {
    Truth met = met(entry);
    if (met == Truth.FALSE) {
      return null;
    }
    Ruling inside = inside(entry);
    return met == Truth.TRUE || inside.effect() == Effect.DENY ? inside : null;
  }

  private Truth met(EntryView entry) {
    Truth met = settled;
    for (int i = 0; i < open.length && met != Truth.FALSE; i++) {
      met = met.and(open[i].of(entry));
    }
    return met;
  }

  private Ruling inside(EntryView entry) {
    @Nullable Ruling permit = null;
    for (ProvisionRule exception : live) {
      @Nullable Ruling said = exception.of(entry);
      if (said != null && said.effect() == Effect.DENY) {
        return said;
      }
      permit = permit == null ? said : permit;
    }
    return permit == null ? own : permit;
  }

  /** The most that it may come to, whatever the entry. */
  Effect utmost() {
    return utmost;
  }

  /** Tells how it comes to what it says of that entry. */
  void explain(EntryView entry, List<String> steps) {
    steps.add(own.rule() + " " + verb() + conditions(entry) + outcome(entry));
    if (met(entry) != Truth.FALSE) {
      exceptions.forEach(exception -> exception.explain(entry, steps));
    }
  }

  private String verb() {
    return own.effect() == Effect.DENY ? "denies" : "permits";
  }

  private String conditions(EntryView entry) {
    if (criteria.isEmpty()) {
      return " whatever there is";
    }
    return " if "
        + String.join(
            ", and ",
            criteria.stream()
                .map(each -> each.words() + " (" + answer(each.of(entry)) + ")")
                .toList());
  }

  private static String answer(Truth truth) {
    return switch (truth) {
      case TRUE -> "yes";
      case FALSE -> "no";
      case UNKNOWN -> "cannot be told";
    };
  }

  private String outcome(EntryView entry) {
    return switch (met(entry)) {
      case TRUE -> ": it applies";
      case FALSE -> ": it does not apply";
      case UNKNOWN ->
          own.effect() == Effect.DENY
              ? ": it may apply, and a denial that may apply does"
              : ": it may apply, and a permission that may apply does not; what it denies inside does";
    };
  }
}
