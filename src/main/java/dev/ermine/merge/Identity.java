package dev.ermine.merge;

import dev.ermine.fhir.Addresses;
import dev.ermine.fhir.Compartment;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.NhsNumber;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The patient as one region knows them: which of its Patients are surely the one asked about, and
 * so which references name them.
 */
final class Identity {

  /** Whose record an entry is. */
  enum Subject {
    /** The patient's. */
    THIS_PATIENT,
    /** A patient's who has their number in this region and is not surely them. */
    REFUSED,
    /** Surely another's. */
    ANOTHER,
    /** It cannot be told. */
    UNKNOWN
  }

  private final Set<String> numbers;
  private final RegionBase base;
  private final Patients patients;
  private final boolean allShown;

  private Identity(Sought sought, RegionBase base, Patients patients, boolean allShown) {
    this.numbers = numbers(sought);
    this.base = base;
    this.patients = patients;
    this.allShown = allShown;
  }

  /**
   * The identity that a region's Patients establish; empty when any of them does not carry the
   * asked NHS number, or carries another besides: then the region means another patient. Whether
   * those who carry it are surely the patient is another question.
   */
  static Optional<Identity> establish(
      Sought sought, RegionBase base, PeerAnswer.Answered answered) {
    Set<String> numbers = numbers(sought);
    if (answered.patients().isEmpty()
        || !answered.patients().stream()
            .allMatch(entry -> entry.type().equals("Patient") && areTheirs(numbers, entry))) {
      return Optional.empty();
    }
    List<Entry> patients = new ArrayList<>(answered.patients());
    RegionView.entries(answered).stream()
        .filter(entry -> entry.type().equals("Patient") && areTheirs(numbers, entry))
        .forEach(patients::add);
    return Optional.of(
        new Identity(
            sought, base, Patients.judge(sought, patients, entry -> at(base, entry)), true));
  }

  /** An identity that rests on the NHS number alone: which Patients are theirs is not known. */
  static Identity byNumber(Sought sought, RegionBase base) {
    return new Identity(sought, base, Patients.NONE, false);
  }

  private static boolean areTheirs(Set<String> numbers, Entry patient) {
    return names(numbers, patient.identifiers()) == Subject.THIS_PATIENT;
  }

  /** A number that another has taken the place of is theirs as well. */
  private static Set<String> numbers(Sought sought) {
    Set<String> numbers = new HashSet<>();
    numbers.add(sought.number().value());
    sought.superseded().forEach(number -> numbers.add(number.value()));
    return numbers;
  }

  /** Of one that stands elsewhere the id says nothing here: another may have it. */
  private static Set<String> at(RegionBase base, Entry patient) {
    Set<String> addresses = new HashSet<>();
    Optional<String> place = patient.fullUrl().map(url -> shown(base, url));
    place.ifPresent(addresses::add);
    if (place.filter(url -> url.startsWith("http") && !base.isWithin(url)).isEmpty()) {
      patient.id().ifPresent(id -> addresses.add(base.show("Patient", id)));
    }
    return addresses;
  }

  /** Whether the region has a Patient who is surely the one asked about. */
  boolean isTheirs() {
    return !patients.persons().isEmpty();
  }

  /** Whether every Patient that the region has under the number is surely the one asked about. */
  boolean isCertain() {
    return patients.areAllAccepted();
  }

  /**
   * How sure it is.
   *
   * @param telling whether it may be told that this Patient is there
   */
  Standing standing(Predicate<Entry> telling) {
    return Standing.of(patients, telling);
  }

  /** Whose record {@code entry} is. For types of the Patient compartment only. */
  Subject subjectOf(Entry entry) {
    if (entry.type().equals("Patient")) {
      return subjectOfPatient(entry);
    }
    List<String> elements = Compartment.subjectElements(entry.type());
    boolean found = false;
    boolean refused = false;
    for (Entry.Reference reference : entry.references()) {
      if (elements.contains(reference.element())) {
        Subject subject = subjectOf(entry, reference);
        if (subject == Subject.ANOTHER) {
          return Subject.ANOTHER;
        }
        refused |= subject == Subject.REFUSED;
        found |= subject == Subject.THIS_PATIENT;
      }
    }
    if (refused) {
      return Subject.REFUSED;
    }
    return found && !containsAnother(entry) ? Subject.THIS_PATIENT : Subject.UNKNOWN;
  }

  private Subject subjectOfPatient(Entry entry) {
    Subject subject = names(numbers, entry.identifiers());
    return subject == Subject.THIS_PATIENT && !patients.accept(entry) ? Subject.REFUSED : subject;
  }

  /** Whether a contained Patient of the entry is surely another. */
  boolean containsAnother(Entry entry) {
    return entry.contained().stream()
        .anyMatch(contained -> names(numbers, contained.identifiers()) == Subject.ANOTHER);
  }

  /** A literal and a logical reference may stand side by side: neither may name another. */
  private Subject subjectOf(Entry entry, Entry.Reference reference) {
    Subject logical = logical(reference);
    Subject literal =
        reference.literal().map(url -> literal(entry, url.value())).orElse(Subject.UNKNOWN);
    if (logical == Subject.ANOTHER || literal == Subject.ANOTHER) {
      return Subject.ANOTHER;
    }
    return logical == Subject.THIS_PATIENT && literal == Subject.UNKNOWN ? logical : literal;
  }

  private Subject logical(Entry.Reference reference) {
    if (!reference.identifierSystem().equals(Optional.of(NhsNumber.SYSTEM))) {
      return Subject.UNKNOWN;
    }
    return reference
        .identifierValue()
        .map(value -> numbers.contains(value) ? byNumberAlone() : Subject.ANOTHER)
        .orElse(Subject.UNKNOWN);
  }

  /** The number alone names two, where a Patient who carries it is not surely this one. */
  private Subject byNumberAlone() {
    return patients.areAllAccepted() ? Subject.THIS_PATIENT : Subject.UNKNOWN;
  }

  private Subject literal(Entry entry, String reference) {
    if (reference.startsWith("#")) {
      return contained(entry, reference.substring(1));
    }
    String address = address(entry, reference);
    if (patients.acceptAt(address)) {
      return Subject.THIS_PATIENT;
    }
    if (patients.refuseAt(address)) {
      return Subject.REFUSED;
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
        .map(contained -> names(numbers, contained.identifiers()))
        .map(subject -> subject == Subject.THIS_PATIENT ? byNumberAlone() : subject)
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
    return patients.acceptAt(address);
  }

  private static String shown(RegionBase base, String url) {
    String plain = Addresses.withoutVersion(url);
    return base.rebase(plain).orElse(plain);
  }

  /** What NHS numbers say: superseded ones ({@code use=old}) say nothing. */
  private static Subject names(Set<String> numbers, List<Entry.Identifier> identifiers) {
    boolean found = false;
    for (Entry.Identifier identifier : identifiers) {
      if (identifier.system().equals(Optional.of(NhsNumber.SYSTEM))
          && !identifier.use().equals(Optional.of("old"))
          && identifier.value().isPresent()) {
        if (!numbers.contains(identifier.value().get())) {
          return Subject.ANOTHER;
        }
        found = true;
      }
    }
    return found ? Subject.THIS_PATIENT : Subject.UNKNOWN;
  }
}
