package dev.ermine.merge.filter;

import dev.ermine.fhir.Parameter;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The filters of one query, ready to be held against entries of any type: each must let it by. */
public final class Filters {

  private final List<Parameter> asked;
  private final Instant at;
  private final Map<String, List<Filter>> byType = new HashMap<>();

  /**
   * @param asked the filters of the query, each of which the types asked for have
   * @param at when it is asked: what is approximately then depends on how long ago that was
   */
  public Filters(List<Parameter> asked, Instant at) {
    this.asked = List.copyOf(asked);
    this.at = at;
  }

  /** No filters. */
  public static Filters none() {
    return new Filters(List.of(), Instant.EPOCH);
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return asked.isEmpty();
  }

  /** The filters as they bear on entries of that type, in the order asked. */
  public List<Filter> of(String type) {
    return asked.isEmpty() ? List.of() : byType.computeIfAbsent(type, this::made);
  }

  private List<Filter> made(String type) {
    return asked.stream().map(parameter -> Filter.of(type, parameter, at)).toList();
  }
}
