package dev.ermine.fhir;

import java.util.List;

/**
 * A federated search: the types asked for, the one patient they are asked about, and the filters.
 *
 * @param types resource types in the order asked, each once, at least one
 * @param system whether it is a search over several types at the base ({@code ?_type=})
 * @param patient the patient, named once
 * @param filters the parameters that are passed on to the peers, each known for every type asked
 * @param countOnly {@code _summary=count} or {@code _count=0}: the number alone is wanted
 * @param dropped names of parameters that were not understood and left out, in order
 * @see <a href="https://hl7.org/fhir/R4/search.html">FHIR R4: Search</a>
 */
public record FhirQuery(
    List<String> types,
    boolean system,
    NhsNumber patient,
    List<Parameter> filters,
    boolean countOnly,
    List<String> dropped)
    implements ParsedQuery {

  public FhirQuery {
    types = List.copyOf(types);
    filters = List.copyOf(filters);
    dropped = List.copyOf(dropped);
    if (types.isEmpty()) {
      throw new IllegalArgumentException("a query asks for at least one type");
    }
  }
}
