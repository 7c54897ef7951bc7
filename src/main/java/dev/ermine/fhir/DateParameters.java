package dev.ermine.fhir;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The one table of the date parameters that can be told of an entry by its {@linkplain Facets#dates
 * dates}, each with the elements that it looks at: what a search may be sorted by.
 *
 * @see <a href="https://hl7.org/fhir/R4/searchparameter-registry.html">FHIR R4: search parameter
 *     registry</a>
 */
public final class DateParameters {

  /** When the record was last changed, which any type may say. */
  public static final String LAST_UPDATED = "_lastUpdated";

  /** By type: a parameter, then its elements. */
  private static final String TABLE =
      """
      AllergyIntolerance
        date recordedDate
        last-date lastOccurrence
      Appointment
        date start
      CarePlan
        date period
      Condition
        abatement-date abatementDateTime abatementPeriod
        onset-date onsetDateTime onsetPeriod
        recorded-date recordedDate
      DiagnosticReport
        date effectiveDateTime effectivePeriod
        issued issued
      DocumentReference
        date date
        period context.period
      Encounter
        date period
      Flag
        date period
      Immunization
        date occurrenceDateTime
      MedicationRequest
        authoredon authoredOn
      MedicationStatement
        effective effectiveDateTime effectivePeriod
      Observation
        date effectiveDateTime effectivePeriod effectiveInstant
        value-date valueDateTime valuePeriod
      Patient
        death-date deceasedDateTime
      Procedure
        date performedDateTime performedPeriod
      ServiceRequest
        authored authoredOn
        occurrence occurrenceDateTime occurrencePeriod
      """;

  private static final Map<String, Map<String, List<String>>> OF_TYPE = byType();

  private DateParameters() {}

  /**
   * Those that {@code type} has of its own, each with the top elements of the resource that it
   * looks at.
   */
  public static Map<String, List<String>> of(String type) {
    return OF_TYPE.getOrDefault(type, Map.of());
  }

  /** The types that have any of their own. */
  public static Set<String> types() {
    return OF_TYPE.keySet();
  }

  /** Whether entries of {@code type} can be sorted by {@code parameter}. */
  public static boolean sorts(String type, String parameter) {
    return parameter.equals(LAST_UPDATED) || of(type).containsKey(parameter);
  }

  /**
   * What a search of these types can be sorted by: what every one of them has. A Patient beside
   * others says who, not when; it stands last whatever these are sorted by.
   */
  public static List<String> sorting(List<String> types) {
    List<String> dated =
        types.size() == 1 ? types : types.stream().filter(it -> !it.equals("Patient")).toList();
    List<String> common =
        new ArrayList<>(dated.isEmpty() ? List.of() : of(dated.getFirst()).keySet());
    common.removeIf(parameter -> !dated.stream().allMatch(type -> sorts(type, parameter)));
    common.add(LAST_UPDATED);
    return List.copyOf(common);
  }

  private static Map<String, Map<String, List<String>>> byType() {
    Map<String, Map<String, List<String>>> types = new LinkedHashMap<>();
    for (String block : TABLE.strip().split("\n(?! )", -1)) {
      String[] typeAndRows = block.split("\n", 2);
      types.put(typeAndRows[0], parameters(typeAndRows[1]));
    }
    return Collections.unmodifiableMap(types);
  }

  private static Map<String, List<String>> parameters(String rows) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String row : rows.strip().split("\n", -1)) {
      List<String> words = List.of(row.strip().split(" +", -1));
      parameters.put(words.getFirst(), words.subList(1, words.size()));
    }
    return Collections.unmodifiableMap(parameters);
  }
}
