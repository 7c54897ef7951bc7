package dev.ermine.merge.fact;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Facets.Coded;
import dev.ermine.fhir.SnomedId;
import dev.ermine.merge.fact.Matter.Saying;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A kind of allergy that records say is not known, whatever type of resource says so: an
 * AllergyIntolerance, Observation or Condition by its code, a List of allergies by being empty for
 * that reason.
 *
 * @see <a href="https://hl7.org/fhir/R4/allergyintolerance.html#9.1.3.4">FHIR R4: negated allergies
 *     and intolerances</a>
 * @see <a
 *     href="https://build.fhir.org/ig/HL7/fhir-ips/ValueSet-absent-or-unknown-snomed-uv-ips.html">
 *     International Patient Summary: absent or unknown</a>
 */
enum Denial {
  ANY("No known allergies"),
  MEDICINE("No known allergies to medicines"),
  FOOD("No known food allergies"),
  ENVIRONMENT("No known environmental allergies"),
  ANIMAL("No known animal allergies"),
  INSECT("No known insect allergies"),
  LATEX("No known latex allergy");

  private static final String IPS = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";

  /** SNOMED CT's situations, IPS's codes of its first edition, and what each denies. */
  private static final Map<Coding, Denial> CODES =
      Map.ofEntries(
          snomed("716186003", ANY), // no known allergy
          snomed("160244002", ANY), // no known allergies: no longer active, and much in use
          snomed("409137002", MEDICINE), // no known drug allergy
          snomed("429625007", FOOD), // no known food allergy
          snomed("428607008", ENVIRONMENT), // no known environmental allergy
          snomed("716220001", ANIMAL), // no known animal allergy
          snomed("428197003", INSECT), // no known insect allergy
          snomed("716184000", LATEX), // no known latex allergy: no longer active
          snomed("1003774007", LATEX), // no known Hevea brasiliensis latex allergy
          Map.entry(new Coding(IPS, "no-known-allergies"), ANY),
          Map.entry(new Coding(IPS, "no-known-medication-allergies"), MEDICINE),
          Map.entry(new Coding(IPS, "no-known-food-allergies"), FOOD),
          Map.entry(new Coding(IPS, "no-known-environmental-allergies"), ENVIRONMENT));

  /** Nearly every code is none of these, which is seen before its system is read. */
  private static final Set<String> PLAIN_CODES =
      CODES.keySet().stream().map(Coding::code).collect(Collectors.toUnmodifiableSet());

  /** What Lists of allergies are coded as. */
  private static final Set<Coding> LISTS =
      Set.of(
          new Coding(SnomedId.SYSTEM, "886921000000105"), // allergies and adverse reactions
          new Coding(SnomedId.SYSTEM, "722446000"), // allergy record
          new Coding("http://loinc.org", "48765-2"), // allergies and adverse reactions document
          new Coding("http://terminology.hl7.org/CodeSystem/list-example-use-codes", "allergies"));

  private static final Coding NIL_KNOWN =
      new Coding("http://terminology.hl7.org/CodeSystem/list-empty-reason", "nilknown");

  /** Allergies of kinds that no category tells; of others it cannot be known without SNOMED CT. */
  private static final Map<String, Denial> ALLERGENS =
      Map.of(
          "232347008", ANIMAL, // dander (animal) allergy
          "424213003", INSECT, // allergy to bee venom
          "300916003", LATEX, // latex allergy
          "1003755004", LATEX, // allergy to Hevea brasiliensis latex protein
          "111088007", LATEX); // latex

  /** How many allergies are called by name. */
  private static final int NAMED = 4;

  private final String words;

  Denial(String words) {
    this.words = words;
  }

  private static Map.Entry<Coding, Denial> snomed(String code, Denial denial) {
    return Map.entry(new Coding(SnomedId.SYSTEM, code), denial);
  }

  /** What that fact denies, by its codes alone. */
  static Optional<Denial> by(Fact fact) {
    return switch (fact.type()) {
      case "AllergyIntolerance", "Observation", "Condition" -> coded(fact);
      case "List" -> coded(fact).or(() -> isEmptyList(fact) ? Optional.of(ANY) : Optional.empty());
      default -> Optional.empty();
    };
  }

  private static Optional<Denial> coded(Fact fact) {
    for (Coded coded : fact.entry().facets().codes()) {
      boolean asked =
          coded.element().equals("code") || coded.element().equals("valueCodeableConcept");
      if (asked && PLAIN_CODES.contains(coded.coding().code())) {
        Denial denial = CODES.get(Subject.plain(coded.coding()));
        if (denial != null) {
          return Optional.of(denial);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isEmptyList(Fact fact) {
    boolean allergies = false;
    boolean nil = false;
    for (Coded coded : fact.entry().facets().codes()) {
      allergies |= coded.element().equals("code") && LISTS.contains(Subject.plain(coded.coding()));
      nil |= coded.element().equals("emptyReason") && coded.coding().equals(NIL_KNOWN);
    }
    return allergies && nil;
  }

  /** Whether a record of one still stands: one that is refuted or withdrawn denies nothing. */
  static boolean stands(Witness denial) {
    return switch (denial.fact().entry().type()) {
      case "AllergyIntolerance" -> Stance.onAllergy(denial).filter(Stance::asserts).isPresent();
      case "Condition" ->
          Stance.onCondition(denial).map(Stance::asserts).orElse(true)
              && !says(denial.says().verificationStatus(), "entered-in-error");
      default ->
          !says(denial.says().status(), "entered-in-error")
              && !says(denial.says().status(), "cancelled")
              && !says(denial.says().status(), "retired");
    };
  }

  private static boolean says(Optional<String> said, String code) {
    return said.filter(code::equals).isPresent();
  }

  /**
   * Whether that allergy is of this kind. Without a category it may be one to a medicine, as most
   * are that nobody has sorted; that it is one to food or to surroundings has to be said.
   */
  private boolean covers(Witness allergy) {
    List<String> categories = allergy.says().categories();
    return switch (this) {
      case ANY -> true;
      case MEDICINE ->
          categories.isEmpty()
              || categories.stream()
                  .anyMatch(said -> !said.equals("food") && !said.equals("environment"));
      case FOOD -> categories.contains("food");
      case ENVIRONMENT -> categories.contains("environment");
      case ANIMAL, INSECT, LATEX ->
          allergy.fact().subject().stream()
              .anyMatch(
                  code ->
                      code.system().equals(SnomedId.SYSTEM) && ALLERGENS.get(code.code()) == this);
    };
  }

  /** What contradicts this, wherever it is recorded, of allergies that are present. */
  Optional<Matter> against(List<Witness> denials, List<Witness> allergies) {
    List<Saying> denying = denials.stream().map(denial -> new Saying(words, denial)).toList();
    List<Saying> sayings = new ArrayList<>(inOrder(Dispute.fewOfEach(first(denying))));
    List<Saying> present = new ArrayList<>();
    for (Witness allergy : allergies) {
      if (covers(allergy)) {
        present.add(new Saying(Quoted.name(allergy), allergy));
      }
    }
    List<Saying> named = inOrder(Dispute.fewOfEach(first(present)));
    String names = names(named);
    named.forEach(allergy -> sayings.add(new Saying(names, allergy.witness())));
    return named.isEmpty()
        ? Optional.empty()
        : Optional.of(new Matter(Rule.ALLERGY_DENIED, "", sayings));
  }

  private static List<Saying> first(List<Saying> sayings) {
    return sayings.stream()
        .sorted(Comparator.comparing(saying -> saying.witness().fact().fullUrl()))
        .toList();
  }

  private static List<Saying> inOrder(List<Saying> sayings) {
    return sayings.stream()
        .sorted(Comparator.comparingInt(saying -> saying.witness().place()))
        .toList();
  }

  private static String names(List<Saying> allergies) {
    Set<String> names = new LinkedHashSet<>();
    allergies.forEach(saying -> names.add(saying.words()));
    List<String> few = new ArrayList<>(names.stream().limit(NAMED).toList());
    if (names.size() > NAMED) {
      few.add((names.size() - NAMED) + " more");
    }
    return "allergy to " + Quoted.joined(few);
  }
}
