package dev.ermine.merge.summary;

import dev.ermine.fhir.Coding;
import java.util.List;

/**
 * A section of the summary, in the order in which people read them: what is missing and what is
 * contradictory first, then what kills, then the rest.
 *
 * @see <a href="https://hl7.org/fhir/uv/ips/STU2/StructureDefinition-Composition-uv-ips.html">IPS
 *     2.0.0: the sections of its Composition</a>
 */
@SuppressWarnings("ImmutableEnumChecker") // values that nobody can change
public enum Heading {
  /** What each region said, or why it did not: no IPS section is for that. */
  ACCOUNT("Regions asked, and what is missing", own("account"), Need.ALWAYS),
  ALLERGIES("Allergies and intolerances", loinc("48765-2"), Need.ALWAYS, "AllergyIntolerance"),
  MEDICATIONS(
      "Medication summary",
      loinc("10160-0"),
      Need.ALWAYS,
      "MedicationStatement",
      "MedicationRequest"),
  PROBLEMS("Problem list", loinc("11450-4"), Need.ALWAYS, "Condition"),
  ALERTS("Alerts", loinc("104605-1"), Need.IF_ANY, "Flag"),
  PLAN_OF_CARE("Plan of care", loinc("18776-5"), Need.IF_ANY, "CarePlan"),
  IMMUNIZATIONS("Immunisations", loinc("11369-6"), Need.IF_ANY, "Immunization"),
  PROCEDURES("History of procedures", loinc("47519-4"), Need.IF_ANY, "Procedure"),
  RESULTS("Results", loinc("30954-2"), Need.IF_ANY, "Observation", "DiagnosticReport"),
  VITAL_SIGNS("Vital signs", loinc("8716-3"), Need.IF_ANY, "Observation"),
  PREGNANCY("Pregnancy", loinc("10162-6"), Need.IF_ANY, "Observation"),
  SOCIAL_HISTORY("Social history", loinc("29762-2"), Need.IF_ANY, "Observation"),
  PAST_PROBLEMS("Past problems", loinc("11348-0"), Need.IF_ANY, "Condition"),
  /** Who the patient is, as each region has it: an IPS has one Patient. */
  PATIENTS("The patient as regions know them", own("patients"), Need.IF_ANY, "Patient"),
  /** What has no place of its own, and what goes with it: nothing is left out for that. */
  OTHER("Other information shared", own("other"), Need.IF_ANY);

  /** The code system of the sections that an IPS does not have. */
  public static final String SYSTEM = "https://ermine.dev/fhir/CodeSystem/section";

  private enum Need {
    ALWAYS,
    IF_ANY
  }

  private final String title;
  private final Coding code;
  private final Need need;
  private final List<String> types;

  Heading(String title, Coding code, Need need, String... types) {
    this.title = title;
    this.code = code;
    this.need = need;
    this.types = List.of(types);
  }

  public String title() {
    return title;
  }

  public Coding code() {
    return code;
  }

  /** Whether the section stands there even if there is nothing to stand in it. */
  public boolean always() {
    return need == Need.ALWAYS;
  }

  /** The types that are asked for its sake. */
  public List<String> types() {
    return types;
  }

  /** Whether it lacks something when that type of a region is missing. */
  public boolean draws(String type) {
    return types.isEmpty() || types.contains(type);
  }

  private static Coding loinc(String code) {
    return new Coding("http://loinc.org", code);
  }

  private static Coding own(String code) {
    return new Coding(SYSTEM, code);
  }
}
