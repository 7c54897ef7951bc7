package dev.ermine.fhir;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The R4 Patient compartment, as far as it tells whose record an entry is: for each type, the
 * elements that name its subject.
 *
 * <p>The compartment also counts performers, informants and recorders; those do not make a record
 * theirs, so they are left out here.
 *
 * @see <a href="https://hl7.org/fhir/R4/compartmentdefinition-patient.html">FHIR R4: Patient
 *     compartment</a>
 */
public final class Compartment {

  private static final Set<String> OUTSIDE =
      Set.of(
          "Binary",
          "Endpoint",
          "HealthcareService",
          "InsurancePlan",
          "Location",
          "Medication",
          "MedicationKnowledge",
          "Organization",
          "OrganizationAffiliation",
          "Practitioner",
          "PractitionerRole",
          "Questionnaire",
          "Schedule",
          "Slot",
          "Substance",
          "ValueSet");

  private static final List<String> SUBJECT = List.of("subject", "patient");

  private static final Map<String, List<String>> ELSEWHERE =
      Map.of(
          "Appointment", List.of("participant"),
          "AppointmentResponse", List.of("actor"),
          "Coverage", List.of("beneficiary"),
          "EnrollmentRequest", List.of("candidate"),
          "Group", List.of("member"),
          "ResearchSubject", List.of("individual"),
          "Schedule", List.of("actor"),
          "Task", List.of("for"));

  private Compartment() {}

  /** Whether entries of that type belong to a patient: all do that are not known not to. */
  public static boolean contains(String type) {
    return !OUTSIDE.contains(type);
  }

  /** The top elements of that type whose references name its subject. */
  public static List<String> subjectElements(String type) {
    return ELSEWHERE.getOrDefault(type, SUBJECT);
  }
}
