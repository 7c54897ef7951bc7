package dev.ermine.policy;

import static dev.ermine.policy.AgreementTerms.anyOr;
import static dev.ermine.policy.AgreementTerms.isAny;

import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.policy.AgreementTerms.Term;
import dev.ermine.policy.Decision.Deny;
import dev.ermine.policy.Decision.Permit;
import dev.ermine.region.Denial;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that is agreed and denied between two regions. Between most there is one agreement and no
 * denial that is met: what follows is then known before anyone asks.
 *
 * @param met what follows where no term is unmet, types aside
 * @param metForPatients the same where a patient asks
 * @param unmet what follows from the first unmet term
 */
record PairRules(
    Region releasing,
    List<AgreementTerms> agreements,
    List<Denial> denials,
    Settled met,
    Settled metForPatients,
    Map<Term, Settled> unmet) {

  private static final Deny DEFAULT_DENY = new Deny(List.of("default-deny"));

  static PairRules of(
      Region releasing, RegionId asking, List<AgreementTerms> agreements, List<Denial> denials) {
    List<Denial> between =
        denials.stream()
            .filter(denial -> anyOr(denial.releases(), releasing.id()))
            .filter(denial -> anyOr(denial.to(), asking))
            .toList();
    if (agreements.size() != 1) {
      Settled none = denied(releasing, DEFAULT_DENY);
      return new PairRules(releasing, agreements, between, none, none, Map.of());
    }
    AgreementTerms only = agreements.getFirst();
    Map<Term, Settled> unmet = new EnumMap<>(Term.class);
    for (Term term : Term.values()) {
      unmet.put(term, denied(releasing, new Deny(List.of(only.id(term)))));
    }
    return new PairRules(
        releasing,
        agreements,
        between,
        met(releasing, only, false),
        met(releasing, only, true),
        unmet);
  }

  private static Settled denied(Region releasing, Deny deny) {
    return new Settled(releasing, Map.of(), deny, Set.of());
  }

  /** Its every term is met, but perhaps for the type. */
  private static Settled met(Region releasing, AgreementTerms only, boolean toPatients) {
    Permit permit = new Permit(List.of(only.id()));
    Map<String, Decision> decisions = new HashMap<>();
    for (String type : only.types()) {
      Term unmet = only.unmet(type, toPatients);
      String lack = unmet == null ? Standing.lacks(releasing, type) : null;
      if (unmet != null) {
        decisions.put(type, new Deny(List.of(only.id(unmet))));
      } else {
        decisions.put(type, lack == null ? permit : new Deny(List.of(releasing.id() + lack)));
      }
    }
    Deny otherwise = new Deny(List.of(only.id(Term.TYPE)));
    return Settled.of(releasing, decisions, otherwise);
  }

  /** How they stand to one asker on one day. */
  Standing standing(Asker asker) {
    Standing agreed = agreements.size() > 1 ? weighed(asker) : settled(asker);
    List<Denial> denied = denials.isEmpty() ? denials : denied(asker);
    return denied.isEmpty() ? agreed : new Overridden(agreed, denied);
  }

  private Standing settled(Asker asker) {
    Term lack = agreements.isEmpty() ? null : agreements.getFirst().unmet(asker);
    Settled met = asker.isPatient() ? this.metForPatients : this.met;
    return lack == null ? met : unmet.getOrDefault(lack, met);
  }

  private Standing weighed(Asker asker) {
    List<@Nullable Term> lacks = new ArrayList<>(agreements.size());
    agreements.forEach(agreement -> lacks.add(agreement.unmet(asker)));
    return new Weighed(releasing, agreements, lacks, asker.isPatient());
  }

  /** The denials whose terms are met but for the type. */
  private List<Denial> denied(Asker asker) {
    List<Denial> denied = new ArrayList<>();
    for (Denial denial : denials) {
      if (denial.inForce(asker.day()) && meets(denial, asker)) {
        denied.add(denial);
      }
    }
    return denied;
  }

  private static boolean meets(Denial denial, Asker asker) {
    return anyOr(denial.organisations(), asker.organisation())
        && (denial.roles().isEmpty() || isAny(asker.roles(), denial.roles()))
        && (denial.purposes().isEmpty() || isFor(asker, denial));
  }

  private static boolean isFor(Asker asker, Denial denial) {
    for (PurposeOfUse purpose : asker.purposes()) {
      for (PurposeOfUse denied : denial.purposes()) {
        if (purpose.isWithin(denied)) {
          return true;
        }
      }
    }
    return false;
  }
}
