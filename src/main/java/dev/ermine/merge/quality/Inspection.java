package dev.ermine.merge.quality;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Entry.ContainedPatient;
import dev.ermine.fhir.Entry.Identifier;
import dev.ermine.fhir.Entry.Reference;
import dev.ermine.fhir.Facets.Coded;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.SecondLook;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The look at what is wrong with an entry that is shown all the same. It rests on facets; the bytes
 * are read again only where these already show something odd.
 */
public final class Inspection {

  private static final String CLINICAL = "clinicalStatus";
  private static final String VERIFICATION = "verificationStatus";

  private final DateCheck dates;

  /**
   * @param at the time that the entries are shown
   */
  public Inspection(Instant at) {
    this.dates = new DateCheck(at);
  }

  /** Its flaws: most have none. */
  public Set<Flaw> of(Entry entry) {
    Set<Flaw> flaws = EnumSet.noneOf(Flaw.class);
    note(flaws, Flaw.INVALID_NHS_NUMBER, hasInvalidNhsNumber(entry));
    note(flaws, Flaw.IMPOSSIBLE_DATE, dates.isImpossibleIn(entry));
    noteSubject(flaws, entry);
    note(flaws, Flaw.MISSING_STATUS, lacksStatus(entry));
    note(flaws, Flaw.UNKNOWN_SYSTEM, hasUnknownSystem(entry));
    note(flaws, Flaw.BROKEN_REFERENCE, ReferenceCheck.isBrokenIn(entry));
    note(flaws, Flaw.GARBLED, entry.facets().garbled());
    return flaws;
  }

  private static void note(Set<Flaw> flaws, Flaw flaw, boolean found) {
    if (found) {
      flaws.add(flaw);
    }
  }

  private static void noteSubject(Set<Flaw> flaws, Entry entry) {
    String element = Subjects.code(entry.type());
    if (!element.isEmpty() && !isCoded(entry, element) && !refersToMedication(entry)) {
      flaws.add(SecondLook.saysInWords(entry, element) ? Flaw.TEXT_FOR_CODE : Flaw.MISSING_CODE);
    }
  }

  private static boolean isCoded(Entry entry, String element) {
    for (Coded coded : entry.facets().codes()) {
      if (coded.element().equals(element)) {
        return true;
      }
    }
    return false;
  }

  private static boolean refersToMedication(Entry entry) {
    for (Reference reference : entry.references()) {
      if (reference.element().equals(Subjects.MEDICATION)) {
        return true;
      }
    }
    return false;
  }

  /**
   * An allergy and a problem must say how they stand unless they are entered in error: invariants
   * ait-1 and con-3.
   *
   * @see <a href="https://hl7.org/fhir/R4/allergyintolerance.html#invs">FHIR R4: ait-1</a>
   * @see <a href="https://hl7.org/fhir/R4/condition.html#invs">FHIR R4: con-3</a>
   */
  private static boolean lacksStatus(Entry entry) {
    return switch (entry.type()) {
      case "AllergyIntolerance" ->
          !isCoded(entry, CLINICAL) && !says(entry, VERIFICATION, "entered-in-error");
      case "Condition" ->
          !isCoded(entry, CLINICAL)
              && says(entry, "category", "problem-list-item")
              && !says(entry, VERIFICATION, "entered-in-error");
      default ->
          Subjects.needsStatus(entry.type())
              && entry.facets().status().filter(status -> !status.isBlank()).isEmpty();
    };
  }

  private static boolean says(Entry entry, String element, String code) {
    for (Coded coded : entry.facets().codes()) {
      if (coded.element().equals(element) && coded.coding().code().equals(code)) {
        return true;
      }
    }
    return false;
  }

  private static boolean hasUnknownSystem(Entry entry) {
    for (Coded coded : entry.facets().codes()) {
      Coding coding = coded.coding();
      if (!isAbsolute(coding.system())) {
        return true;
      }
    }
    return false;
  }

  /** Whether it begins with a scheme and a colon, with something after that. */
  private static boolean isAbsolute(String uri) {
    int colon = uri.indexOf(':');
    if (colon < 1 || colon == uri.length() - 1) {
      return false;
    }
    for (int i = 0; i < colon; i++) {
      char c = uri.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      boolean more = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
      if (!letter && (i == 0 || !more)) {
        return false;
      }
    }
    return uri.indexOf(' ') < 0;
  }

  private static boolean hasInvalidNhsNumber(Entry entry) {
    return isInvalid(entry.identifiers())
        || isInvalidReference(entry.references())
        || isInvalidPatient(entry.contained());
  }

  private static boolean isInvalid(List<Identifier> identifiers) {
    for (Identifier identifier : identifiers) {
      if (isInvalid(identifier.system(), identifier.value())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isInvalidReference(List<Reference> references) {
    for (Reference reference : references) {
      if (isInvalid(reference.identifierSystem(), reference.identifierValue())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isInvalidPatient(List<ContainedPatient> contained) {
    for (ContainedPatient patient : contained) {
      if (isInvalid(patient.identifiers())) {
        return true;
      }
    }
    return false;
  }

  private static boolean isInvalid(Optional<String> system, Optional<String> value) {
    return system.isPresent()
        && value.isPresent()
        && system.get().equals(NhsNumber.SYSTEM)
        && NhsNumber.parse(value.get()).isEmpty();
  }
}
