package dev.ermine.federation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Values that no rule tells apart: what is decided for one of them is decided for all. */
record Kind<T>(List<T> values) {

  Kind {
    values = List.copyOf(values);
  }

  /** The values by what the rules see in each. */
  static <T> List<Kind<T>> of(Collection<? extends T> values, List<Predicate<T>> rules) {
    Map<List<Boolean>, List<T>> alike = new LinkedHashMap<>();
    for (T value : new LinkedHashSet<T>(values)) {
      List<Boolean> seen = rules.stream().map(rule -> rule.test(value)).toList();
      alike.computeIfAbsent(seen, _ -> new ArrayList<>()).add(value);
    }
    return alike.values().stream().map(Kind::new).toList();
  }

  /** The one that stands for all. */
  T one() {
    return values.getFirst();
  }
}
