package dev.ermine.merge.filter;

import dev.ermine.fhir.SnomedId;

/**
 * One spelling for each code system: that of dm+d, whose codes are SNOMED CT's, has several, and
 * SNOMED CT's may name an edition and a version.
 *
 * @see <a href="https://hl7.org/fhir/R4/snomedct.html">FHIR R4: using SNOMED CT</a>
 */
final class CodeSystems {

  private CodeSystems() {}

  static String plain(String system) {
    boolean snomed = system.startsWith(SnomedId.SYSTEM + "/");
    return snomed || isMedicines(system) ? SnomedId.SYSTEM : system;
  }

  private static boolean isMedicines(String system) {
    return switch (system) {
      case "https://dmd.nhs.uk", "https://dmd.nhs.uk/", "http://dmd.nhs.uk", "http://dmd.nhs.uk/" ->
          true;
      default -> false;
    };
  }
}
