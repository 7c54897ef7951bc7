package dev.ermine.merge.fact;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Facets.Coded;
import dev.ermine.fhir.SnomedId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What an entry is about, in codes that compare: one system for each, none that means nothing.
 *
 * <p>Codes of the dictionary of medicines and devices (dm+d) are codes of SNOMED CT's UK drug
 * extension, so that either's URI is one system; what a system's URI says of edition and version
 * does not make another concept of a code.
 *
 * @see <a href="https://hl7.org/fhir/R4/snomedct.html">FHIR R4: using SNOMED CT</a>
 * @see <a href="https://simplifier.net/guide/uk-core-implementation-guide">UK Core: dm+d under
 *     SNOMED CT's URI, formerly {@code https://dmd.nhs.uk}</a>
 */
final class Subject {

  /** SNOMED CT's object identifiers: the international one, and the one of the UK's messages. */
  private static final Set<String> SNOMED_OIDS =
      Set.of("urn:oid:2.16.840.1.113883.6.96", "urn:oid:2.16.840.1.113883.2.1.3.2.4.15");

  /**
   * What a GP system writes for an entry that it was sent and could not code: what was meant stands
   * in its text alone, so that two entries that carry one need not mean the same.
   *
   * @see <a href="https://developer.nhs.uk/apis/gpconnect/">GP Connect: degraded entries</a>
   */
  private static final Set<String> DEGRADED =
      Set.of(
          "196411000000103", // transfer-degraded record entry
          "196421000000109", // transfer-degraded medication entry
          "196431000000106", // transfer-degraded referral
          "196441000000102", // transfer-degraded request
          "196451000000104", // transfer-degraded plan
          "196461000000101", // transfer-degraded drug allergy
          "196471000000108"); // transfer-degraded non-drug allergy

  /** Systems whose codes say why nothing is said, in R4's spelling and in STU3's. */
  private static final Set<String> ABSENCES =
      Set.of(
          "http://terminology.hl7.org/CodeSystem/v3-NullFlavor",
          "http://hl7.org/fhir/v3/NullFlavor",
          "urn:oid:2.16.840.1.113883.5.1008",
          "http://terminology.hl7.org/CodeSystem/data-absent-reason",
          "http://hl7.org/fhir/data-absent-reason");

  /** How many codes of one entry take part; who writes more means to make work. */
  private static final int MOST = 8;

  private Subject() {}

  /**
   * The codes of what that fact is about, the first few: empty when it says so in words alone, or
   * not at all. A vaccine whose product is not coded is what it protects from.
   */
  static List<Coding> of(Fact fact) {
    String type = fact.entry().type();
    List<Coding> codes = new ArrayList<>(4);
    addAll(codes, fact.entry(), element(type));
    for (Coding coding : fact.medication()) {
      add(codes, coding);
    }
    if (codes.isEmpty() && type.equals("Immunization")) {
      addAll(codes, fact.entry(), "protocolApplied");
    }
    return codes;
  }

  /** Whether codes of one system say that two are about different things. */
  static boolean differ(List<Coding> one, List<Coding> other) {
    boolean compared = false;
    for (Coding coding : one) {
      for (Coding another : other) {
        if (coding.system().equals(another.system())) {
          if (coding.code().equals(another.code())) {
            return false;
          }
          compared = true;
        }
      }
    }
    return compared;
  }

  private static void addAll(List<Coding> codes, Entry entry, String element) {
    for (Coded coded : entry.facets().codes()) {
      if (coded.element().equals(element)) {
        add(codes, coded.coding());
      }
    }
  }

  /** The element that says what a resource of that type is about. */
  private static String element(String type) {
    return switch (type) {
      case "Immunization" -> "vaccineCode";
      case "MedicationStatement",
          "MedicationRequest",
          "MedicationDispense",
          "MedicationAdministration" ->
          "medicationCodeableConcept";
      case "Encounter", "DocumentReference" -> "type";
      default -> "code";
    };
  }

  private static void add(List<Coding> codes, Coding coding) {
    Coding plain = plain(coding);
    if (codes.size() < MOST && means(plain) && !codes.contains(plain)) {
      codes.add(plain);
    }
  }

  private static boolean means(Coding coding) {
    return !coding.system().isEmpty()
        && !coding.code().isEmpty()
        && !(coding.system().equals(SnomedId.SYSTEM)
            ? DEGRADED.contains(coding.code())
            : ABSENCES.contains(coding.system()));
  }

  /** The same code under the one URI of its system. */
  static Coding plain(Coding coding) {
    return !coding.system().equals(SnomedId.SYSTEM) && isSnomed(coding.system())
        ? new Coding(SnomedId.SYSTEM, coding.code())
        : coding;
  }

  private static boolean isSnomed(String system) {
    int scheme = system.startsWith("https://") ? 8 : system.startsWith("http://") ? 7 : 0;
    return scheme > 0
        ? lies(system, scheme, "snomed.info/sct") || lies(system, scheme, "dmd.nhs.uk")
        : SNOMED_OIDS.contains(system);
  }

  /**
   * Whether a URL goes on so after its scheme, and then ends, or goes on with a path or version.
   */
  private static boolean lies(String url, int from, String place) {
    int end = from + place.length();
    return url.startsWith(place, from)
        && (url.length() == end || url.charAt(end) == '/' || url.charAt(end) == '|');
  }
}
