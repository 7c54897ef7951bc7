package dev.ermine.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ermine.federation.Enquiry;
import dev.ermine.fhir.Issue;
import dev.ermine.trust.StrictJson;
import java.time.Duration;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What became of an officer's request for an explanation: a question, or why it is none. */
sealed interface AskedExplanation {

  /** What an asker would get. */
  record Rehearsed(Enquiry enquiry) implements AskedExplanation {}

  /** What became of a past request. */
  record Past(String requestId) implements AskedExplanation {}

  /** Not a question. */
  record NotAsked(Reply reply) implements AskedExplanation {}

  static AskedExplanation read(Admitted admitted) {
    if (!Media.acceptsJson(admitted.headers().getAll("accept"))) {
      return new NotAsked(Refusals.of(Fault.NOT_ACCEPTABLE_JSON));
    }
    if (!Media.isJson(admitted.headers().get("content-type"))
        || admitted.headers().contains("content-encoding")) {
      return new NotAsked(Refusals.of(Fault.MEDIA_TYPE_JSON));
    }
    return StrictJson.object(admitted.body())
        .map(json -> new Members(json).read())
        .orElseGet(
            () ->
                malformed(
                    List.of("the body is not one JSON object, each name in it once, no nulls")));
  }

  private static AskedExplanation malformed(List<String> faults) {
    return new NotAsked(
        Refusals.malformed(
            faults.stream().map(text -> Issue.error(Issue.Code.VALUE, text)).toList()));
  }

  /** The reading of one object, every fault told at once. */
  final class Members {

    private static final Set<String> NAMES =
        Set.of(
            "from",
            "through",
            "to",
            "purposes",
            "roles",
            "types",
            "organisation",
            "basis",
            "no-relationship",
            "break-glass-reason",
            "patient-named",
            "acr",
            "auth-age",
            "own-record",
            "at");

    private final JsonNode json;
    private final List<String> faults = new ArrayList<>();

    private Members(JsonNode json) {
      this.json = json;
    }

    private AskedExplanation read() {
      return json.has("request") ? past() : rehearsed();
    }

    private AskedExplanation past() {
      String id = text("request").orElse("");
      if (json.size() > 1) {
        faults.add("`request` stands alone; leave everything else out");
      } else if (faults.isEmpty() && RequestId.usable(id).isEmpty()) {
        faults.add("`request` is no `X-Request-Id` of this gateway; copy it from the response");
      }
      return faults.isEmpty() ? new Past(id) : malformed(faults);
    }

    private AskedExplanation rehearsed() {
      if (json.propertyStream().anyMatch(each -> !NAMES.contains(each.getKey()))) {
        faults.add(
            "a name is unknown; those there are: " + String.join(", ", new TreeSet<>(NAMES)));
      }
      boolean unrelated = flag("no-relationship");
      Optional<String> basis = text("basis");
      if (unrelated && basis.isPresent()) {
        faults.add("`basis` and `no-relationship` contradict each other; state one");
      }
      Enquiry enquiry =
          new Enquiry(
              required("from"),
              text("through"),
              texts("to"),
              texts("purposes"),
              texts("roles"),
              texts("types"),
              text("organisation"),
              unrelated ? Optional.empty() : Optional.of(basis.orElse("encounter")),
              text("break-glass-reason").filter(why -> !why.isBlank()).isPresent(),
              flag("patient-named"),
              text("acr"),
              span("auth-age"),
              flag("own-record"),
              day("at"));
      return faults.isEmpty() ? new Rehearsed(enquiry) : malformed(faults);
    }

    private String required(String name) {
      Optional<String> text = text(name);
      if (!json.has(name)) {
        faults.add("`" + name + "` is missing; name the asking region");
      }
      return text.orElse("");
    }

    private Optional<String> text(String name) {
      JsonNode value = json.path(name);
      if (!value.isMissingNode() && !value.isTextual()) {
        faults.add("`" + name + "` is not a text");
      }
      return Optional.ofNullable(value.textValue());
    }

    private List<String> texts(String name) {
      JsonNode value = json.path(name);
      if (value.isMissingNode()) {
        return List.of();
      }
      if (!value.isArray()
          || value.size() > 64
          || !value.valueStream().allMatch(JsonNode::isTextual)) {
        faults.add("`" + name + "` is not a list of texts, 64 at most");
        return List.of();
      }
      return value.valueStream().map(JsonNode::textValue).distinct().toList();
    }

    private boolean flag(String name) {
      JsonNode value = json.path(name);
      if (!value.isMissingNode() && !value.isBoolean()) {
        faults.add("`" + name + "` is neither `true` nor `false`");
      }
      return value.asBoolean();
    }

    private Duration span(String name) {
      try {
        return text(name).map(Duration::parse).orElse(Duration.ZERO);
      } catch (DateTimeParseException e) {
        faults.add("`" + name + "` is no span of time; write it like `PT10M`");
        return Duration.ZERO;
      }
    }

    private Optional<LocalDate> day(String name) {
      try {
        return text(name).map(LocalDate::parse);
      } catch (DateTimeParseException e) {
        faults.add("`" + name + "` is no day; write it like `2026-01-31`");
        return Optional.empty();
      }
    }
  }
}
