package dev.ermine.fhir;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The JSON of the resources that the gateway itself writes into a document.
 *
 * @see <a href="https://hl7.org/fhir/R4/documents.html">FHIR R4: documents</a>
 */
public final class DocumentJson {

  private static final Set<String> GENDERS = Set.of("male", "female", "other", "unknown");
  private static final int DAY = 10;

  private DocumentJson() {}

  /** A Composition. */
  public static Slice composition(Composition composition) {
    return FhirJson.resource(
        "Composition",
        json -> {
          FhirJson.writeString(json, "id", composition.id());
          if (composition.claimed()) {
            json.writeObjectFieldStart("meta");
            FhirJson.writeStrings(json, "profile", List.of(Composition.IPS));
            json.writeEndObject();
          }
          json.writeFieldName("identifier");
          identifier(json, "urn:ietf:rfc:3986", "urn:uuid:" + composition.id());
          json.writeStringField("status", "preliminary");
          concept(json, "type", Composition.TYPE, "");
          reference(json, "subject", composition.subject());
          json.writeStringField("date", seconds(composition.date()));
          references(json, "author", List.of(composition.author()));
          json.writeStringField("title", Composition.TITLE);
          reference(json, "custodian", composition.author());
          json.writeArrayFieldStart("section");
          for (Composition.Section section : composition.sections()) {
            section(json, section);
          }
          json.writeEndArray();
        });
  }

  private static void section(JsonGenerator json, Composition.Section section) throws IOException {
    json.writeStartObject();
    FhirJson.writeString(json, "title", section.title());
    concept(json, "code", section.code(), section.title());
    json.writeObjectFieldStart("text");
    json.writeStringField("status", "additional");
    json.writeStringField("div", section.narrative());
    json.writeEndObject();
    if (section.entries().isEmpty()) {
      concept(json, "emptyReason", Composition.UNAVAILABLE, "no information available");
    } else {
      references(json, "entry", section.entries());
    }
    json.writeEndObject();
  }

  /**
   * A Patient of whom no more is said than that.
   *
   * @param others references to Patients who are the same person
   */
  public static Slice patient(
      String id, NhsNumber number, Optional<Demographics> known, List<String> others) {
    return FhirJson.resource(
        "Patient",
        json -> {
          FhirJson.writeString(json, "id", id);
          identifiers(json, NhsNumber.SYSTEM, number.value());
          if (known.isPresent()) {
            person(json, known.get());
          }
          links(json, others);
        });
  }

  private static void person(JsonGenerator json, Demographics known) throws IOException {
    List<Demographics.PersonName> names =
        known.names().stream().filter(DocumentJson::says).toList();
    if (!names.isEmpty()) {
      json.writeArrayFieldStart("name");
      for (Demographics.PersonName name : names) {
        json.writeStartObject();
        FhirJson.writeString(json, "family", name.family().orElse(""));
        FhirJson.writeStrings(json, "given", name.given());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    FhirJson.writeString(json, "gender", known.gender().filter(GENDERS::contains).orElse(""));
    FhirJson.writeString(json, "birthDate", birthDate(known).orElse(""));
  }

  private static boolean says(Demographics.PersonName name) {
    return name.family().filter(it -> !it.isBlank()).isPresent()
        || name.given().stream().anyMatch(it -> !it.isBlank());
  }

  private static Optional<String> birthDate(Demographics known) {
    return known
        .birthDate()
        .filter(date -> date.length() <= DAY)
        .filter(date -> DateText.parse(date).isPresent());
  }

  /** Whether they are known by name and date of birth, as an IPS has it of its Patient. */
  public static boolean identifies(Demographics known) {
    return known.names().stream().anyMatch(DocumentJson::says) && birthDate(known).isPresent();
  }

  private static void links(JsonGenerator json, List<String> others) throws IOException {
    if (others.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("link");
    for (String other : others) {
      json.writeStartObject();
      reference(json, "other", other);
      json.writeStringField("type", "seealso");
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** An Organization by an identifier of its own and its name. */
  public static Slice organization(String id, String system, String value, String name) {
    return FhirJson.resource(
        "Organization",
        json -> {
          FhirJson.writeString(json, "id", id);
          identifiers(json, system, value);
          FhirJson.writeString(json, "name", name);
        });
  }

  private static void identifier(JsonGenerator json, String system, String value)
      throws IOException {
    json.writeStartObject();
    FhirJson.writeString(json, "system", system);
    FhirJson.writeString(json, "value", value);
    json.writeEndObject();
  }

  private static void identifiers(JsonGenerator json, String system, String value)
      throws IOException {
    json.writeArrayFieldStart("identifier");
    identifier(json, system, value);
    json.writeEndArray();
  }

  private static void concept(JsonGenerator json, String name, Coding coding, String text)
      throws IOException {
    json.writeObjectFieldStart(name);
    FhirJson.writeCodings(json, List.of(coding));
    FhirJson.writeString(json, "text", text);
    json.writeEndObject();
  }

  private static void reference(JsonGenerator json, String name, String target) throws IOException {
    json.writeObjectFieldStart(name);
    FhirJson.writeString(json, "reference", target);
    json.writeEndObject();
  }

  private static void references(JsonGenerator json, String name, List<String> targets)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String target : targets) {
      json.writeStartObject();
      FhirJson.writeString(json, "reference", target);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static String seconds(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
