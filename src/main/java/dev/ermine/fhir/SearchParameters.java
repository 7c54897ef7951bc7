package dev.ermine.fhir;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The one table of the search parameters that a query may be filtered by: each type's own of FHIR
 * R4, and those common to all types. Which are references, {@link References} says. The parameters
 * that name the patient are not among them.
 *
 * @see <a href="https://hl7.org/fhir/R4/searchparameter-registry.html">FHIR R4: search parameter
 *     registry</a>
 */
public final class SearchParameters {

  /**
   * What a parameter searches by, and so the modifiers that it takes.
   *
   * @see <a href="https://hl7.org/fhir/R4/search.html#ptypes">FHIR R4: search parameter types</a>
   */
  public enum Kind {
    COMPOSITE,
    DATE,
    QUANTITY,
    REFERENCE,
    STRING,
    TOKEN,
    URI;

    /** The code as FHIR writes it. */
    public String fhir() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a parameter of this kind takes {@code modifier}. */
    boolean takes(String modifier) {
      return switch (modifier) {
        case "missing" -> this != COMPOSITE;
        case "exact", "contains" -> this == STRING;
        case "text", "not", "in", "not-in", "of-type" -> this == TOKEN;
        case "above", "below" -> this == TOKEN || this == URI;
        default -> this == REFERENCE && ResourceTypes.isKnown(modifier);
      };
    }
  }

  private static final String COMMON =
      """
      date  _lastUpdated
      token _id _security _tag
      uri   _profile _source
      """;

  /** Of each type, references aside. */
  private static final String OWN =
      """
      AllergyIntolerance
        date      date last-date onset
        token     category clinical-status code criticality identifier manifestation route severity
        token     type verification-status
      Appointment
        date      date
        token     appointment-type identifier part-status reason-code service-category service-type
        token     specialty status
      CarePlan
        date      activity-date date
        token     activity-code category identifier intent status
        uri       instantiates-uri
      Condition
        date      abatement-date onset-date recorded-date
        quantity  abatement-age onset-age
        string    abatement-string onset-info
        token     body-site category clinical-status code evidence identifier severity stage
        token     verification-status
      DiagnosticReport
        date      date issued
        token     category code conclusion identifier status
      DocumentReference
        composite relationship
        date      date period
        string    description
        token     category contenttype event facility format identifier language relation
        token     security-label setting status type
        uri       location
      Encounter
        date      date location-period
        quantity  length
        token     class identifier participant-type reason-code special-arrangement status type
      Flag
        date      date
        token     identifier
      Immunization
        date      date reaction-date
        string    lot-number series
        token     identifier reason-code status status-reason target-disease vaccine-code
      Medication
        date      expiration-date
        token     code form identifier ingredient-code lot-number status
      MedicationRequest
        date      authoredon date
        token     category code identifier intended-performertype intent priority status
      MedicationStatement
        date      effective
        token     category code identifier status
      Observation
        composite code-value-concept code-value-date code-value-quantity code-value-string
        composite combo-code-value-concept combo-code-value-quantity
        composite component-code-value-concept component-code-value-quantity
        date      date value-date
        quantity  combo-value-quantity component-value-quantity value-quantity
        string    value-string
        token     category code combo-code combo-data-absent-reason combo-value-concept
        token     component-code component-data-absent-reason component-value-concept
        token     data-absent-reason identifier method status value-concept
      Patient
        date      birthdate death-date
        string    address address-city address-country address-postalcode address-state family given
        string    name phonetic
        token     active address-use deceased email gender language phone telecom
      Procedure
        date      date
        token     category code identifier reason-code status
        uri       instantiates-uri
      ServiceRequest
        date      authored occurrence
        token     body-site category code identifier intent performer-type priority requisition
        token     status
        uri       instantiates-uri
      """;

  private static final Map<String, Kind> OF_ALL_TYPES = Collections.unmodifiableMap(kinds(COMMON));
  private static final Map<String, Map<String, Kind>> OF_TYPE = byType();

  private SearchParameters() {}

  /** The parameters of {@code type}, its own first, then the common ones. */
  public static Map<String, Kind> of(String type) {
    return OF_TYPE.getOrDefault(type, OF_ALL_TYPES);
  }

  /** The parameters that every type has. */
  public static Map<String, Kind> common() {
    return OF_ALL_TYPES;
  }

  private static Map<String, Map<String, Kind>> byType() {
    Map<String, Map<String, Kind>> types = new LinkedHashMap<>();
    for (String block : OWN.strip().split("\n(?! )", -1)) {
      String[] typeAndRows = block.split("\n", 2);
      Map<String, Kind> parameters = kinds(typeAndRows[1]);
      References.of(typeAndRows[0]).keySet().stream()
          .filter(name -> !References.TO_PATIENT.contains(name))
          .forEach(name -> parameters.put(name, Kind.REFERENCE));
      parameters.putAll(OF_ALL_TYPES);
      types.put(typeAndRows[0], Collections.unmodifiableMap(parameters));
    }
    return types;
  }

  /** The rows of a table: a kind, then the names of that kind. */
  private static Map<String, Kind> kinds(String rows) {
    Map<String, Kind> kinds = new LinkedHashMap<>();
    for (String row : rows.strip().split("\n", -1)) {
      String[] words = row.strip().split(" +", -1);
      Kind kind = Kind.valueOf(words[0].toUpperCase(Locale.ROOT));
      Arrays.stream(words).skip(1).forEach(name -> kinds.put(name, kind));
    }
    return kinds;
  }
}
