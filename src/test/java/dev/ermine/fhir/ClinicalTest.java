package dev.ermine.fhir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clinical details, held against a tree that Jackson made of the same bytes. */
class ClinicalTest {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private static final int WORLDS = 3_000;

  @Test
  void saysWhatATreeSays() throws IOException {
    long seed = System.nanoTime();
    for (int i = 0; i < WORLDS; i++) {
      String resource = new Made(new Random(seed + i)).resource().toString();
      Clinical clinical = of(resource);
      JsonNode tree = JSON.readTree(resource);
      assertThat(clinical.readable()).isTrue();
      assertThat(told(clinical)).as("seed %d: %s", seed + i, resource).isEqualTo(judged(tree));
    }
  }

  private static List<Object> told(Clinical clinical) {
    return List.of(
        clinical.clinicalStatus(),
        clinical.verificationStatus(),
        clinical.status(),
        clinical.criticality(),
        clinical.negated(),
        clinical.categories(),
        clinical.display(),
        clinical.lot(),
        clinical.abated(),
        clinical.value().map(ClinicalTest::told),
        clinical.components().stream()
            .map(part -> List.of(told(part.code()), part.value().map(ClinicalTest::told)))
            .toList(),
        clinical.bodySite().map(ClinicalTest::told),
        clinical.reactions().stream()
            .map(
                reaction ->
                    List.of(
                        reaction.substance().map(ClinicalTest::told),
                        reaction.manifestations().stream().map(ClinicalTest::told).toList(),
                        reaction.severity()))
            .toList(),
        clinical.doses().stream()
            .map(
                dose ->
                    List.of(
                        dose.text(),
                        dose.amount().map(ClinicalTest::told),
                        dose.timing().frequency(),
                        dose.timing().period(),
                        dose.timing().periodUnit(),
                        dose.asNeeded(),
                        dose.more()))
            .toList());
  }

  private static Object told(Term term) {
    return List.of(term.codings(), term.text());
  }

  private static Object told(Value value) {
    return switch (value) {
      case Value.Quantity q ->
          List.of(
              q.number().map(number -> new BigDecimal(number).stripTrailingZeros()),
              q.comparator(),
              q.ucum(),
              q.unit());
      case Value.Coded coded -> told(coded.term());
      case Value.Words words -> words.text();
      case Value.Flag flag -> flag.set();
      case Value.Absent absent -> List.of("absent", told(absent.reason()));
      default -> "other";
    };
  }

  // The judge.

  private static List<Object> judged(JsonNode tree) {
    Optional<String> status = text(tree.path("status"));
    Optional<String> verified = code(tree.path("verificationStatus"));
    return List.of(
        code(tree.path("clinicalStatus")),
        verified,
        status,
        text(tree.path("criticality")),
        tree.path("doNotPerform").asBoolean()
            || status.equals(Optional.of("not-done"))
            || verified.equals(Optional.of("refuted")),
        items(tree.path("category")).flatMap(item -> code(item).stream()).toList(),
        name(tree.path("code"))
            .or(
                () ->
                    items(tree.path("reaction"))
                        .flatMap(reaction -> name(reaction.path("substance")).stream())
                        .findFirst()),
        text(tree.path("lotNumber")),
        tree.has("abatementDateTime"),
        value(tree),
        items(tree.path("component"))
            .map(part -> List.of(term(part.path("code")).orElseThrow(), value(part)))
            .toList(),
        term(tree.path("bodySite")),
        items(tree.path("reaction"))
            .map(
                reaction ->
                    List.of(
                        term(reaction.path("substance")),
                        items(reaction.path("manifestation"))
                            .flatMap(item -> term(item).stream())
                            .toList(),
                        text(reaction.path("severity"))))
            .toList(),
        items(tree.path("dosageInstruction"))
            .map(
                dose -> {
                  JsonNode repeat = dose.at("/timing/repeat");
                  return List.of(
                      text(dose.path("text")),
                      Optional.of(dose.at("/doseAndRate/0/doseQuantity"))
                          .filter(JsonNode::isObject)
                          .map(ClinicalTest::quantity),
                      number(repeat.path("frequency")),
                      number(repeat.path("period")),
                      text(repeat.path("periodUnit")),
                      Optional.of(dose.path("asNeededBoolean"))
                          .filter(JsonNode::isBoolean)
                          .map(JsonNode::booleanValue),
                      dose.has("maxDosePerPeriod"));
                })
            .toList());
  }

  private static Optional<Object> value(JsonNode tree) {
    for (var property : tree.properties()) {
      JsonNode value = property.getValue();
      switch (property.getKey()) {
        case "valueQuantity" -> {
          return Optional.of(quantity(value));
        }
        case "valueString" -> {
          return Optional.of(value.textValue());
        }
        case "valueBoolean" -> {
          return Optional.of(value.booleanValue());
        }
        case "valueCodeableConcept" -> {
          return Optional.of(term(value).<Object>map(term -> term).orElse("other"));
        }
        case "valuePeriod" -> {
          return Optional.of("other");
        }
        default -> {}
      }
    }
    return term(tree.path("dataAbsentReason")).map(term -> List.of("absent", term));
  }

  private static Object quantity(JsonNode value) {
    boolean ucum = value.path("system").asText().equals("http://unitsofmeasure.org");
    Optional<String> code = text(value.path("code"));
    return List.of(
        Optional.of(value.path("value"))
            .filter(JsonNode::isNumber)
            .map(number -> number.decimalValue().stripTrailingZeros()),
        text(value.path("comparator")),
        ucum ? code : Optional.empty(),
        text(value.path("unit")).or(() -> ucum ? Optional.empty() : code));
  }

  private static Optional<Object> term(JsonNode concept) {
    List<Coding> codings =
        items(concept.path("coding"))
            .filter(coding -> coding.has("code"))
            .map(coding -> new Coding(coding.path("system").asText(), coding.path("code").asText()))
            .toList();
    Optional<String> text = name(concept);
    return codings.isEmpty() && text.isEmpty()
        ? Optional.empty()
        : Optional.of(List.of(codings, text));
  }

  private static Optional<String> name(JsonNode concept) {
    return text(concept.path("text"))
        .or(
            () ->
                items(concept.path("coding"))
                    .flatMap(coding -> text(coding.path("display")).stream())
                    .findFirst());
  }

  private static Optional<String> code(JsonNode concept) {
    return text(concept)
        .or(
            () ->
                items(concept.path("coding"))
                    .flatMap(coding -> text(coding.path("code")).stream())
                    .findFirst());
  }

  private static Stream<JsonNode> items(JsonNode node) {
    return node.isArray() ? node.valueStream() : node.isObject() ? Stream.of(node) : Stream.of();
  }

  private static Optional<String> text(JsonNode node) {
    return Optional.ofNullable(node.textValue());
  }

  private static Optional<String> number(JsonNode node) {
    return Optional.of(node).filter(JsonNode::isNumber).map(JsonNode::asText);
  }

  /** Resources of no type with all that may be said in one. */
  private record Made(Random random) {

    ObjectNode resource() {
      ObjectNode made = JSON.createObjectNode().put("resourceType", "Basic");
      some(() -> made.set("clinicalStatus", concept()));
      some(() -> made.put("verificationStatus", oneOf("refuted", "confirmed")));
      some(() -> made.put("status", oneOf("active", "not-done", "final")));
      some(() -> made.put("criticality", "high"));
      some(() -> made.put("doNotPerform", random.nextBoolean()));
      some(() -> made.set("category", list(() -> concept())));
      some(() -> made.set("code", concept()));
      some(() -> made.put("lotNumber", oneOf("A1", "B\"2")));
      some(() -> made.put("abatementDateTime", "2020"));
      value(made);
      some(() -> made.set("component", list(this::component)));
      some(() -> made.set("bodySite", concept()));
      some(() -> made.set("reaction", list(this::reaction)));
      some(() -> made.set("dosageInstruction", list(this::dose)));
      some(() -> made.set("extension", list(this::concept)));
      return made;
    }

    private JsonNode component() {
      ObjectNode made = JSON.createObjectNode();
      made.set("code", JSON.createObjectNode().put("text", oneOf("a", "b")));
      value(made);
      return made;
    }

    private JsonNode reaction() {
      ObjectNode made = JSON.createObjectNode();
      some(() -> made.set("substance", concept()));
      some(() -> made.set("manifestation", list(this::concept)));
      some(() -> made.put("severity", "mild"));
      return made;
    }

    private JsonNode dose() {
      ObjectNode made = JSON.createObjectNode().put("sequence", 1);
      some(() -> made.put("text", "one daily"));
      some(() -> made.putArray("doseAndRate").addObject().set("doseQuantity", quantity()));
      some(
          () ->
              made.putObject("timing")
                  .putObject("repeat")
                  .put("frequency", random.nextInt(4))
                  .put("period", 1)
                  .put("periodUnit", "d"));
      some(() -> made.put("asNeededBoolean", random.nextBoolean()));
      some(() -> made.putObject("maxDosePerPeriod"));
      return made;
    }

    private void value(ObjectNode made) {
      switch (random.nextInt(7)) {
        case 0 -> made.set("valueQuantity", quantity());
        case 1 -> made.put("valueString", oneOf("positive", "é"));
        case 2 -> made.put("valueBoolean", random.nextBoolean());
        case 3 -> made.set("valueCodeableConcept", concept());
        case 4 -> made.putObject("valuePeriod").put("start", "2020");
        case 5 -> made.set("dataAbsentReason", concept());
        default -> {}
      }
    }

    private JsonNode quantity() {
      ObjectNode made = JSON.createObjectNode();
      some(() -> made.put("value", BigDecimal.valueOf(random.nextInt(99_999) - 9, 3)));
      some(() -> made.put("comparator", "<"));
      some(() -> made.put("unit", "milligram"));
      some(() -> made.put("system", oneOf("http://unitsofmeasure.org", "urn:x")));
      some(() -> made.put("code", "mg"));
      return made;
    }

    private JsonNode concept() {
      ObjectNode made = JSON.createObjectNode();
      some(() -> made.set("coding", list(this::coding)));
      some(() -> made.put("text", oneOf("words", "\u00e9\ud83d\ude00")));
      return made;
    }

    private JsonNode coding() {
      ObjectNode made = JSON.createObjectNode();
      some(() -> made.put("system", "http://snomed.info/sct"));
      some(() -> made.put("code", oneOf("1", "2")));
      some(() -> made.put("display", "shown"));
      return made;
    }

    private ArrayNode list(Supplier<JsonNode> item) {
      ArrayNode list = JSON.createArrayNode();
      for (int i = random.nextInt(3); i > 0; i--) {
        list.add(item.get());
      }
      return list;
    }

    private void some(Runnable part) {
      if (random.nextBoolean()) {
        part.run();
      }
    }

    private String oneOf(String... texts) {
      return texts[random.nextInt(texts.length)];
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'clinicalStatus':7",
        "'status':['final']",
        "'valueQuantity':{'value':'7'}",
        "'valueQuantity':'7'",
        "'component':['x',7,null]",
        "'dosage':'one daily'",
        "'reaction':{'substance':[]}",
        "'code':'7'",
        "'category':7"
      })
  void whatIsNotAsFhirHasItIsAbsent(String members) {
    Clinical clinical = of("{'resourceType':'Basic',%s}".formatted(members).replace('\'', '"'));
    assertThat(clinical.readable()).isTrue();
    assertThat(clinical.status()).isEmpty();
    assertThat(clinical.clinicalStatus()).isEmpty();
    assertThat(clinical.components()).isEmpty();
  }

  @Test
  void whatIsNoResourceIsUnreadable() {
    Entry whole = entry("{\"resourceType\":\"Basic\",\"status\":\"active\"}");
    Slice cut =
        new Slice(whole.resource().bytes(), whole.resource().from(), whole.resource().to() - 1);
    Clinical clinical =
        Clinical.of(
            new Entry(
                cut,
                "Basic",
                Optional.empty(),
                Optional.empty(),
                Entry.Mode.MATCH,
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                Facets.NONE));
    assertThat(clinical.readable()).isFalse();
    assertThat(clinical.status()).isEmpty();
  }

  @Test
  void tellsNothingOfThePatientInLogs() {
    assertThat(of("{\"resourceType\":\"Basic\",\"status\":\"secret\"}").toString())
        .isEqualTo("Clinical");
  }

  private static Clinical of(String resource) {
    return Clinical.of(entry(resource));
  }

  private static Entry entry(String resource) {
    byte[] bytes = resource.getBytes(UTF_8);
    return ((PeerBody.Resource) BodyScanner.scan(bytes, bytes.length)).entry();
  }
}
