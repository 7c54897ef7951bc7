package dev.ermine.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an asker with a deadline was told, held against what the stand-ins hold: the gateway's own
 * word is not taken for it.
 *
 * @param millis until its last byte was there
 * @param claimsWhole whether it says that every region was read whole
 * @param lines the account's status of each region
 * @param entries of the patient, by region
 * @param someoneElses entries of another patient
 */
record DatedAnswer(
    double millis,
    int status,
    boolean claimsWhole,
    Map<String, String> lines,
    Map<String, Integer> entries,
    int someoneElses) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CODES = "https://ermine.dev/fhir/CodeSystem/";
  private static final Set<String> WHOLE = Set.of("answered", "empty", "not-matched");

  /**
   * As it came.
   *
   * @param account the header {@code Ermine-Account}; empty where there is none
   */
  record Told(double millis, int status, String account, Buffer body) {}

  static DatedAnswer of(Told told) {
    Map<String, String> lines = new HashMap<>();
    Map<String, Integer> entries = new HashMap<>();
    int someoneElses = 0;
    for (JsonNode entry : read(told.body()).path("entry")) {
      JsonNode resource = entry.path("resource");
      switch (entry.at("/search/mode").asText()) {
        case "match" -> {
          entries.merge(region(entry.path("fullUrl").asText()), 1, Integer::sum);
          boolean own =
              resource.at("/subject/identifier/value").asText().equals(HeldRecord.PATIENT);
          someoneElses += own ? 0 : 1;
        }
        case "outcome" -> resource.path("issue").forEach(issue -> note(issue, lines));
        default -> {} // Provenance, which is ours
      }
    }
    boolean claimsWhole = told.account().endsWith("all-answered");
    return new DatedAnswer(told.millis(), told.status(), claimsWhole, lines, entries, someoneElses);
  }

  private static JsonNode read(Buffer body) {
    try {
      return JSON.readTree(body.getBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String region(String fullUrl) {
    return fullUrl.replaceFirst(".*/regions/([^/]+)/.*", "$1");
  }

  private static void note(JsonNode issue, Map<String, String> lines) {
    Map<String, String> codes = new HashMap<>();
    issue
        .at("/details/coding")
        .forEach(code -> codes.put(code.path("system").asText(), code.path("code").asText()));
    String region = codes.get(CODES + "region");
    String status = codes.get(CODES + "account");
    if (region != null && status != null) {
      lines.put(region, status);
    }
  }

  /** Whether all that each of the regions holds is there, and it says so. */
  boolean isComplete(List<String> regions, int held) {
    return status == 200 && claimsWhole && regions.stream().allMatch(region -> has(region, held));
  }

  /**
   * Whether all is there that regions without trouble hold, and of each in trouble either that or
   * the word that it is missing.
   */
  boolean isHonest(List<String> regions, Set<String> troubled, int held) {
    return status == 200
        && regions.stream()
            .allMatch(region -> has(region, held) || (troubled.contains(region) && misses(region)));
  }

  /** Whether it says of the whole, or of a region, that all is there which is not. */
  boolean looksWholerThanItIs(List<String> regions, int held) {
    boolean all = regions.stream().allMatch(region -> entries.getOrDefault(region, 0) == held);
    return status == 200
        && ((claimsWhole && !all)
            || regions.stream()
                .anyMatch(region -> !misses(region) && entries.getOrDefault(region, 0) != held));
  }

  private boolean has(String region, int held) {
    return !misses(region) && entries.getOrDefault(region, 0) == held;
  }

  private boolean misses(String region) {
    return !WHOLE.contains(lines.getOrDefault(region, "answered"));
  }
}
