package dev.ermine.merge;

import dev.ermine.fhir.Entry;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.policy.Consents;
import dev.ermine.region.Region;
import java.util.List;
import java.util.Optional;

/**
 * The Consents that a holder was asked for, once it is sure that they were read whole and that each
 * is this patient's: one that may be another's leaves open what this patient decided, and so does a
 * Patient under their number who is not surely them.
 *
 * @see <a href="https://hl7.org/fhir/R4/consent.html">FHIR R4: Consent</a>
 */
public final class HeldConsents {

  private HeldConsents() {}

  /** Those that a region's own record holds, as it answered with them. */
  public static Consents inRecord(Sought sought, Region region, String gateway, PeerAnswer answer) {
    RegionBase base = new RegionBase(region, gateway);
    return switch (answer) {
      case PeerAnswer.Answered answered ->
          Identity.establish(sought, base, answered)
              .filter(Identity::isCertain)
              .map(identity -> known(identity, region, answered.consents()))
              .orElseGet(Consents.Unknown::new);
      case PeerAnswer.NotMatched _, PeerAnswer.Objected _ -> known(region, List.of());
      case PeerAnswer.Missed _, PeerAnswer.Document _ -> new Consents.Unknown();
    };
  }

  /**
   * Those that a register of objections holds. It need not know a Patient: what it says of this one
   * it says by NHS number.
   *
   * @param register the region, to be asked as its register is
   */
  public static Consents inRegister(
      Sought sought, Region register, String gateway, PeerAnswer answer) {
    if (!(answer instanceof PeerAnswer.Answered answered)) {
      return new Consents.Unknown();
    }
    RegionBase base = new RegionBase(register, gateway);
    return answered.patients().isEmpty()
        ? known(Identity.byNumber(sought, base), register, answered.consents())
        : Identity.establish(sought, base, answered)
            .filter(Identity::isCertain)
            .map(identity -> known(identity, register, answered.consents()))
            .orElseGet(Consents.Unknown::new);
  }

  private static Consents known(Identity identity, Region holder, Optional<TypeAnswer> consents) {
    return consents.isPresent()
            && consents.get() instanceof TypeAnswer.Read(List<Entry> entries, var gaps, _)
            && gaps.isEmpty()
            && entries.stream().allMatch(entry -> isNotAnothers(identity, entry))
        ? known(holder, entries)
        : new Consents.Unknown();
  }

  private static boolean isNotAnothers(Identity identity, Entry entry) {
    return !entry.type().equals("Consent")
        || identity.subjectOf(entry) == Identity.Subject.THIS_PATIENT;
  }

  private static Consents known(Region holder, List<Entry> entries) {
    return new Consents.Known(entries, holder.answers().orElseThrow().base().toString());
  }
}
