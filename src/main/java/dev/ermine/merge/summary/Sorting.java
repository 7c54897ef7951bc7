package dev.ermine.merge.summary;

import dev.ermine.fhir.Clinical;
import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Entry;
import java.util.List;
import java.util.Set;

/**
 * Which section an entry stands in: by its type, and within that by what it is about, its category
 * and its status. Each stands in one, and what fits none in {@link Heading#OTHER}.
 *
 * @see <a href="https://hl7.org/fhir/uv/ips/STU2/Generation-and-Data-Inclusion.html">IPS 2.0.0:
 *     generation and data inclusion</a>
 */
public final class Sorting {

  private static final String IN_ERROR = "entered-in-error";

  /** What a Condition is that is over. */
  private static final Set<String> OVER = Set.of("inactive", "remission", "resolved");

  /**
   * Pregnancy: status, expected date, outcomes; SNOMED CT's finding, and the expected date.
   *
   * @see <a href="https://hl7.org/fhir/uv/ips/STU2/ValueSet-pregnancies-summary-uv-ips.html">IPS
   *     2.0.0: pregnancies summary</a>
   */
  private static final Set<String> PREGNANCY =
      Set.of(
          "82810-3",
          "11778-8",
          "11779-6",
          "11780-4",
          "11636-8",
          "11637-6",
          "11638-4",
          "11639-2",
          "11640-0",
          "11612-1",
          "11613-9",
          "11614-7",
          "33065-4",
          "77386006",
          "161714006");

  /** Tobacco and alcohol. */
  private static final Set<String> HABITS =
      Set.of(
          "72166-2",
          "74013-4",
          "77176002",
          "8517006",
          "8392000",
          "266919005",
          "266927001",
          "365981007",
          "229819007",
          "897148007",
          "1082641000000106",
          "228273003",
          "160573003");

  /** What is measured at a bedside, where no category says so. */
  private static final Set<String> VITAL_SIGNS =
      Set.of(
          "85353-1",
          "85354-9",
          "8480-6",
          "8462-4",
          "8867-4",
          "9279-1",
          "8310-5",
          "2708-6",
          "59408-5",
          "8302-2",
          "29463-7",
          "39156-5",
          "9843-4",
          "75367002",
          "271649006",
          "271650006",
          "364075005",
          "86290005",
          "386725007",
          "431314004",
          "27113001",
          "50373000",
          "60621009",
          "1104051000000101");

  private Sorting() {}

  /** The section of that entry. What was entered in error stands among nothing that was not. */
  public static Heading of(Entry entry, Clinical says) {
    if (is(IN_ERROR, says)) {
      return Heading.OTHER;
    }
    return switch (entry.type()) {
      case "Patient" -> Heading.PATIENTS;
      case "AllergyIntolerance" -> Heading.ALLERGIES;
      case "MedicationStatement",
          "MedicationRequest",
          "MedicationAdministration",
          "MedicationDispense" ->
          Heading.MEDICATIONS;
      case "Condition" -> isOver(says) ? Heading.PAST_PROBLEMS : Heading.PROBLEMS;
      case "Flag" -> Heading.ALERTS;
      case "CarePlan" -> Heading.PLAN_OF_CARE;
      case "Immunization" -> Heading.IMMUNIZATIONS;
      case "Procedure" -> Heading.PROCEDURES;
      case "DiagnosticReport" -> Heading.RESULTS;
      case "Observation" -> observation(entry, says.categories());
      default -> Heading.OTHER;
    };
  }

  private static boolean is(String status, Clinical says) {
    return says.status().filter(status::equals).isPresent()
        || says.verificationStatus().filter(status::equals).isPresent();
  }

  /** One whose end is said, and which is yet called active, is active. */
  private static boolean isOver(Clinical says) {
    return says.clinicalStatus().map(OVER::contains).orElse(says.abated());
  }

  /** What it is about tells more than its category, which not every system fills in well. */
  private static Heading observation(Entry entry, List<String> categories) {
    if (isAbout(PREGNANCY, entry)) {
      return Heading.PREGNANCY;
    }
    if (isAbout(HABITS, entry) || categories.contains("social-history")) {
      return Heading.SOCIAL_HISTORY;
    }
    if (isAbout(VITAL_SIGNS, entry) || categories.contains("vital-signs")) {
      return Heading.VITAL_SIGNS;
    }
    return categories.contains("laboratory") || categories.contains("imaging")
        ? Heading.RESULTS
        : Heading.OTHER;
  }

  private static boolean isAbout(Set<String> codes, Entry entry) {
    return entry.facets().codes().stream()
        .filter(coded -> coded.element().equals("code"))
        .map(coded -> coded.coding())
        .filter(Sorting::isOfKnownSystem)
        .map(Coding::code)
        .anyMatch(codes::contains);
  }

  private static boolean isOfKnownSystem(Coding coding) {
    return coding.system().equals("http://loinc.org")
        || coding.system().equals("http://snomed.info/sct");
  }
}
