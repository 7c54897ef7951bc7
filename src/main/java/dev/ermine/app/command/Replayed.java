package dev.ermine.app.command;

import dev.ermine.federation.Replay.Difference;
import dev.ermine.federation.Replay.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a replay of audit files came to, as it is told.
 *
 * @param unreadable lines of the files that are no events, or not whole
 */
record Replayed(Result result, long unreadable) {

  /** In words: the sum first, then each difference, openings first. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "replay: breaks %s and %s of %s queries; opens something for %s"
            .formatted(
                regions(result.brokenRegions().size()),
                number(result.broken()),
                number(result.queries()),
                number(result.widened())));
    result.gained().forEach(each -> lines.add("replay: opens " + words(each)));
    result.lost().forEach(each -> lines.add("replay: closes " + words(each)));
    if (result.lacking() > 0) {
      lines.add(
          "replay: %s queries do not say all that decisions rest on, and were not decided"
              .formatted(number(result.lacking())));
    }
    lines.add(
        "replay: %s other events were left alone, %s lines could not be read"
            .formatted(number(result.others()), number(unreadable)));
    lines.add("");
    return lines;
  }

  private static String regions(int count) {
    return count == 1 ? "1 region" : count + " regions";
  }

  private static String words(Difference each) {
    return "%s of %s to %s for %s"
        .formatted(each.type(), each.releasing(), each.asking(), number(each.queries()));
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  Map<String, Object> values() {
    return Json.object(
        "queries", result.queries(),
        "broken", result.broken(),
        "broken-regions", result.brokenRegions().stream().map(Object::toString).toList(),
        "widened", result.widened(),
        "opens", result.gained().stream().map(Replayed::values).toList(),
        "closes", result.lost().stream().map(Replayed::values).toList(),
        "not-decided", result.lacking(),
        "other-events", result.others(),
        "unreadable-lines", unreadable);
  }

  private static Map<String, Object> values(Difference each) {
    return Json.object(
        "releasing", each.releasing().value(),
        "asking", each.asking().value(),
        "type", each.type(),
        "queries", each.queries());
  }
}
