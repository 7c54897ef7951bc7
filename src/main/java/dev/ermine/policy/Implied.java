package dev.ermine.policy;

import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.region.ReleaseTerms.ImplicitConsent;
import java.util.List;

/**
 * What each of IHE PCF's implicit policies permits.
 *
 * @see <a href="https://profiles.ihe.net/ITI/PCF/volume-1.html#15321-implicit-option">IHE PCF,
 *     53.2.1: Implicit Option</a>
 */
final class Implied {

  private Implied() {}

  /** Whether the policy permits each of the purposes, of which there is one at least. */
  static boolean permits(ImplicitConsent policy, List<PurposeOfUse> purposes) {
    for (PurposeOfUse purpose : purposes) {
      if (!permits(policy, purpose)) {
        return false;
      }
    }
    return !purposes.isEmpty();
  }

  private static boolean permits(ImplicitConsent policy, PurposeOfUse purpose) {
    return switch (policy) {
      case BASIC_NORMAL -> Use.of(purpose) == Use.INDIVIDUAL_CARE;
      case ALL_NORMAL -> true;
      case BREAK_GLASS_ONLY -> purpose.equals(PurposeOfUse.BREAK_THE_GLASS);
      case DENY -> false;
    };
  }
}
