package dev.ermine.policy;

import dev.ermine.fhir.Entry;
import dev.ermine.region.Region;
import dev.ermine.trust.Requester;
import java.time.Instant;

/**
 * The Consents that one holder has recorded of a patient, compiled for one requester at one moment.
 */
public final class ConsentRules {

  /** What the Consents say of an entry. */
  public enum Effect {
    /** One denies it. */
    DENY,
    /** None denies it, and one permits it. */
    PERMIT,
    /** None speaks of it. */
    NONE
  }

  /**
   * What decided.
   *
   * @param rule where it stands, as FHIRPath behind the Consent's number; empty for {@link
   *     Effect#NONE}
   */
  public record Ruling(Effect effect, String rule) {}

  private final boolean undecided;

  private ConsentRules(boolean undecided) {
    this.undecided = undecided;
  }

  /**
   * Compiles them.
   *
   * @param holder whose Consents they are
   */
  public static ConsentRules of(Consents consents, Region holder, Requester requester, Instant at) {
    return new ConsentRules(!consents.equals(Consents.NONE));
  }

  /** Whether it cannot be established what the patient decided: nothing may be disclosed. */
  public boolean undecided() {
    return undecided;
  }

  /** Whether they deny whatever entry there may be. */
  public boolean denyAll() {
    return false;
  }

  /** What they say of that entry of the holder's, or of a region's that the holder asks. */
  public Ruling rule(Entry entry) {
    return new Ruling(Effect.NONE, "");
  }
}
