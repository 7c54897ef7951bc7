package dev.ermine.fhir;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How the answer to a search is to be made up: what FHIR calls search result parameters.
 *
 * @param sort {@code _sort}, the first key first; none: the gateway's own order
 * @param count {@code _count}: the most matches that one page holds; empty: all on one page
 * @param inclusions {@code _include} and {@code _revinclude}, each once
 * @see <a href="https://hl7.org/fhir/R4/search.html#return">FHIR R4: search result parameters</a>
 */
public record ResultParameters(List<Sort> sort, OptionalInt count, List<Inclusion> inclusions) {

  /** The most matches that a page holds; who asks for more gets as many. */
  public static final int MOST_ON_A_PAGE = 1000;

  /** All of it, on one page, in the gateway's own order. */
  public static final ResultParameters NONE = of(List.of(), List.of());

  /**
   * A key to sort by.
   *
   * @param parameter a date parameter that every type asked for has, or {@code _lastUpdated}
   */
  public record Sort(String parameter, boolean descending) {

    /** As {@code _sort} has it. */
    String value() {
      return descending ? "-" + parameter : parameter;
    }
  }

  /**
   * What is to come with the matches.
   *
   * @param reverse whether it refers to them ({@code _revinclude}), or they to it
   * @param source the type that holds the reference
   * @param parameter the search parameter that is the reference
   * @param target the type that it leads to, where only one is wanted
   */
  public record Inclusion(
      boolean reverse, String source, String parameter, Optional<String> target) {

    /** The {@code _include} of all that a reference leads to. */
    public static Inclusion of(String source, String parameter) {
      return new Inclusion(false, source, parameter, Optional.empty());
    }

    /** Whether the search of {@code type} is the one that brings it. */
    public boolean belongsTo(String type) {
      return reverse ? targets().isEmpty() || targets().contains(type) : source.equals(type);
    }

    /** The types of what it brings; none: any. */
    public Set<String> brings() {
      return reverse ? Set.of(source) : targets();
    }

    /** Whether it may bring anything of these types. */
    public boolean mayBring(Set<String> types) {
      return brings().isEmpty() || brings().stream().anyMatch(types::contains);
    }

    private Set<String> targets() {
      return target
          .map(Set::of)
          .orElseGet(() -> References.of(source).getOrDefault(parameter, Set.of()));
    }

    /** As a search says it. */
    public Parameter said() {
      return new Parameter(
          reverse ? "_revinclude" : "_include",
          source + ":" + parameter + target.map(type -> ":" + type).orElse(""));
    }
  }

  public ResultParameters {
    sort = List.copyOf(sort);
    inclusions = List.copyOf(inclusions);
  }

  /** All of it, on one page. */
  public static ResultParameters of(List<Sort> sort, List<Inclusion> inclusions) {
    return new ResultParameters(sort, OptionalInt.empty(), inclusions);
  }

  /** As a search says them. */
  List<Parameter> said() {
    List<Parameter> said = new ArrayList<>();
    if (!sort.isEmpty()) {
      String keys = sort.stream().map(Sort::value).collect(Collectors.joining(","));
      said.add(new Parameter("_sort", keys));
    }
    count.ifPresent(most -> said.add(new Parameter("_count", Integer.toString(most))));
    inclusions.forEach(inclusion -> said.add(inclusion.said()));
    return said;
  }

  /**
   * What the search of one type says of them: the keys that entries of that type have, and what
   * comes with these. How many stand on a page is everyone's own affair.
   */
  public List<Parameter> saidOf(String type) {
    List<Sort> own =
        sort.stream().filter(key -> DateParameters.sorts(type, key.parameter())).toList();
    return of(own, inclusions.stream().filter(it -> it.belongsTo(type)).toList()).said();
  }
}
