package dev.ermine.federation;

import dev.ermine.audit.PastEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Why a past request was answered or refused as it was, as one audit file has it: nothing of a
 * patient or a user.
 *
 * @param events at least one, in the file's order
 */
public record PastRequest(String id, List<PastEvent> events, Rehearsal rehearsal) {

  public PastRequest {
    events = List.copyOf(events);
  }

  /** Whether something stood against it. */
  public boolean refused() {
    return events.stream().anyMatch(event -> event.status().filter(it -> it >= 400).isPresent());
  }

  /** How many decisions of the rules it tells. */
  public int decisions() {
    return events.stream().mapToInt(event -> event.asked().size() + event.left().size()).sum();
  }

  /** Its names and values, as other programs read them. */
  public Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("request", id);
    values.put("events", events.stream().map(this::values).toList());
    return values;
  }

  private Map<String, Object> values(PastEvent event) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("at", event.at().toString());
    values.put("what", event.phase().name().toLowerCase(Locale.ROOT));
    event.region().ifPresent(region -> values.put("from", region));
    event.forwarder().ifPresent(region -> values.put("through", region));
    event.route().ifPresent(route -> values.put("route", route));
    event.status().ifPresent(status -> values.put("status", status));
    values.put("said", event.description());
    RefusalWords.of(event.description()).ifPresent(words -> values.put("because", words));
    event.trustHash().ifPresent(hash -> values.put("trust-hash", hash));
    put(values, "asked", event.asked());
    put(values, "not-asked", event.left());
    if (!event.statuses().isEmpty()) {
      values.put("statuses", event.statuses());
    }
    if (!event.left().isEmpty()) {
      values.put("denied-because", sentences(event));
    }
    return values;
  }

  private static void put(
      Map<String, Object> values, String name, Map<String, List<String>> rules) {
    if (!rules.isEmpty()) {
      values.put(name, rules);
    }
  }

  private Map<String, String> sentences(PastEvent event) {
    Map<String, String> sentences = new LinkedHashMap<>();
    event
        .left()
        .values()
        .forEach(rules -> rules.forEach(rule -> sentences.put(rule, rehearsal.pastWords(rule))));
    return sentences;
  }

  /** In words, a line each. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (PastEvent event : events) {
      StringBuilder line = new StringBuilder(event.at() + " ");
      line.append(event.phase().name().toLowerCase(Locale.ROOT));
      event.region().ifPresent(region -> line.append(" of ").append(region));
      event.forwarder().ifPresent(region -> line.append(" through ").append(region));
      event.route().ifPresent(route -> line.append(" at ").append(route));
      line.append(": ").append(event.description());
      event.status().ifPresent(status -> line.append(" (").append(status).append(")"));
      RefusalWords.of(event.description()).ifPresent(words -> line.append(": ").append(words));
      lines.add(line.toString());
      event.asked().forEach((region, rules) -> lines.add("  asked " + region + ": " + join(rules)));
      event
          .left()
          .forEach((region, rules) -> lines.add("  not asked " + region + ": " + join(rules)));
      event.statuses().forEach((region, status) -> lines.add("  " + region + " " + status));
      sentences(event).forEach((rule, words) -> lines.add("  " + rule + ": " + words + "."));
    }
    return lines;
  }

  private static String join(List<String> rules) {
    return String.join(", ", rules);
  }
}
