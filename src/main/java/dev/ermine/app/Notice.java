package dev.ermine.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.ermine.audit.PastEvent;
import dev.ermine.audit.PastEvent.Question;
import dev.ermine.region.RegionId;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A notice to one region's privacy office that the glass was broken. It says where to look, and
 * nothing of patient or user: {@code event} is the {@code X-Request-Id} by which the audits of both
 * regions and of the gateway know the request. A releasing region is told of itself alone, the
 * asking region of all that it asked.
 *
 * <pre>{@code
 * {"event":"5b0c…","at":"2026-11-22T08:00:00Z","gateway":"ermine-east",
 *  "asking":{"region":"hwe","organisation":"RQW"},"roles":["R8000"],
 *  "releasing":[{"region":"london","agreements":["DSA-2021-LCR-HWE"]}]}
 * }</pre>
 *
 * @param event as the audit has it
 * @param to whose office is told
 */
record Notice(PastEvent event, RegionId to) {

  /** Codes that are too short for a person's number. */
  private static final Pattern ODS = Pattern.compile("[A-Z0-9]{2,8}");

  private static final Pattern ROLE = Pattern.compile("[A-Z]{1,3}[0-9]{1,6}");
  private static final String OTHER = "OTHER";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Which one it is. */
  record Id(RegionId to, String requestId, Instant about) {}

  Id id() {
    return new Id(to, event.requestId(), event.at());
  }

  /** What is posted. */
  String json(String gateway) {
    Map<String, Object> notice = new LinkedHashMap<>();
    notice.put("event", event.requestId());
    notice.put("at", event.at().toString());
    notice.put("gateway", gateway);
    notice.put("asking", asking());
    notice.put("roles", roles());
    notice.put("releasing", releasing());
    try {
      return JSON.writeValueAsString(notice);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and lists of them can be written", e);
    }
  }

  private Map<String, String> asking() {
    String organisation =
        event
            .question()
            .map(Question::organisation)
            .filter(code -> ODS.matcher(code).matches())
            .orElse(OTHER);
    return Map.of("region", event.region().orElse(OTHER), "organisation", organisation);
  }

  /** What a token claims to be a role may be anything. */
  private List<String> roles() {
    return event.question().stream()
        .flatMap(question -> question.roles().stream())
        .map(code -> ROLE.matcher(code).matches() ? code : OTHER)
        .distinct()
        .sorted()
        .toList();
  }

  private List<Map<String, Object>> releasing() {
    boolean toAsker = event.region().filter(to.value()::equals).isPresent();
    return event.asked().entrySet().stream()
        .filter(asked -> toAsker || asked.getKey().equals(to.value()))
        .map(
            asked ->
                Map.<String, Object>of("region", asked.getKey(), "agreements", asked.getValue()))
        .toList();
  }

  /** Which one it is: never what it says. */
  @Override
  public String toString() {
    return "Notice[" + event.requestId() + ", " + to + "]";
  }
}
