package dev.ermine.fhir;

import dev.ermine.fhir.ParsedQuery.Malformed;
import dev.ermine.fhir.SearchParameters.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The reading of one query's parameters: what is understood of them, and every fault found.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html">FHIR R4: Search</a>
 * @see <a href="https://hl7.org/fhir/R4/search.html#errors">FHIR R4: strict and lenient</a>
 */
public final class QueryParser {

  private static final int MOST_PARAMETERS = 64;
  private static final int MOST_TYPES = 30;

  /** With a blank too: so {@code application/fhir+json} arrives when its plus was not escaped. */
  private static final Set<String> FORMATS =
      Set.of(
          "json",
          "text/json",
          "application/json",
          "application/fhir+json",
          "application/fhir json");

  private static final Pattern NAME_AND_MODIFIER =
      Pattern.compile("(?<name>[^:.]+)(?::(?<modifier>[^:.]+))?");

  private final List<Parameter> parameters;
  private final QueryFaults faults;
  private final Set<Issue> formatFaults = new LinkedHashSet<>();
  private final List<Parameter> filters = new ArrayList<>();
  private boolean countOnly;

  private QueryParser(List<Parameter> parameters, boolean strict) {
    this.parameters = parameters;
    this.faults = new QueryFaults(strict);
  }

  /**
   * Reads a query.
   *
   * @param type the type that the path names; none for a search at the base
   * @param url the parameters of the address, decoded
   * @param form the parameters of the body of a {@code _search}, decoded
   * @param strict whether what is not supported is a fault, or left out and named
   */
  public static ParsedQuery parse(
      Optional<String> type, List<Parameter> url, List<Parameter> form, boolean strict) {
    List<Parameter> all = Stream.concat(url.stream(), form.stream()).toList();
    if (all.size() > MOST_PARAMETERS) {
      return malformed(
          Issue.Code.TOO_COSTLY,
          "the query has more than %d parameters; ask with fewer".formatted(MOST_PARAMETERS));
    }
    // Without a type nothing says which parameters are right: this fault stands alone.
    if (type.isPresent() && !ResourceTypes.isKnown(type.get())) {
      return malformed(Issue.Code.NOT_SUPPORTED, unknownType(type.get()));
    }
    if (type.isPresent() && !Compartment.contains(type.get())) {
      return malformed(Issue.Code.NOT_SUPPORTED, nobodysType(type.get()));
    }
    return new QueryParser(all, strict).read(type);
  }

  private ParsedQuery read(Optional<String> type) {
    boolean system = type.isEmpty();
    List<String> types = type.map(this::onlyType).orElseGet(this::listedTypes);
    PatientParameter patientParameter = new PatientParameter(types, system);
    PatientParameter.Named named = patientParameter.read(parameters);
    named.faults().forEach(faults::add);
    Map<String, Kind> known = type.map(SearchParameters::of).orElseGet(SearchParameters::common);
    ResultReader results = new ResultReader(types, faults);
    parameters.stream()
        .filter(parameter -> patientParameter.role(parameter) == PatientParameter.Role.NONE)
        .forEach(parameter -> readParameter(parameter, known, results));
    if (!faults.none() || !formatFaults.isEmpty()) {
      return malformed();
    }
    countOnly |= results.countOnly();
    return new FhirQuery(
        types,
        system,
        named.patient().orElseThrow(),
        filters,
        countOnly ? ResultParameters.NONE : results.all(),
        countOnly,
        faults.dropped());
  }

  private List<String> onlyType(String type) {
    if (parameters.stream().anyMatch(parameter -> parameter.name().equals("_type"))) {
      faults.add(
          Issue.Code.INVALID,
          "`_type` is for searches at the base; leave it out, or ask there for several types");
    }
    return List.of(type);
  }

  private List<String> listedTypes() {
    List<String> lists =
        parameters.stream()
            .filter(parameter -> parameter.name().equals("_type"))
            .map(Parameter::value)
            .toList();
    if (lists.size() != 1 || lists.getFirst().isEmpty()) {
      faults.add(
          lists.size() > 1 ? Issue.Code.INVALID : Issue.Code.REQUIRED,
          "a search at the base names its types once, such as `_type=Patient,AllergyIntolerance`");
      return List.of();
    }
    List<String> types = List.of(lists.getFirst().split(",", -1));
    if (types.size() > MOST_TYPES) {
      faults.add(
          Issue.Code.TOO_COSTLY,
          "`_type` names more than %d types; ask for fewer at once".formatted(MOST_TYPES));
      return List.of();
    }
    checkTypes(types);
    return types;
  }

  private void checkTypes(List<String> types) {
    Set<String> seen = new HashSet<>();
    for (String type : types) {
      if (!ResourceTypes.isKnown(type)) {
        faults.add(Issue.Code.NOT_SUPPORTED, unknownType(type));
      } else if (!Compartment.contains(type)) {
        faults.add(Issue.Code.NOT_SUPPORTED, nobodysType(type));
      } else if (!seen.add(type)) {
        faults.add(
            Issue.Code.INVALID, "`_type` names `%s` more than once; name it once".formatted(type));
      }
    }
  }

  private void readParameter(Parameter parameter, Map<String, Kind> known, ResultReader results) {
    switch (parameter.name()) {
      // Read above.
      case "_type" -> {}
      // Asks for white space in the answer; a resource leaves with the bytes it came with.
      case "_pretty" -> {}
      case "_format" -> readFormat(parameter.value());
      case "_summary" -> readSummary(parameter.value());
      case "_count" -> results.count(parameter.value());
      case "_sort" -> results.sort(parameter.value());
      case "_include", "_revinclude" -> results.include(parameter);
      default -> readFilter(parameter, known);
    }
  }

  private void readFormat(String format) {
    if (!FORMATS.contains(format.toLowerCase(Locale.ROOT))) {
      formatFaults.add(
          Issue.error(
              Issue.Code.NOT_SUPPORTED,
              "`_format` is `%s`, which is not written here; ask for `application/fhir+json`"
                  .formatted(Shown.of(format))));
    }
  }

  private void readSummary(String summary) {
    if (summary.equals("count")) {
      countOnly = true;
    } else {
      faults.notSupported("_summary", "`_summary` with another value than `count`");
    }
  }

  private void readFilter(Parameter parameter, Map<String, Kind> known) {
    String shown = parameter.shownName();
    Matcher parts = NAME_AND_MODIFIER.matcher(parameter.name());
    Kind kind = parts.matches() ? known.get(parts.group("name")) : null;
    if (kind == null) {
      faults.notSupported(shown, "`%s`".formatted(shown));
      return;
    }
    Optional<String> modifier = Optional.ofNullable(parts.group("modifier"));
    if (!modifier.map(kind::takes).orElse(true)) {
      faults.notSupported(shown, "the modifier of `%s`".formatted(shown));
      return;
    }
    Optional<Issue> fault = FilterValue.fault(parameter, kind, modifier);
    fault.ifPresentOrElse(faults::add, () -> filters.add(parameter));
  }

  private Malformed malformed() {
    return faults.none()
        ? new Malformed(Malformed.Kind.NOT_ACCEPTABLE, List.copyOf(formatFaults))
        : new Malformed(
            Malformed.Kind.INVALID,
            Stream.concat(faults.all().stream(), formatFaults.stream()).toList());
  }

  private static Malformed malformed(Issue.Code code, String text) {
    return new Malformed(Malformed.Kind.INVALID, List.of(Issue.error(code, text)));
  }

  private static String unknownType(String type) {
    return "`%s` is not a resource type of FHIR R4; mend its name".formatted(Shown.of(type));
  }

  private static String nobodysType(String type) {
    return "a `%s` is no patient's record; read it where an entry refers to it".formatted(type);
  }
}
