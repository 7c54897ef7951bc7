package dev.ermine.fhir;

import dev.ermine.fhir.ResultParameters.Inclusion;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The one table of the search parameters that are references, each with the types that it leads to:
 * what {@code _include} and {@code _revinclude} follow.
 *
 * <p>Provenance is not in it: that of a region is read for whose its entries are, and not passed
 * on.
 *
 * @see <a href="https://hl7.org/fhir/R4/searchparameter-registry.html">FHIR R4: search parameter
 *     registry</a>
 */
public final class References {

  /** The parameters that name the patient, and so are no filters. */
  static final Set<String> TO_PATIENT = Set.of("patient", "subject");

  /**
   * What lists others is not shown where any of these is not at hand: it is no company for them.
   */
  static final Set<String> COLLECTIONS = Set.of("Composition", "List");

  /** By type: a parameter, then the types that it leads to; {@code *}: to any. */
  private static final String TABLE =
      """
      AllergyIntolerance
        asserter Patient Practitioner PractitionerRole RelatedPerson
        patient Patient
        recorder Patient Practitioner PractitionerRole RelatedPerson
      Appointment
        actor Device HealthcareService Location Patient Practitioner PractitionerRole RelatedPerson
        based-on ServiceRequest
        location Location
        patient Patient
        practitioner Practitioner
        reason-reference Condition ImmunizationRecommendation Observation Procedure
        slot Slot
        supporting-info *
      CarePlan
        activity-reference Appointment CommunicationRequest DeviceRequest MedicationRequest \
      NutritionOrder RequestGroup ServiceRequest Task VisionPrescription
        based-on CarePlan
        care-team CareTeam
        condition Condition
        encounter Encounter
        goal Goal
        instantiates-canonical ActivityDefinition Measure OperationDefinition PlanDefinition \
      Questionnaire
        part-of CarePlan
        patient Patient
        performer CareTeam Device HealthcareService Organization Patient Practitioner \
      PractitionerRole RelatedPerson
        replaces CarePlan
        subject Group Patient
      Composition
        attester Organization Patient Practitioner PractitionerRole RelatedPerson
        author Device Organization Patient Practitioner PractitionerRole RelatedPerson
        encounter Encounter
        entry *
        patient Patient
        related-ref Composition
        subject *
      Condition
        asserter Patient Practitioner PractitionerRole RelatedPerson
        encounter Encounter
        evidence-detail *
        patient Patient
        subject Group Patient
      DiagnosticReport
        based-on CarePlan ImmunizationRecommendation MedicationRequest NutritionOrder ServiceRequest
        encounter Encounter
        media Media
        patient Patient
        performer CareTeam Organization Practitioner PractitionerRole
        result Observation
        results-interpreter CareTeam Organization Practitioner PractitionerRole
        specimen Specimen
        subject Device Group Location Patient
      DocumentReference
        authenticator Organization Practitioner PractitionerRole
        author Device Organization Patient Practitioner PractitionerRole RelatedPerson
        custodian Organization
        encounter Encounter EpisodeOfCare
        patient Patient
        related *
        relatesto DocumentReference
        subject Device Group Patient Practitioner
      Encounter
        account Account
        appointment Appointment
        based-on ServiceRequest
        diagnosis Condition Procedure
        episode-of-care EpisodeOfCare
        location Location
        part-of Encounter
        participant Practitioner PractitionerRole RelatedPerson
        patient Patient
        practitioner Practitioner
        reason-reference Condition ImmunizationRecommendation Observation Procedure
        service-provider Organization
        subject Group Patient
      Flag
        author Device Organization Patient Practitioner PractitionerRole
        encounter Encounter
        patient Patient
        subject Group Location Medication Organization Patient PlanDefinition Practitioner Procedure
      Immunization
        location Location
        manufacturer Organization
        patient Patient
        performer Organization Practitioner PractitionerRole
        reaction Observation
        reason-reference Condition DiagnosticReport Observation
      List
        encounter Encounter
        item *
        patient Patient
        source Device Patient Practitioner PractitionerRole
        subject Device Group Location Patient
      Medication
        ingredient Medication Substance
        manufacturer Organization
      MedicationRequest
        encounter Encounter
        intended-dispenser Organization
        intended-performer CareTeam Device Organization Patient Practitioner PractitionerRole \
      RelatedPerson
        medication Medication
        patient Patient
        requester Device Organization Patient Practitioner PractitionerRole RelatedPerson
        subject Group Patient
      MedicationStatement
        context Encounter EpisodeOfCare
        medication Medication
        part-of MedicationAdministration MedicationDispense MedicationStatement Observation Procedure
        patient Patient
        source Organization Patient Practitioner PractitionerRole RelatedPerson
        subject Group Patient
      Observation
        based-on CarePlan DeviceRequest ImmunizationRecommendation MedicationRequest \
      NutritionOrder ServiceRequest
        derived-from DocumentReference ImagingStudy Media MolecularSequence Observation \
      QuestionnaireResponse
        device Device DeviceMetric
        encounter Encounter
        focus *
        has-member MolecularSequence Observation QuestionnaireResponse
        part-of ImagingStudy Immunization MedicationAdministration MedicationDispense \
      MedicationStatement Procedure
        patient Patient
        performer CareTeam Organization Patient Practitioner PractitionerRole RelatedPerson
        specimen Specimen
        subject Device Group Location Patient
      Patient
        general-practitioner Organization Practitioner PractitionerRole
        link Patient RelatedPerson
        organization Organization
      Procedure
        based-on CarePlan ServiceRequest
        encounter Encounter
        instantiates-canonical ActivityDefinition Measure OperationDefinition PlanDefinition \
      Questionnaire
        location Location
        part-of MedicationAdministration Observation Procedure
        patient Patient
        performer Device Organization Patient Practitioner PractitionerRole RelatedPerson
        reason-reference Condition DiagnosticReport DocumentReference Observation Procedure
        subject Group Patient
      ServiceRequest
        based-on CarePlan MedicationRequest ServiceRequest
        encounter Encounter
        instantiates-canonical ActivityDefinition PlanDefinition
        patient Patient
        performer CareTeam Device HealthcareService Organization Patient Practitioner \
      PractitionerRole RelatedPerson
        replaces ServiceRequest
        requester Device Organization Patient Practitioner PractitionerRole RelatedPerson
        specimen Specimen
        subject Device Group Location Patient
      """;

  private static final Map<String, Map<String, Set<String>>> OF_TYPE = byType();

  private References() {}

  /**
   * The references of {@code type}, by the parameter that searches by them: the types that each
   * leads to, none where it leads to any.
   */
  public static Map<String, Set<String>> of(String type) {
    return OF_TYPE.getOrDefault(type, Map.of());
  }

  /** What may come with a search of {@code type} since it refers to it. */
  public static List<Inclusion> from(String type) {
    return Compartment.contains(type) ? inclusions(type, false) : List.of();
  }

  /** What may come with a search of {@code type} since it refers to that. */
  public static List<Inclusion> to(String type) {
    return OF_TYPE.keySet().stream()
        .filter(source -> Compartment.contains(source) && !COLLECTIONS.contains(source))
        .flatMap(source -> inclusions(source, true).stream())
        .filter(inclusion -> inclusion.belongsTo(type))
        .toList();
  }

  private static List<Inclusion> inclusions(String source, boolean reverse) {
    return of(source).keySet().stream()
        .map(parameter -> new Inclusion(reverse, source, parameter, Optional.empty()))
        .toList();
  }

  /** The types that have any. */
  static Set<String> types() {
    return OF_TYPE.keySet();
  }

  private static Map<String, Map<String, Set<String>>> byType() {
    Map<String, Map<String, Set<String>>> types = new LinkedHashMap<>();
    for (String block : TABLE.strip().split("\n(?! )", -1)) {
      String[] typeAndRows = block.split("\n", 2);
      types.put(typeAndRows[0], references(typeAndRows[1]));
    }
    return Collections.unmodifiableMap(types);
  }

  private static Map<String, Set<String>> references(String rows) {
    Map<String, Set<String>> references = new LinkedHashMap<>();
    for (String row : rows.strip().split("\n", -1)) {
      String[] words = row.strip().split(" +", -1);
      Set<String> targets = new LinkedHashSet<>(Arrays.asList(words).subList(1, words.length));
      targets.remove("*");
      references.put(words[0], Collections.unmodifiableSet(targets));
    }
    return Collections.unmodifiableMap(references);
  }
}
