package dev.ermine.merge;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Issue;
import dev.ermine.merge.fact.Conflict;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The contradictions as issues of the OperationOutcome, each with where its entries stand. */
final class ConflictIssues {

  /** The code system of the rules. */
  static final String SYSTEM = "https://ermine.dev/fhir/CodeSystem/conflict";

  private ConflictIssues() {}

  /** Of a Bundle that holds no entries none: the words would tell what nobody was given. */
  static List<Issue> of(Merged merged) {
    if (merged.query().countOnly() || merged.conflicts().isEmpty()) {
      return List.of();
    }
    Map<String, Integer> places = places(merged);
    return merged.conflicts().stream().map(conflict -> issue(conflict, places)).toList();
  }

  /** Where the entries that are told of stand in the Bundle: region after region. */
  private static Map<String, Integer> places(Merged merged) {
    Set<String> told = new HashSet<>();
    merged.conflicts().forEach(conflict -> told.addAll(conflict.fullUrls()));
    Map<String, Integer> places = new HashMap<>();
    int place = 0;
    for (Merged.Share share : merged.shares()) {
      for (Placed placed : share.entries()) {
        if (told.contains(placed.fullUrl())) {
          places.put(placed.fullUrl(), place);
        }
        place++;
      }
    }
    return places;
  }

  private static Issue issue(Conflict conflict, Map<String, Integer> places) {
    return new Issue(
        Issue.Severity.WARNING,
        Issue.Code.CONFLICT,
        conflict.text(),
        List.of(new Coding(SYSTEM, conflict.rule())),
        Optional.of(
            Stream.concat(Stream.of("rule: " + conflict.rule()), conflict.fullUrls().stream())
                .collect(Collectors.joining("; "))),
        conflict.fullUrls().stream()
            .map(places::get)
            .filter(Objects::nonNull)
            .sorted()
            .map(place -> "Bundle.entry[" + place + "].resource")
            .toList());
  }
}
