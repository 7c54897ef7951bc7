package dev.ermine.policy;

import dev.ermine.fhir.NhsNumber;
import dev.ermine.trust.Requester;
import java.time.Instant;

/**
 * Who has opted out of uses beyond their care, as far as it is known here: the National Data
 * Opt-out. Where it is not known, nothing is used beyond care.
 *
 * @see <a
 *     href="https://digital.nhs.uk/services/national-data-opt-out/operational-policy-guidance-document">National
 *     Data Opt-out: operational policy guidance</a>
 */
public sealed interface OptOuts permits OptOuts.Unknown, OptOutList {

  /** Whether it is known at that moment. */
  boolean inForce(Instant at);

  /** Whether that patient may have opted out, for all that was ever known. */
  boolean mayHave(NhsNumber patient);

  /** Whether that patient's record is withheld from a requester with such purposes. */
  default boolean withhold(Requester requester, NhsNumber patient, Instant at) {
    return Use.BEYOND_CARE.isAmong(requester.purposes()) && (!inForce(at) || mayHave(patient));
  }

  /** Nothing is known of anyone: no register is kept here, or none that can be believed. */
  record Unknown() implements OptOuts {

    @Override
    public boolean inForce(Instant at) {
      return false;
    }

    @Override
    public boolean mayHave(NhsNumber patient) {
      return true;
    }
  }
}
