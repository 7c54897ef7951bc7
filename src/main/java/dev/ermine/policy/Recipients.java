package dev.ermine.policy;

import dev.ermine.fhir.Consent;
import dev.ermine.fhir.Entry.Identifier;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.Party;
import dev.ermine.fhir.Pointer;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.policy.ConsentReferences.Found;
import dev.ermine.policy.ConsentReferences.Origin;
import dev.ermine.region.Organisation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether one Consent's recipients are who asks. */
final class Recipients {

  private static final PurposeOfUse PATIENT_REQUEST = new PurposeOfUse("PATRQT");

  private final ConsentCase situation;
  private final Consent consent;
  private final Origin origin;
  private final Identities asker;
  private final Map<String, Truth> weighed = new HashMap<>();

  Recipients(ConsentCase situation, Consent consent, Origin origin) {
    this.situation = situation;
    this.consent = consent;
    this.origin = origin;
    asker = Identities.of(situation.requester(), situation.asking().organisation());
  }

  /** Whether the requester is whom it means. */
  Truth include(Pointer who) {
    return include(who, origin, true);
  }

  /** A group counts by its members; one in another is not looked into. */
  private Truth include(Pointer who, Origin from, boolean groups) {
    if (who.target().equals(Optional.of("Patient"))) {
      return isPatient(who, from);
    }
    Truth logical = who.logical().map(this::isIdentifiedBy).orElse(Truth.UNKNOWN);
    return logical == Truth.UNKNOWN ? literally(who, from, groups) : logical;
  }

  private Truth isIdentifiedBy(Identifier identifier) {
    return switch (identifier.system().orElse("")) {
      case Organisation.SYSTEM -> asker.isOrganisation(List.of(identifier));
      case NhsNumber.SYSTEM -> Truth.UNKNOWN;
      default -> asker.isPerson(List.of(identifier));
    };
  }

  private Truth literally(Pointer who, Origin from, boolean groups) {
    String place = situation.references().address(who, from);
    if (!groups || place.isEmpty()) {
      return ofFound(who, from, groups);
    }
    Truth known = weighed.getOrDefault(place, null);
    if (known == null) {
      known = ofFound(who, from, true);
      weighed.put(place, known);
    }
    return known;
  }

  private Truth ofFound(Pointer who, Origin from, boolean groups) {
    Optional<Found> found = situation.references().party(who, from);
    return found.isEmpty() ? Truth.UNKNOWN : isParty(found.get(), groups);
  }

  private Truth isParty(Found found, boolean groups) {
    Party party = found.party();
    return switch (party.type()) {
      case "Organization" -> asker.isOrganisation(party.identifiers());
      case "Practitioner" -> asker.isPerson(party.identifiers());
      case "PractitionerRole" -> isIn(party.of(), found.origin());
      case "Group", "CareTeam" ->
          groups ? isMember(party.members(), found.origin()) : Truth.UNKNOWN;
      default -> Truth.UNKNOWN;
    };
  }

  /** A role is that of its practitioner, at its organisation. */
  private Truth isIn(List<Pointer> role, Origin from) {
    return role.stream()
        .map(each -> include(each, from, false))
        .reduce(Truth::and)
        .orElse(Truth.UNKNOWN);
  }

  private Truth isMember(List<Party.Member> members, Origin from) {
    return members.stream()
        .map(
            member ->
                member.inactive() || !member.period().contains(situation.at())
                    ? Truth.FALSE
                    : include(member.who(), from, false))
        .reduce(Truth::or)
        .orElse(Truth.UNKNOWN);
  }

  /** The patient asks when the purpose is the patient's own request. */
  private Truth isPatient(Pointer who, Origin from) {
    List<PurposeOfUse> purposes = situation.requester().purposes();
    if (purposes.stream().noneMatch(purpose -> purpose.isWithin(PATIENT_REQUEST))) {
      return Truth.FALSE;
    }
    boolean alone = purposes.stream().allMatch(PATIENT_REQUEST::equals);
    return alone && isSubject(who, from) ? Truth.TRUE : Truth.UNKNOWN;
  }

  private boolean isSubject(Pointer who, Origin from) {
    Pointer subject = consent.patient();
    String address = situation.references().address(who, from);
    boolean literal =
        !address.isEmpty() && address.equals(situation.references().address(subject, origin));
    return literal
        || (who.logical().isPresent()
            && subject.logical().isPresent()
            && Identities.same(List.of(who.logical().get()), List.of(subject.logical().get()))
                == Truth.TRUE);
  }
}
