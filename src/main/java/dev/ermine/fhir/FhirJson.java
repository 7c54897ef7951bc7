package dev.ermine.fhir;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The JSON of the resources that the gateway itself writes.
 *
 * @see <a href="https://hl7.org/fhir/R4/json.html">FHIR R4: JSON</a>
 */
public final class FhirJson {

  private static final JsonFactory JSON = new JsonFactory();

  /** What no FHIR string may hold: control characters and halves of characters. */
  private static final Pattern UNFIT = Pattern.compile("[\\p{Cntrl}\\x{80}-\\x{9f}\\p{Cs}]+");

  private FhirJson() {}

  /**
   * An OperationOutcome.
   *
   * @param issues at least one
   * @see <a href="https://hl7.org/fhir/R4/operationoutcome.html">FHIR R4: OperationOutcome</a>
   */
  public static Slice operationOutcome(List<Issue> issues) {
    if (issues.isEmpty()) {
      throw new IllegalArgumentException("an outcome has at least one issue");
    }
    return resource("OperationOutcome", json -> writeIssues(json, issues));
  }

  /** A Provenance. */
  public static Slice provenance(Provenance provenance) {
    return resource("Provenance", json -> writeProvenance(json, provenance));
  }

  private static void writeIssues(JsonGenerator json, List<Issue> issues) throws IOException {
    json.writeArrayFieldStart("issue");
    for (Issue issue : issues) {
      json.writeStartObject();
      json.writeStringField("severity", issue.severity().fhir());
      json.writeStringField("code", issue.code().fhir());
      writeDetails(json, issue);
      writeString(json, "diagnostics", issue.diagnostics().orElse(""));
      writeStrings(json, "expression", issue.expression());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void writeDetails(JsonGenerator json, Issue issue) throws IOException {
    List<Coding> codings = issue.codings().stream().filter(FhirJson::isWhole).toList();
    if (codings.isEmpty() && clean(issue.text()).isEmpty()) {
      return;
    }
    json.writeObjectFieldStart("details");
    writeCodings(json, codings);
    writeString(json, "text", issue.text());
    json.writeEndObject();
  }

  private static void writeProvenance(JsonGenerator json, Provenance provenance)
      throws IOException {
    writeString(json, "id", provenance.id().orElse(""));
    json.writeArrayFieldStart("target");
    for (String target : provenance.targets()) {
      json.writeStartObject();
      writeString(json, "reference", target);
      json.writeEndObject();
    }
    json.writeEndArray();
    writeString(json, "recorded", provenance.recorded().truncatedTo(ChronoUnit.MILLIS).toString());
    json.writeArrayFieldStart("agent");
    for (Provenance.Agent agent : provenance.agents()) {
      writeAgent(json, agent);
    }
    json.writeEndArray();
  }

  private static void writeAgent(JsonGenerator json, Provenance.Agent agent) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart("type");
    writeCodings(json, List.of(agent.part().coding()));
    json.writeEndObject();
    json.writeObjectFieldStart("who");
    writeString(json, "type", "Organization");
    if (agent.identifier().isPresent()) {
      json.writeObjectFieldStart("identifier");
      writeString(json, "system", agent.identifier().get().system());
      writeString(json, "value", agent.identifier().get().value());
      json.writeEndObject();
    }
    writeString(json, "display", agent.display());
    json.writeEndObject();
    json.writeEndObject();
  }

  static void writeCodings(JsonGenerator json, List<Coding> codings) throws IOException {
    if (codings.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("coding");
    for (Coding coding : codings) {
      json.writeStartObject();
      writeString(json, "system", coding.system());
      writeString(json, "code", coding.code());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  static void writeStrings(JsonGenerator json, String name, List<String> texts) throws IOException {
    List<String> clean = texts.stream().map(FhirJson::clean).filter(t -> !t.isEmpty()).toList();
    if (clean.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart(name);
    for (String text : clean) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  /** A property, or nothing where it would be empty: FHIR has no empty strings. */
  static void writeString(JsonGenerator json, String name, String text) throws IOException {
    String clean = clean(text);
    if (!clean.isEmpty()) {
      json.writeStringField(name, clean);
    }
  }

  private static boolean isWhole(Coding coding) {
    return !clean(coding.system()).isEmpty() && !clean(coding.code()).isEmpty();
  }

  private static String clean(String text) {
    return (isPlain(text) ? text : UNFIT.matcher(text).replaceAll(" ")).strip();
  }

  /** Whether it is ASCII that can be printed: nothing of it is unfit. */
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < ' ' || text.charAt(i) > '~') {
        return false;
      }
    }
    return true;
  }

  static Slice resource(String type, Content content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("resourceType", type);
      content.writeTo(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Slice(bytes.toByteArray(), 0, bytes.size());
  }

  /** What stands in a resource after its type. */
  @FunctionalInterface
  interface Content {
    void writeTo(JsonGenerator json) throws IOException;
  }
}
