package dev.ermine.http;

import dev.ermine.federation.FederatedAnswer.Tally;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The account in headers: {@code Ermine-Account}, a dictionary of structured fields, and {@code
 * Server-Timing} for askers that may know.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9651#section-3.2">RFC 9651: Dictionaries</a>
 * @see <a href="https://www.w3.org/TR/server-timing/">W3C: Server Timing</a>
 */
final class AccountHeaders {

  private AccountHeaders() {}

  static Map<String, String> of(Tally tally) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Ermine-Account", account(tally));
    if (!tally.timings().isEmpty()) {
      headers.put("Server-Timing", timings(tally));
    }
    return headers;
  }

  private static String account(Tally tally) {
    return "known=%d, agreed=%d, asked=%d, answered=%d, all-answered%s"
        .formatted(
            tally.known(),
            tally.agreed(),
            tally.asked(),
            tally.answered(),
            // True is written by the key alone: RFC 9651 4.1.2.
            tally.allAnswered() ? "" : "=?0");
  }

  private static String timings(Tally tally) {
    return tally.timings().stream()
        .map(timing -> timing.region() + ";dur=" + timing.took().toMillis())
        .collect(Collectors.joining(", "));
  }
}
