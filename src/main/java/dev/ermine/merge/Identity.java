package dev.ermine.merge;

import dev.ermine.fhir.Addresses;
import dev.ermine.fhir.Compartment;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.NhsNumber;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The patient as one region knows them: which of its Patients are surely the one asked about, and
 * so which references name them.
 */
final class Identity {

  /** Whose record an entry is. */
  enum Subject {
    /** The patient's. */
    THIS_PATIENT,
    /** Surely another's. */
    ANOTHER,
    /** It cannot be told. */
    UNKNOWN
  }

  private final NhsNumber patient;
  private final RegionBase base;
  private final Set<String> addresses;
  private final boolean allShown;

  private Identity(NhsNumber patient, RegionBase base, Set<String> addresses, boolean allShown) {
    this.patient = patient;
    this.base = base;
    this.addresses = addresses;
    this.allShown = allShown;
  }

  /**
   * The identity that a region's Patients establish; empty when any of them is not surely the
   * patient: it does not carry the asked NHS number, or carries another besides.
   */
  static Optional<Identity> establish(Sought sought, RegionBase base, List<Entry> patients) {
    NhsNumber patient = sought.number();
    if (patients.isEmpty()) {
      return Optional.empty();
    }
    Set<String> addresses = new HashSet<>();
    for (Entry entry : patients) {
      if (!entry.type().equals("Patient")
          || names(patient, entry.identifiers()) != Subject.THIS_PATIENT) {
        return Optional.empty();
      }
      entry.id().ifPresent(id -> addresses.add(base.show("Patient", id)));
      entry.fullUrl().map(url -> shown(base, url)).ifPresent(addresses::add);
    }
    return Optional.of(new Identity(patient, base, addresses, true));
  }

  /** An identity that rests on the NHS number alone: which Patients are theirs is not known. */
  static Identity byNumber(Sought sought, RegionBase base) {
    return new Identity(sought.number(), base, Set.of(), false);
  }

  /** Whose record {@code entry} is. For types of the Patient compartment only. */
  Subject subjectOf(Entry entry) {
    if (entry.type().equals("Patient")) {
      return names(patient, entry.identifiers());
    }
    List<String> elements = Compartment.subjectElements(entry.type());
    boolean found = false;
    for (Entry.Reference reference : entry.references()) {
      if (elements.contains(reference.element())) {
        Subject subject = subjectOf(entry, reference);
        if (subject == Subject.ANOTHER) {
          return Subject.ANOTHER;
        }
        found |= subject == Subject.THIS_PATIENT;
      }
    }
    return found && !containsAnother(entry) ? Subject.THIS_PATIENT : Subject.UNKNOWN;
  }

  /** Whether a contained Patient of the entry is surely another. */
  boolean containsAnother(Entry entry) {
    return entry.contained().stream()
        .anyMatch(contained -> names(patient, contained.identifiers()) == Subject.ANOTHER);
  }

  /** A literal and a logical reference may stand side by side: neither may name another. */
  private Subject subjectOf(Entry entry, Entry.Reference reference) {
    Subject logical = logical(reference);
    Subject literal =
        reference.literal().map(url -> literal(entry, url.value())).orElse(Subject.UNKNOWN);
    if (logical == Subject.ANOTHER || literal == Subject.ANOTHER) {
      return Subject.ANOTHER;
    }
    return logical == Subject.THIS_PATIENT ? logical : literal;
  }

  private Subject logical(Entry.Reference reference) {
    if (!reference.identifierSystem().equals(Optional.of(NhsNumber.SYSTEM))) {
      return Subject.UNKNOWN;
    }
    return reference
        .identifierValue()
        .map(value -> value.equals(patient.value()) ? Subject.THIS_PATIENT : Subject.ANOTHER)
        .orElse(Subject.UNKNOWN);
  }

  private Subject literal(Entry entry, String reference) {
    if (reference.startsWith("#")) {
      return contained(entry, reference.substring(1));
    }
    String address = address(entry, reference);
    if (addresses.contains(address)) {
      return Subject.THIS_PATIENT;
    }
    // In its own id space the region knows every Patient: one that it did not show is another.
    return allShown && address.startsWith(base.show("Patient", ""))
        ? Subject.ANOTHER
        : Subject.UNKNOWN;
  }

  private Subject contained(Entry entry, String id) {
    return entry.contained().stream()
        .filter(patient -> patient.id().equals(Optional.of(id)))
        .findFirst()
        .map(contained -> names(patient, contained.identifiers()))
        .orElse(Subject.UNKNOWN);
  }

  /** Where a literal reference in {@code entry} leads, as the gateway shows it. */
  String address(Entry entry, String reference) {
    return base.address(entry, reference);
  }

  /** Where an entry stands; empty when it says neither where nor by what id. */
  Optional<String> address(Entry entry) {
    return entry.fullUrl().or(entry::id).map(_ -> shown(base, base.addresses().of(entry)));
  }

  /** The address of a reference that stands in no entry: relative to the peer's base. */
  String address(String reference) {
    return shown(base, reference.contains(":") ? reference : base.own(reference));
  }

  /** Whether an address is one of the patient's. */
  boolean isAt(String address) {
    return addresses.contains(address);
  }

  private static String shown(RegionBase base, String url) {
    String plain = Addresses.withoutVersion(url);
    return base.rebase(plain).orElse(plain);
  }

  /** What NHS numbers say: superseded ones ({@code use=old}) say nothing. */
  private static Subject names(NhsNumber patient, List<Entry.Identifier> identifiers) {
    boolean found = false;
    for (Entry.Identifier identifier : identifiers) {
      if (identifier.system().equals(Optional.of(NhsNumber.SYSTEM))
          && !identifier.use().equals(Optional.of("old"))
          && identifier.value().isPresent()) {
        if (!identifier.value().get().equals(patient.value())) {
          return Subject.ANOTHER;
        }
        found = true;
      }
    }
    return found ? Subject.THIS_PATIENT : Subject.UNKNOWN;
  }
}
