package dev.ermine.merge.filter;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.DateParameters;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Entry.Identifier;
import dev.ermine.fhir.Facets.Coded;
import dev.ermine.fhir.Facets.Dated;
import dev.ermine.fhir.SecondLook;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a search parameter looks in entries of one type: the table of what can be held against an
 * entry here. A parameter that is not in it looks where facets do not reach, or searches by words,
 * numbers or references.
 *
 * @param elements top elements of the resource
 * @param wider whether more stands there than the parameter looks at
 * @see <a href="https://hl7.org/fhir/R4/searchparameter-registry.html">FHIR R4: search parameter
 *     registry</a>
 */
record Place(Way way, List<String> elements, boolean wider) {

  /** How what stands there is found. */
  enum Way {
    /** Dates and periods at the top. */
    DATE,
    /** A date that no facet tells of, for it says who and not when. */
    DAY,
    /** What is said in codes, or else in words. */
    CODED,
    /** Codes of a system that the element implies, and Codings and Identifiers by themselves. */
    PLAIN,
    STATUS,
    CONTENT_TYPE,
    ID,
    IDENTIFIER,
    LABEL,
    TAG,
    /** {@code meta.profile} and {@code meta.source}. */
    URI
  }

  /**
   * By type, after its way: a parameter, then its elements; {@code *} where they have more. Where
   * dates are, {@link DateParameters} says.
   */
  private static final String TABLE =
      """
      AllergyIntolerance
        coded clinical-status clinicalStatus
        coded code code reaction *
        coded verification-status verificationStatus
        plain category category
        plain criticality criticality
        plain type type
      Appointment
        coded appointment-type appointmentType
        coded reason-code reasonCode
        coded service-category serviceCategory
        coded service-type serviceType
        coded specialty specialty
      CarePlan
        coded category category
        plain intent intent
      Condition
        coded body-site bodySite
        coded category category
        coded clinical-status clinicalStatus
        coded code code
        coded severity severity
        coded verification-status verificationStatus
      DiagnosticReport
        coded category category
        coded code code
        coded conclusion conclusionCode
      DocumentReference
        coded category category
        coded security-label securityLabel
        coded type type
      Encounter
        coded reason-code reasonCode
        coded type type
        plain class class
      Immunization
        coded reason-code reasonCode
        coded status-reason statusReason
        coded vaccine-code vaccineCode
      MedicationRequest
        coded category category
        coded code medicationCodeableConcept
        coded intended-performertype performerType
        plain intent intent
        plain priority priority
      MedicationStatement
        coded category category
        coded code medicationCodeableConcept
      Observation
        coded category category
        coded code code
        coded combo-code code component *
        coded combo-data-absent-reason dataAbsentReason component *
        coded combo-value-concept valueCodeableConcept component *
        coded component-code component *
        coded component-data-absent-reason component *
        coded component-value-concept component *
        coded data-absent-reason dataAbsentReason
        coded method method
        coded value-concept valueCodeableConcept
      Patient
        day   birthdate birthDate
        plain active active
        plain gender gender
      Procedure
        coded category category
        coded code code
        coded reason-code reasonCode
      ServiceRequest
        coded body-site bodySite
        coded category category
        coded code code
        coded performer-type performerType
        plain intent intent
        plain priority priority
        plain requisition requisition
      """;

  private static final Map<String, Map<String, Place>> OF_TYPE = byType();

  /** Of every type; a DocumentReference is also known by its master identifier. */
  private static final Map<String, Place> COMMON =
      Map.of(
          "_id",
          new Place(Way.ID, List.of(), false),
          DateParameters.LAST_UPDATED,
          new Place(Way.DATE, List.of("meta.lastUpdated"), false),
          "_security",
          new Place(Way.LABEL, List.of(), true),
          "_tag",
          new Place(Way.TAG, List.of(), false),
          "_profile",
          new Place(Way.URI, List.of("profile"), false),
          "_source",
          new Place(Way.URI, List.of("source"), false),
          "contenttype",
          new Place(Way.CONTENT_TYPE, List.of(), true),
          "identifier",
          new Place(Way.IDENTIFIER, List.of("masterIdentifier"), false),
          "status",
          new Place(Way.STATUS, List.of(), false));

  Place {
    elements = List.copyOf(elements);
  }

  /** Where a parameter of that type looks; empty where it cannot be held against an entry. */
  static Optional<Place> of(String type, String parameter) {
    return Optional.ofNullable(OF_TYPE.getOrDefault(type, Map.of()).get(parameter))
        .or(() -> Optional.ofNullable(COMMON.get(parameter)));
  }

  /** The parameters that the table has of its own for each type. */
  static Map<String, Map<String, Place>> table() {
    return OF_TYPE;
  }

  /** Whether what is found there is all that there is, so that nothing found means nothing said. */
  boolean isWhole() {
    return switch (way) {
      case ID, IDENTIFIER, LABEL, TAG, URI -> true;
      case DATE, DAY, CODED, PLAIN, STATUS, CONTENT_TYPE -> false;
    };
  }

  /** Whether codes there that name no system are of one that the element implies. */
  boolean impliesSystem() {
    return switch (way) {
      case PLAIN, STATUS, CONTENT_TYPE, ID -> true;
      case DATE, DAY, CODED, IDENTIFIER, LABEL, TAG, URI -> false;
    };
  }

  /** Whether it looks at dates. */
  boolean isDated() {
    return way == Way.DATE || way == Way.DAY;
  }

  /** The dates that stand there. */
  List<Dated> dates(Entry entry) {
    if (way == Way.DAY) {
      return SecondLook.plain(entry, elements.getFirst()).stream().map(Place::dated).toList();
    }
    if (elements.getFirst().equals("meta.lastUpdated")) {
      return entry.facets().meta().lastUpdated().stream()
          .map(instant -> dated(new Coding("", instant)))
          .toList();
    }
    return entry.facets().dates().stream()
        .filter(dated -> elements.contains(dated.element()))
        .toList();
  }

  private static Dated dated(Coding plain) {
    return new Dated("", Optional.of(plain.code()), Optional.of(plain.code()));
  }

  /** The codes that stand there, or what can be compared like codes. */
  List<Coding> codings(Entry entry) {
    return switch (way) {
      case DATE, DAY -> List.of();
      case CODED -> coded(entry);
      case PLAIN -> SecondLook.plain(entry, elements.getFirst());
      case STATUS -> bare(entry.facets().status().stream());
      case CONTENT_TYPE -> bare(entry.facets().contentTypes().stream());
      case ID -> bare(entry.id().stream());
      case IDENTIFIER -> identifiers(entry);
      case LABEL -> entry.facets().labels();
      case TAG -> entry.facets().meta().tags();
      case URI ->
          elements.getFirst().equals("profile")
              ? bare(entry.facets().meta().profiles().stream())
              : bare(entry.facets().meta().source().stream());
    };
  }

  private List<Coding> coded(Entry entry) {
    List<Coding> codings = new ArrayList<>();
    for (Coded coded : entry.facets().codes()) {
      if (elements.contains(coded.element())) {
        codings.add(coded.coding());
      }
    }
    return codings;
  }

  private static List<Coding> bare(Stream<String> codes) {
    return codes.map(code -> new Coding("", code)).toList();
  }

  private List<Coding> identifiers(Entry entry) {
    List<Coding> identifiers = new ArrayList<>();
    for (Identifier identifier : entry.identifiers()) {
      identifier
          .value()
          .ifPresent(value -> identifiers.add(new Coding(identifier.system().orElse(""), value)));
    }
    if (entry.type().equals("DocumentReference")) {
      identifiers.addAll(SecondLook.plain(entry, elements.getFirst()));
    }
    return identifiers;
  }

  private static Map<String, Map<String, Place>> byType() {
    Map<String, Map<String, Place>> types = new LinkedHashMap<>();
    for (String block : TABLE.strip().split("\n(?! )", -1)) {
      String[] typeAndRows = block.split("\n", 2);
      types.put(typeAndRows[0], places(typeAndRows[1]));
    }
    for (String type : DateParameters.types()) {
      Map<String, Place> places = types.computeIfAbsent(type, _ -> new LinkedHashMap<>());
      DateParameters.of(type)
          .forEach((name, elements) -> places.put(name, new Place(Way.DATE, elements, false)));
    }
    return types;
  }

  private static Map<String, Place> places(String rows) {
    Map<String, Place> places = new LinkedHashMap<>();
    for (String row : rows.strip().split("\n", -1)) {
      List<String> words = List.of(row.strip().split(" +", -1));
      boolean wider = words.getLast().equals("*");
      List<String> elements = words.subList(2, words.size() - (wider ? 1 : 0));
      Way way = Way.valueOf(words.getFirst().toUpperCase(Locale.ROOT));
      places.put(words.get(1), new Place(way, elements, wider));
    }
    return places;
  }
}
