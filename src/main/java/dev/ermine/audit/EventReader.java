package dev.ermine.audit;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ermine.audit.PastEvent.Phase;
import dev.ermine.audit.PastEvent.Question;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.policy.AgreementRules;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An AuditEvent as {@link AuditEventWriter} writes it, read back. */
final class EventReader {

  private static final String NOT_ASKED = "not-asked/";
  private static final String STATUS = "status/";

  private final JsonNode event;
  private final Map<String, List<String>> details = new LinkedHashMap<>();
  private String requestId = "";

  private EventReader(JsonNode event) {
    this.event = event;
    for (JsonNode entity : event.path("entity")) {
      if (entity.at("/type/code").asText().equals("XrequestId")) {
        requestId = entity.at("/what/identifier/value").asText();
        for (JsonNode detail : entity.path("detail")) {
          details
              .computeIfAbsent(detail.path("type").asText(), _ -> new ArrayList<>())
              .add(detail.path("valueString").asText());
        }
      }
    }
  }

  /** The event; empty where it is none of a gateway's own. */
  static Optional<PastEvent> read(JsonNode event) {
    try {
      return new EventReader(event).read();
    } catch (DateTimeException | IllegalArgumentException e) {
      // Another program's event: what it holds is not what this gateway writes.
      return Optional.empty();
    }
  }

  private Optional<PastEvent> read() {
    Optional<String> phase = detail("phase");
    if (phase.isEmpty() || requestId.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new PastEvent(
            Instant.parse(event.path("recorded").asText()),
            Phase.valueOf(phase.get().toUpperCase(Locale.ROOT)),
            requestId,
            event.path("outcomeDesc").asText(),
            region(),
            forwarder(),
            detail("status").map(Integer::valueOf),
            detail("route"),
            detail("trust-hash"),
            asked(),
            left(),
            statuses(),
            question(),
            detail(Entities.ABOUT).map(Instant::parse)));
  }

  private Optional<String> detail(String type) {
    return details.getOrDefault(type, List.of()).stream().findFirst();
  }

  /** The region that asked: the originator of what another hands on, or else that sent it. */
  private Optional<String> region() {
    return agent(Agents.ORIGINATOR)
        .map(agent -> agent.at("/who/identifier/value").asText())
        .or(this::sender);
  }

  /** The region that handed it on. */
  private Optional<String> forwarder() {
    return agent(Agents.ORIGINATOR).isPresent() ? sender() : Optional.empty();
  }

  /** Whose certificate was shown: the one system that is a region of its own and no custodian. */
  private Optional<String> sender() {
    for (JsonNode agent : event.path("agent")) {
      boolean isClient = !agent.at("/type/coding/0/code").asText().equals("CST");
      if (isClient && isRegion(agent.path("who"))) {
        return Optional.of(agent.at("/who/identifier/value").asText());
      }
    }
    return Optional.empty();
  }

  private static boolean isRegion(JsonNode who) {
    return who.at("/identifier/system").asText().equals(Agents.REGION);
  }

  private Map<String, List<String>> asked() {
    Map<String, List<String>> asked = new LinkedHashMap<>();
    for (JsonNode agent : event.path("agent")) {
      if (agent.at("/type/coding/0/code").asText().equals("CST")) {
        List<String> rules = new ArrayList<>();
        agent.path("policy").forEach(rule -> rules.add(rule.asText()));
        asked.put(agent.at("/who/identifier/value").asText(), rules);
      }
    }
    return asked;
  }

  private Map<String, List<String>> left() {
    Map<String, List<String>> left = new LinkedHashMap<>();
    details.forEach(
        (type, values) -> {
          if (type.startsWith(NOT_ASKED)) {
            left.put(type.substring(NOT_ASKED.length()), List.of(values.getFirst().split(" ", -1)));
          }
        });
    return left;
  }

  private Map<String, String> statuses() {
    Map<String, String> statuses = new LinkedHashMap<>();
    details.forEach(
        (type, values) -> {
          if (type.startsWith(STATUS)) {
            statuses.put(type.substring(STATUS.length()), values.getFirst());
          }
        });
    return statuses;
  }

  /** Empty where it lacks something: nothing is guessed. */
  private Optional<Question> question() {
    Optional<JsonNode> user = agent("IRCP");
    Optional<JsonNode> organisation = agent("PROV");
    Optional<Set<String>> purposes = user.flatMap(EventReader::purposes);
    List<String> types = details.getOrDefault(Entities.TYPE_ASKED, List.of());
    Optional<String> glass = detail(Entities.BREAK_GLASS);
    Optional<String> named = detail(Entities.PATIENT_NAMED);
    boolean read = event.at("/subtype/0/code").asText().equals("read") || isRefusedRead();
    if (region().isEmpty()
        || organisation.isEmpty()
        || purposes.isEmpty()
        || types.isEmpty()
        || glass.isEmpty()
        || named.isEmpty()
        || (read && asked().size() != 1)) {
      return Optional.empty();
    }
    return Optional.of(
        new Question(
            region().get(),
            forwarder(),
            organisation.get().at("/who/identifier/value").asText(),
            purposes.get(),
            roles(user.orElseThrow()),
            detail(Entities.BASIS),
            glass.get().equals("stated"),
            Boolean.parseBoolean(named.get()),
            types,
            read ? asked().keySet().stream().findFirst() : Optional.empty(),
            stepUp(),
            Boolean.parseBoolean(detail(Entities.OWN_RECORD).orElse("false"))));
  }

  private Optional<PastEvent.StepUp> stepUp() {
    Instant at = Instant.parse(event.path("recorded").asText());
    return detail(Entities.CONTEXT)
        .flatMap(
            context ->
                detail(Entities.AUTHENTICATED)
                    .map(Instant::parse)
                    .map(proven -> new PastEvent.StepUp(context, Duration.between(proven, at))));
  }

  /** A refused read does not say which region it was of. */
  private boolean isRefusedRead() {
    return detail("route").equals(Optional.of("read"));
  }

  private Optional<JsonNode> agent(String type) {
    for (JsonNode agent : event.path("agent")) {
      if (agent.at("/type/coding/0/code").asText().equals(type)) {
        return Optional.of(agent);
      }
    }
    return Optional.empty();
  }

  /** A purpose that is no code was nobody's: all must be permitted, so it stays one of them. */
  private static Optional<Set<String>> purposes(JsonNode user) {
    Set<String> purposes = new LinkedHashSet<>();
    for (JsonNode purpose : user.path("purposeOfUse")) {
      JsonNode code = purpose.at("/coding/0/code");
      String stated = code.isMissingNode() ? purpose.path("text").asText() : code.asText();
      if (PurposeOfUse.parse(stated).isEmpty()) {
        return Optional.empty();
      }
      purposes.add(stated);
    }
    return purposes.isEmpty() ? Optional.empty() : Optional.of(purposes);
  }

  /** Roles of other code systems count for no agreement. */
  private static Set<String> roles(JsonNode user) {
    Set<String> roles = new LinkedHashSet<>();
    for (JsonNode role : user.path("role")) {
      if (role.at("/coding/0/system").asText().equals(AgreementRules.ROLES)) {
        roles.add(role.at("/coding/0/code").asText());
      }
    }
    return roles;
  }
}
