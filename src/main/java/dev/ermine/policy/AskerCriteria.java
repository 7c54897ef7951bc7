package dev.ermine.policy;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Concept;
import dev.ermine.fhir.Consent.ProvisionType;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.fhir.TimeSpan;
import dev.ermine.policy.Criterion.Settled;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The criteria of the request: when it is made, what for, and what is done. */
final class AskerCriteria {

  private static final String ACTIONS = "http://terminology.hl7.org/CodeSystem/consentaction";

  private AskerCriteria() {}

  /** Whether a provision is in force. */
  static Criterion inForce(TimeSpan period, Instant at) {
    return new Settled(Truth.of(period.contains(at)), "its period is now");
  }

  /**
   * Whether it is for that purpose: a permission is for what it names, to the letter, and all of
   * the requester's purposes must be; a denial holds of what stands under what it names, too, and
   * one of the requester's is enough.
   */
  static Criterion purposes(List<Coding> codings, Requester requester, ProvisionType type) {
    List<PurposeOfUse> named = new ArrayList<>();
    boolean unclear = false;
    for (Coding coding : codings) {
      Optional<PurposeOfUse> purpose =
          PurposeOfUse.parse(coding.code())
              .filter(code -> coding.system().equals(PurposeOfUse.SYSTEM) && code.known());
      purpose.ifPresent(named::add);
      unclear |= purpose.isEmpty();
    }
    List<PurposeOfUse> theirs = requester.purposes();
    boolean met =
        type == ProvisionType.DENY
            ? theirs.stream().anyMatch(each -> named.stream().anyMatch(each::isWithin))
            : named.containsAll(theirs);
    return new Settled(
        Truth.of(met).unless(unclear),
        "the purpose is " + String.join(" or ", codings.stream().map(Coding::code).toList()));
  }

  /** Whether it is about what the gateway does: to disclose, for others to have access. */
  static Criterion actions(List<Concept> actions) {
    Truth any = Truth.FALSE;
    Set<String> names = new HashSet<>();
    for (Concept action : actions) {
      any = any.or(action(action));
      action.codings().forEach(coding -> names.add(coding.code()));
    }
    return new Settled(
        any, "the action is " + String.join(" or ", names.stream().sorted().toList()));
  }

  private static Truth action(Concept action) {
    Truth known = Truth.FALSE;
    boolean any = false;
    for (Coding coding : action.codings()) {
      if (coding.system().equals(ACTIONS)) {
        any = true;
        known =
            known.or(
                switch (coding.code()) {
                  case "access", "disclose" -> Truth.TRUE;
                  case "collect", "use", "correct" -> Truth.FALSE;
                  default -> Truth.UNKNOWN;
                });
      }
    }
    return any ? known : Truth.UNKNOWN;
  }
}
