package dev.ermine.fhir;

import dev.ermine.fhir.ResultParameters.Inclusion;
import dev.ermine.fhir.ResultParameters.Sort;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The reading of what a query says of how its answer is to be made up.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#return">FHIR R4: search result parameters</a>
 */
final class ResultReader {

  private static final int MOST_KEYS = 4;
  private static final int MOST_INCLUSIONS = 16;

  private static final Pattern INCLUSION =
      Pattern.compile("(?<source>[A-Za-z]+):(?<parameter>[A-Za-z0-9-]+)(?::(?<target>[A-Za-z]+))?");

  private final List<String> types;
  private final QueryFaults faults;
  private final Map<String, Sort> sort = new LinkedHashMap<>();
  private final Set<Inclusion> inclusions = new LinkedHashSet<>();
  private OptionalInt count = OptionalInt.empty();
  private boolean sorted;

  /**
   * @param types those asked for, some of them faulty perhaps
   */
  ResultReader(List<String> types, QueryFaults faults) {
    this.types = types.stream().filter(ResourceTypes::isKnown).toList();
    this.faults = faults;
  }

  /** Reads {@code _sort}: its keys, a {@code -} before those that descend. */
  void sort(String keys) {
    if (sorted) {
      faults.add(
          Issue.Code.INVALID,
          "`_sort` is given more than once; give it once, its keys separated by commas");
      return;
    }
    sorted = true;
    List<String> all = List.of(keys.split(",", -1));
    if (all.size() > MOST_KEYS) {
      faults.add(
          Issue.Code.TOO_COSTLY,
          "`_sort` names more than %d keys; sort by fewer".formatted(MOST_KEYS));
      return;
    }
    all.forEach(this::key);
  }

  private void key(String key) {
    boolean descending = key.startsWith("-");
    String parameter = descending ? key.substring(1) : key;
    if (parameter.isBlank()) {
      faults.add(
          Issue.Code.VALUE,
          "`_sort` has an empty key; write it such as `_sort=-date` or `_sort=date,-_lastUpdated`");
      return;
    }
    List<String> sorting = DateParameters.sorting(types);
    if (!types.isEmpty() && !sorting.contains(parameter)) {
      String shown = Shown.of(parameter);
      faults.notSupported(
          "_sort=" + shown,
          "a search of these types is not sorted by `%s`".formatted(shown),
          "sort it by `%s`".formatted(String.join("`, `", sorting)));
    } else if (sort.putIfAbsent(parameter, new Sort(parameter, descending)) != null) {
      faults.add(
          Issue.Code.INVALID,
          "`_sort` names `%s` more than once; name it once".formatted(parameter));
    }
  }

  /** Reads {@code _count}; FHIR lets a server return fewer on a page than are asked for. */
  void count(String text) {
    if (!text.matches("[0-9]+")) {
      faults.add(
          Issue.Code.VALUE,
          "`_count` is not a whole number; write it such as `_count=50`, or leave it out");
    } else if (count.isPresent()) {
      faults.add(Issue.Code.INVALID, "`_count` is given more than once; give it once");
    } else {
      count = OptionalInt.of(bounded(text.replaceFirst("^0+(?=.)", "")));
    }
  }

  private static int bounded(String digits) {
    return digits.length() > Integer.toString(ResultParameters.MOST_ON_A_PAGE).length()
        ? ResultParameters.MOST_ON_A_PAGE
        : Math.min(Integer.parseInt(digits), ResultParameters.MOST_ON_A_PAGE);
  }

  /** Reads {@code _include} or {@code _revinclude}, without modifier. */
  void include(Parameter asked) {
    String name = asked.name();
    String shown = "%s=%s".formatted(name, Shown.of(asked.value()));
    Matcher parts = INCLUSION.matcher(asked.value());
    if (asked.value().contains("*")) {
      faults.notSupported(
          shown, "`%s` of all there is is not supported".formatted(name), "name each reference");
    } else if (!parts.matches()) {
      faults.add(
          Issue.Code.VALUE,
          ("`%s` is not a type and its reference; write it such as `%1$s=Observation:encounter`,"
                  + " or `%1$s=Observation:encounter:Encounter` for one type that it leads to")
              .formatted(name));
    } else {
      Inclusion inclusion =
          new Inclusion(
              name.equals("_revinclude"),
              parts.group("source"),
              parts.group("parameter"),
              Optional.ofNullable(parts.group("target")));
      Optional<Futile> futile = futile(inclusion);
      futile.ifPresentOrElse(
          it -> faults.notSupported(shown, "`%s`: %s".formatted(shown, it.why()), it.remedy()),
          () -> add(inclusion));
    }
  }

  private void add(Inclusion inclusion) {
    inclusions.add(inclusion);
    if (inclusions.size() > MOST_INCLUSIONS) {
      faults.add(
          Issue.Code.TOO_COSTLY,
          "the query has more than %d of `_include` and `_revinclude`; ask for fewer"
              .formatted(MOST_INCLUSIONS));
    }
  }

  /** Why an inclusion would bring nothing. */
  private record Futile(String why, String remedy) {}

  private Optional<Futile> futile(Inclusion inclusion) {
    Map<String, Set<String>> references = References.of(inclusion.source());
    Set<String> targets = references.get(inclusion.parameter());
    Optional<String> target = inclusion.target();
    if (inclusion.source().equals("Provenance")) {
      return futile(
          "a region's Provenance is not passed on",
          "leave it out, for the answer holds one of each region in any case");
    }
    if (references.isEmpty()) {
      return futile("no reference of that type is followed here", "leave it out");
    }
    if (targets == null) {
      return futile(
          "it has no such reference",
          "take `%s`".formatted(String.join("`, `", references.keySet())));
    }
    if (target.filter(it -> !leadsTo(targets, it)).isPresent()) {
      return futile("it does not lead there", leading(targets));
    }
    return inclusion.reverse() ? reverseFutile(inclusion) : forwardFutile(inclusion);
  }

  private static boolean leadsTo(Set<String> targets, String type) {
    return targets.isEmpty() ? ResourceTypes.isKnown(type) : targets.contains(type);
  }

  private static String leading(Set<String> targets) {
    return targets.isEmpty()
        ? "name a resource type of FHIR R4"
        : "take `%s`".formatted(String.join("`, `", targets));
  }

  private Optional<Futile> forwardFutile(Inclusion inclusion) {
    return types.isEmpty() || types.contains(inclusion.source())
        ? Optional.empty()
        : futile("that type is not asked for", "ask for it");
  }

  private Optional<Futile> reverseFutile(Inclusion inclusion) {
    if (!Compartment.contains(inclusion.source())) {
      return futile("that type is no patient's record", "leave it out");
    }
    if (References.COLLECTIONS.contains(inclusion.source())) {
      return futile("that type is judged with all that it lists", "ask for it by itself");
    }
    return types.isEmpty() || types.stream().anyMatch(inclusion::belongsTo)
        ? Optional.empty()
        : futile("it leads to no type that is asked for", "ask for one that it leads to");
  }

  private static Optional<Futile> futile(String why, String remedy) {
    return Optional.of(new Futile(why, remedy));
  }

  /** Whether the number of matches alone is wanted. */
  boolean countOnly() {
    return count.equals(OptionalInt.of(0));
  }

  /** All that was read; nothing of it matters where the number alone is wanted. */
  ResultParameters all() {
    return new ResultParameters(List.copyOf(sort.values()), count, List.copyOf(inclusions));
  }
}
