package dev.ermine.fhir;

import java.util.List;
import java.util.Optional;

/**
 * What a clinical resource says beyond its codes and dates: its bytes are read again for this, so
 * only where something hangs on it. An element that is missing or cannot be read is absent here.
 *
 * @param readable whether it could be read at all; if not, all else is absent
 * @param clinicalStatus the code of {@code clinicalStatus}
 * @param verificationStatus the code of {@code verificationStatus}
 * @param status the resource's own {@code status}
 * @param criticality {@code AllergyIntolerance.criticality}
 * @param negated whether it says that something is not, or shall not be, done
 * @param categories codes of {@code category}, whichever system they are of
 * @param display what people call it: {@code text}, else the first {@code display}, of what it is
 *     about
 * @param reactions {@code AllergyIntolerance.reaction}
 * @param doses {@code dosage}, {@code dosageInstruction}, {@code doseQuantity}
 * @param value {@code value[x]}, else {@code dataAbsentReason}
 * @param components {@code Observation.component}
 * @param lot {@code Immunization.lotNumber}
 * @param hashes {@code hash} of its attachments
 * @param abated whether a Condition says that it has ended
 * @param deceased {@code Patient.deceased[x]}
 */
public record Clinical(
    boolean readable,
    Optional<String> clinicalStatus,
    Optional<String> verificationStatus,
    Optional<String> status,
    Optional<String> criticality,
    boolean negated,
    List<String> categories,
    Optional<String> display,
    List<Reaction> reactions,
    List<Dose> doses,
    Optional<Value> value,
    List<Component> components,
    Optional<Term> bodySite,
    Optional<Term> method,
    Optional<String> lot,
    List<String> hashes,
    boolean abated,
    Optional<Value> deceased) {

  /** Of a resource that cannot be read. */
  static final Clinical UNREADABLE =
      new Clinical(
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false,
          List.of(),
          Optional.empty(),
          List.of(),
          List.of(),
          Optional.empty(),
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          List.of(),
          false,
          Optional.empty());

  /** An event of an allergy: what set it off, and how it showed. */
  public record Reaction(
      Optional<Term> substance, List<Term> manifestations, Optional<String> severity) {
    public Reaction {
      manifestations = List.copyOf(manifestations);
    }
  }

  /** A part of an observation, such as one pressure of the two. */
  public record Component(Term code, Optional<Value> value) {}

  public Clinical {
    categories = List.copyOf(categories);
    reactions = List.copyOf(reactions);
    doses = List.copyOf(doses);
    components = List.copyOf(components);
    hashes = List.copyOf(hashes);
  }

  /** What that entry's resource says. */
  public static Clinical of(Entry entry) {
    return ClinicalReader.read(entry);
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "Clinical";
  }
}
