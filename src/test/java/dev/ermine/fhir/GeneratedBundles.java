package dev.ermine.fhir;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Bodies as peers may send them, the same for the same seed: resources of every shape in JSON of
 * every style, with the bytes of each resource kept aside for comparison.
 */
public final class GeneratedBundles {

  /** A resource as it stands in the body. */
  public record Made(String type, String id, Slice bytes) {}

  /** A body, which is the whole of its array, and the resources in it, in order. */
  public record Generated(Slice body, List<Made> resources) {}

  private final Random random;
  private final GeneratedJson json;

  private GeneratedBundles(long seed, double twists) {
    random = new Random(seed);
    json = new GeneratedJson(random, twists);
  }

  /**
   * A searchset of one to eight resources of a type, all about one patient: what an honest region
   * answers. References are relative, and no URL in a resource lies under {@code base}, so that no
   * byte of a resource has a reason to change. For the type Patient it is the one Patient.
   */
  public static Generated searchset(
      long seed, String base, String type, String patientId, NhsNumber number) {
    return new GeneratedBundles(seed, 0).honest(base, type, patientId, number);
  }

  /** Any body at all: mostly a searchset, with all that a scanner may meet in one. */
  static byte[] anyBody(long seed) {
    GeneratedBundles bundles = new GeneratedBundles(seed, seed % 4 == 0 ? 0.01 : 0);
    return bundles.json.document(bundles.anything());
  }

  // An honest region.

  private Generated honest(String base, String type, String patientId, NhsNumber number) {
    int count = type.equals("Patient") ? 1 : 1 + random.nextInt(8);
    List<Made> resources = new ArrayList<>();
    List<Object> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String id = type.equals("Patient") ? patientId : "r" + i + "-" + random.nextInt(1_000_000);
      byte[] bytes = json.value(honestResource(type, id, patientId, number));
      resources.add(new Made(type, id, whole(bytes)));
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("fullUrl", base + "/" + type + "/" + id);
      entry.put("resource", bytes);
      entry.put("search", Map.of("mode", "match"));
      entries.add(entry);
    }
    Map<String, Object> bundle = new LinkedHashMap<>();
    bundle.put("resourceType", "Bundle");
    bundle.put("type", "searchset");
    bundle.put("total", count);
    bundle.put("entry", entries);
    return new Generated(whole(json.document(bundle)), resources);
  }

  private static Slice whole(byte[] bytes) {
    return new Slice(bytes, 0, bytes.length);
  }

  private Object honestResource(String type, String id, String patientId, NhsNumber number) {
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put("resourceType", type);
    resource.put("id", id);
    resource.put("meta", Map.of("versionId", Integer.toString(random.nextInt(9) + 1)));
    resource.put("extension", List.of(quantityExtension()));
    Map<String, Object> patient = Map.of("reference", "Patient/" + patientId);
    switch (type) {
      case "Patient" -> {
        resource.put("identifier", List.of(nhsNumber(number)));
        resource.put(
            "name", List.of(object("family", "Okafor " + json.text(), "given", List.of("Ada"))));
      }
      case "AllergyIntolerance", "Immunization" -> resource.put("patient", patient);
      case "Appointment" ->
          resource.put("participant", List.of(object("actor", patient, "status", "accepted")));
      default -> resource.put("subject", patient);
    }
    if (!type.equals("Patient")) {
      resource.put("note", List.of(Map.of("text", "said: " + json.text())));
      resource.put("code", Map.of("text", "said: " + json.text()));
    }
    return resource;
  }

  private static Object nhsNumber(NhsNumber number) {
    return object("system", NhsNumber.SYSTEM, "value", number.value());
  }

  private Object quantityExtension() {
    return object(
        "url", "https://example.org/StructureDefinition/dose", "valueDecimal", json.number());
  }

  // Anything at all.

  private Object anything() {
    return switch (random.nextInt(12)) {
      case 0 -> resource(3);
      case 1 -> outcome();
      case 2 -> element(3);
      default -> bundle();
    };
  }

  private Object bundle() {
    Map<String, Object> bundle = new LinkedHashMap<>();
    bundle.put("resourceType", "Bundle");
    bundle.put("type", often() ? "searchset" : oneOf("collection", "batch-response", "searchSet"));
    some(bundle, "total", json.number());
    some(bundle, "id", json.text());
    some(bundle, "identifier", identifier(1));
    some(bundle, "link", links());
    some(bundle, "meta", element(2));
    if (often()) {
      bundle.put("entry", list(4, this::entry));
    }
    return bundle;
  }

  private Object links() {
    List<Object> links = new ArrayList<>();
    for (String relation : List.of("self", "next", "previous")) {
      if (random.nextBoolean()) {
        links.add(object("relation", relation, "url", url()));
      }
    }
    return links;
  }

  private Object entry() {
    Map<String, Object> entry = new LinkedHashMap<>();
    boolean outcome = random.nextInt(6) == 0;
    some(entry, "fullUrl", url());
    some(entry, "link", links());
    if (often()) {
      String mode = outcome ? "outcome" : oneOf("match", "include");
      entry.put("search", object("mode", mode, "score", json.number()));
    }
    entry.put("resource", outcome ? outcome() : resource(4));
    return entry;
  }

  private Object outcome() {
    Map<String, Object> outcome = new LinkedHashMap<>();
    outcome.put("resourceType", "OperationOutcome");
    some(outcome, "id", json.text());
    if (often()) {
      outcome.put("issue", list(3, this::issue));
    }
    return outcome;
  }

  private Object issue() {
    Map<String, Object> issue = new LinkedHashMap<>();
    issue.put("severity", oneOf("fatal", "error", "warning", "information"));
    issue.put("code", oneOf("suppressed", "incomplete", "timeout", "not-found"));
    some(issue, "diagnostics", json.text());
    some(issue, "extension", element(2));
    if (random.nextBoolean()) {
      Object coding = list(3, () -> object("system", url(), "code", json.text()));
      issue.put("details", object("coding", coding, "text", json.text()));
    }
    return issue;
  }

  private Object resource(int depth) {
    Map<String, Object> resource = new LinkedHashMap<>();
    resource.put("resourceType", oneOf("Patient", "Observation", "List", "Parameters", "Basic"));
    some(resource, "id", json.text());
    some(resource, "identifier", identifiers(depth));
    some(resource, "masterIdentifier", random.nextBoolean() ? identifiers(depth) : url());
    some(resource, "url", url());
    some(resource, "valueUri", url());
    some(resource, "subject", reference(depth));
    some(resource, "participant", list(3, () -> Map.of("actor", reference(depth - 1))));
    some(
        resource,
        "content",
        list(
            2,
            () ->
                Map.of(
                    "attachment",
                    object("url", url(), "hash", oneOf("2jmj7l5rSw0yVb/v", json.text())))));
    some(resource, "extension", list(3, () -> extension(depth - 1)));
    some(resource, "meta", meta());
    some(resource, "securityLabel", oneOrMore(() -> concept(depth - 1)));
    some(resource, "code", concept(depth - 1));
    some(resource, "contentType", oneOf("application/pdf", json.text()));
    some(resource, dateKey(), date());
    some(resource, dateKey() + "s", date());
    some(resource, "context", object("period", date(), "encounter", reference(depth - 1)));
    if (depth > 0) {
      some(resource, "contained", list(3, () -> resource(depth - 2)));
      some(resource, oneOf("issue", "entry", "link", "security", json.text()), element(depth));
    }
    return resource;
  }

  private Object meta() {
    Map<String, Object> meta = new LinkedHashMap<>();
    some(meta, "lastUpdated", oneOf("2021-01-01T00:00:00Z", json.text()));
    some(meta, "profile", oneOrMore(this::url));
    some(meta, "security", oneOrMore(this::coding));
    some(meta, "tag", list(2, this::coding));
    some(meta, "extension", list(2, () -> extension(1)));
    return meta;
  }

  private Object concept(int depth) {
    Map<String, Object> concept = new LinkedHashMap<>();
    some(concept, "coding", oneOrMore(this::coding));
    some(concept, "text", json.text());
    if (depth > 0) {
      some(concept, "extension", list(2, () -> extension(depth - 1)));
    }
    return concept;
  }

  private Object coding() {
    Map<String, Object> coding = new LinkedHashMap<>();
    some(coding, "system", oneOf("http://snomed.info/sct", Confidentiality.SYSTEM, url()));
    if (often()) {
      coding.put("code", random.nextInt(9) > 0 ? oneOf("R", "N", "73211009", "é") : json.number());
    }
    some(coding, "display", json.text());
    some(coding, "reference", url());
    return coding;
  }

  private String dateKey() {
    return oneOf(
        "onsetDateTime",
        "recordedDate",
        "birthDate",
        "effectivePeriod",
        "effectiveInstant",
        "occurrenceTiming",
        "date",
        "issued",
        "recorded",
        "authoredOn",
        "created",
        "sent",
        "received",
        "start",
        "end",
        "period",
        "dateAsserted",
        "Date",
        "updated");
  }

  private Object date() {
    return switch (random.nextInt(5)) {
      case 0 -> object("start", "2020", "end", "2021-03");
      case 1 -> object("end", oneOf("2021-03", json.text()), "event", List.of("2020"));
      case 2 -> List.of("2020", json.number(), Map.of("start", url()));
      default -> oneOf("2021-01-01", "1961", json.text());
    };
  }

  /** As FHIR has it, or as a careless peer does. */
  private Object oneOrMore(Supplier<Object> item) {
    return random.nextInt(3) == 0 ? item.get() : list(3, item);
  }

  private Object identifiers(int depth) {
    return random.nextInt(4) == 0 ? identifier(depth) : list(3, () -> identifier(depth));
  }

  private Object identifier(int depth) {
    Map<String, Object> identifier = new LinkedHashMap<>();
    some(identifier, "system", oneOf(NhsNumber.SYSTEM, url()));
    some(identifier, "value", oneOf("9000000009", "9000000017", json.text()));
    some(identifier, "use", oneOf("official", "old"));
    if (depth > 0) {
      some(identifier, "assigner", reference(depth - 2));
    }
    return identifier;
  }

  private Object reference(int depth) {
    Map<String, Object> reference = new LinkedHashMap<>();
    some(reference, "reference", url());
    some(reference, "type", oneOf("Patient", json.text()));
    some(reference, "display", json.text());
    if (depth > 0) {
      some(reference, "identifier", identifier(depth - 1));
      some(reference, "extension", list(2, () -> extension(depth - 1)));
    }
    return reference;
  }

  private Object extension(int depth) {
    Map<String, Object> extension = new LinkedHashMap<>();
    extension.put("url", random.nextInt(4) == 0 ? warningUrl() : url());
    switch (random.nextInt(9)) {
      case 6 ->
          extension.put("valueCode", oneOf("confidential-items", "data-in-transit", json.text()));
      case 7 -> extension.put("valueCodeableConcept", concept(depth - 1));
      case 0 -> extension.put("valueUrl", url());
      case 1 -> extension.put("valueUri", url());
      case 2 -> extension.put("valueCanonical", url());
      case 3 -> extension.put("valueAttachment", object("url", url(), "title", json.text()));
      case 4 -> extension.put("valueReference", reference(depth - 1));
      case 5 -> extension.put("valueDecimal", json.number());
      default -> {
        if (depth > 0) {
          extension.put("extension", list(2, () -> extension(depth - 1)));
        }
      }
    }
    return extension;
  }

  /** An element of no known shape, whose keys are those that mean something elsewhere. */
  private Object element(int depth) {
    int kind = random.nextInt(depth > 0 ? 9 : 4);
    return switch (kind) {
      case 0 -> json.text();
      case 1 -> json.number();
      case 2 -> random.nextBoolean();
      case 3 -> url();
      case 4, 5 -> list(3, () -> element(depth - 1));
      default -> {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.put(
              oneOf(
                  "reference",
                  "url",
                  "type",
                  "valueUrl",
                  "extension",
                  "contained",
                  "meta",
                  "security",
                  "coding",
                  "code",
                  "contentType",
                  json.text()),
              element(depth - 1));
        }
        some(object, "identifier", identifiers(depth - 1));
        yield object;
      }
    };
  }

  private String warningUrl() {
    return oneOf(
        "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ListWarningCode",
        "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-ListWarningCode-1",
        "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ListWarningCodes");
  }

  private String url() {
    return oneOf(
        "Patient/" + random.nextInt(99),
        "https://peer.example/fhir/Patient/" + random.nextInt(99),
        "urn:uuid:00000000-0000-4000-8000-00000000000" + random.nextInt(9),
        "#p" + random.nextInt(9),
        "https://peer.example/fhir?a=b&c=" + json.text());
  }

  private String oneOf(String... texts) {
    return texts[random.nextInt(texts.length)];
  }

  private boolean often() {
    return random.nextInt(8) > 0;
  }

  private void some(Map<String, Object> object, String key, Object value) {
    if (random.nextInt(3) == 0) {
      object.put(key, value);
    }
  }

  private List<Object> list(int most, Supplier<Object> item) {
    List<Object> items = new ArrayList<>();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      items.add(item.get());
    }
    return items;
  }

  /** Two members in this order, which {@code Map.of} does not keep from one run to the next. */
  private static Map<String, Object> object(String first, Object one, String second, Object two) {
    Map<String, Object> object = new LinkedHashMap<>();
    object.put(first, one);
    object.put(second, two);
    return object;
  }
}
