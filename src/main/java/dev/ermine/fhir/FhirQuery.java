package dev.ermine.fhir;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A federated search: the types asked for, the one patient they are asked about, the filters, and
 * how the answer is to be made up.
 *
 * @param types resource types in the order asked, each once, at least one
 * @param system whether it is a search over several types at the base ({@code ?_type=})
 * @param patient the patient, named once
 * @param filters the parameters that are passed on to the peers, each known for every type asked
 * @param results its order, the size of its pages and what comes with it, as they are done: a
 *     {@code _count} above the bound is that bound, and there are none where the number alone is
 *     wanted
 * @param countOnly {@code _summary=count} or {@code _count=0}: the number alone is wanted
 * @param dropped what was not supported and left out: names of parameters, or a key of {@code
 *     _sort} or an inclusion with its parameter; in order, each once, fit to be shown
 * @see <a href="https://hl7.org/fhir/R4/search.html">FHIR R4: Search</a>
 */
public record FhirQuery(
    List<String> types,
    boolean system,
    NhsNumber patient,
    List<Parameter> filters,
    ResultParameters results,
    boolean countOnly,
    List<String> dropped)
    implements ParsedQuery {

  /** One whose answer is all of it, on one page. */
  public FhirQuery(
      List<String> types,
      boolean system,
      NhsNumber patient,
      List<Parameter> filters,
      boolean countOnly,
      List<String> dropped) {
    this(types, system, patient, filters, ResultParameters.NONE, countOnly, dropped);
  }

  public FhirQuery {
    types = List.copyOf(types);
    filters = List.copyOf(filters);
    dropped = List.copyOf(dropped);
    if (types.isEmpty()) {
      throw new IllegalArgumentException("a query asks for at least one type");
    }
  }

  /**
   * The address that asks what was really answered, in the form of a GET. It names the patient: it
   * is for the Bundle's {@code self} link, never for a log.
   *
   * @param base the FHIR base, without trailing slash
   * @see <a href="https://hl7.org/fhir/R4/search.html#conformance">FHIR R4: server conformance</a>
   */
  public String selfLink(String base) {
    String patientName =
        !system && types.equals(List.of("Patient"))
            ? PatientParameter.NAME_OF_PATIENT
            : PatientParameter.NAME;
    List<Parameter> parameters = new ArrayList<>();
    parameters.add(new Parameter(patientName, NhsNumber.SYSTEM + "|" + patient.value()));
    parameters.addAll(besidesPatient());
    return system
        ? base + "?_type=" + String.join(",", types) + "&" + encoded(parameters)
        : base + "/" + types.getFirst() + "?" + encoded(parameters);
  }

  /** The question without the patient: {@code Observation?date=ge2020}, percent-encoded. */
  public String question() {
    String head = system ? "?_type=" + String.join(",", types) : types.getFirst();
    List<Parameter> parameters = besidesPatient();
    return parameters.isEmpty() ? head : head + (system ? "&" : "?") + encoded(parameters);
  }

  private List<Parameter> besidesPatient() {
    List<Parameter> parameters = new ArrayList<>(filters);
    parameters.addAll(results.said());
    if (countOnly) {
      parameters.add(new Parameter("_summary", "count"));
    }
    return parameters;
  }

  private static String encoded(List<Parameter> parameters) {
    return parameters.stream()
        .map(parameter -> encoded(parameter.name()) + "=" + encoded(parameter.value()))
        .collect(Collectors.joining("&"));
  }

  /** Percent-encoded, but for what RFC 3986 leaves as it is in a query and people read. */
  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%3A", ":")
        .replace("%2F", "/")
        .replace("%2C", ",");
  }
}
