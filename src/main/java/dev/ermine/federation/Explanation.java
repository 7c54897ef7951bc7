package dev.ermine.federation;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What one asker would get at one moment, and by which rules.
 *
 * @param sentences what each rule says that denies something; that an agreement permits, its id
 *     says
 */
public record Explanation(
    Enquirer enquirer, Instant at, List<Prospect> prospects, Map<String, String> sentences) {

  public Explanation {
    prospects = List.copyOf(prospects);
  }

  static Map<String, String> sentences(List<Prospect> prospects, Function<String, String> words) {
    Map<String, String> sentences = new LinkedHashMap<>();
    prospects.stream()
        .filter(prospect -> !prospect.permitted())
        .flatMap(prospect -> prospect.rules().stream())
        .forEach(rule -> sentences.put(rule, words.apply(rule)));
    return sentences;
  }

  /** Whether there is something, and all of it is permitted. */
  public boolean permitted() {
    return !prospects.isEmpty() && prospects.stream().allMatch(Prospect::permitted);
  }

  /** Its names and values, as other programs read them. */
  public Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("from", enquirer.region().value());
    enquirer.forwarder().ifPresent(region -> values.put("through", region.value()));
    values.put("organisation", enquirer.organisation());
    values.put("at", at.toString());
    values.put("decisions", prospects.stream().map(Explanation::values).toList());
    values.put("denied-because", sentences);
    return values;
  }

  private static Map<String, Object> values(Prospect prospect) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("region", prospect.region().value());
    values.put("type", prospect.type());
    values.put("decision", prospect.permitted() ? "permit" : "deny");
    values.put("rules", prospect.rules());
    return values;
  }
}
