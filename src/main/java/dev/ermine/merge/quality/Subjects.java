package dev.ermine.merge.quality;

import java.util.Map;
import java.util.Set;

/**
 * What an entry of each type must say: what it is about, and what has become of it. Only what FHIR
 * R4 or UK Core demands is in these tables.
 *
 * @see <a href="https://hl7.org/fhir/R4/resourcelist.html">FHIR R4: resource index</a>
 * @see <a href="https://simplifier.net/guide/uk-core-implementation-guide">UK Core</a>
 */
final class Subjects {

  /**
   * The element that says what an entry is about, where there must be one. A medicine may also be
   * referred to.
   */
  private static final Map<String, String> CODE =
      Map.ofEntries(
          Map.entry("AllergyIntolerance", "code"),
          Map.entry("Condition", "code"),
          Map.entry("DiagnosticReport", "code"),
          Map.entry("Flag", "code"),
          Map.entry("Immunization", "vaccineCode"),
          Map.entry("MedicationAdministration", "medicationCodeableConcept"),
          Map.entry("MedicationDispense", "medicationCodeableConcept"),
          Map.entry("MedicationRequest", "medicationCodeableConcept"),
          Map.entry("MedicationStatement", "medicationCodeableConcept"),
          Map.entry("Observation", "code"),
          Map.entry("Procedure", "code"));

  static final String MEDICATION = "medicationReference";

  /** The types whose {@code status} R4 demands. */
  private static final Set<String> STATUS =
      Set.of(
          "Appointment",
          "CarePlan",
          "ClinicalImpression",
          "Communication",
          "Composition",
          "Consent",
          "Coverage",
          "DetectedIssue",
          "DiagnosticReport",
          "DocumentReference",
          "Encounter",
          "EpisodeOfCare",
          "FamilyMemberHistory",
          "Flag",
          "ImagingStudy",
          "Immunization",
          "List",
          "Media",
          "MedicationAdministration",
          "MedicationDispense",
          "MedicationRequest",
          "MedicationStatement",
          "Observation",
          "Procedure",
          "QuestionnaireResponse",
          "RiskAssessment",
          "ServiceRequest",
          "Task");

  private Subjects() {}

  /** The element that says what an entry of that type is about; empty text where none must. */
  static String code(String type) {
    return CODE.getOrDefault(type, "");
  }

  /** Whether an entry of that type must have a {@code status}. */
  static boolean needsStatus(String type) {
    return STATUS.contains(type);
  }
}
