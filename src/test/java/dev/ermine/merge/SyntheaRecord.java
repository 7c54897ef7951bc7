package dev.ermine.merge;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.SnomedId;
import dev.ermine.testing.Given;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A patient of Synthea as a region of England would hold them: an NHS number, references within a
 * FHIR base in place of those of a transaction, and dm+d codes for half of the medicines.
 *
 * @param patient the Patient
 * @param resources everything else, in Synthea's order
 * @see <a href="https://github.com/synthetichealth/synthea">Synthea</a>
 */
record SyntheaRecord(ObjectNode patient, List<ObjectNode> resources) {

  static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  static final List<String> TYPES =
      List.of(
          "AllergyIntolerance",
          "Condition",
          "MedicationRequest",
          "Immunization",
          "Observation",
          "Encounter",
          "Procedure",
          "DiagnosticReport",
          "DocumentReference");

  private static final Set<String> READ =
      Set.copyOf(Stream.concat(TYPES.stream(), Stream.of("Medication")).toList());
  private static final String RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm";

  SyntheaRecord {
    resources = List.copyOf(resources);
  }

  /** Those that lie in a directory. */
  static List<SyntheaRecord> in(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".json"))
          .sorted()
          .map(SyntheaRecord::read)
          .filter(bundle -> bundle.at("/entry/0/resource/resourceType").asText().equals("Patient"))
          .map(SyntheaRecord::of)
          .toList();
    }
  }

  private static JsonNode read(Path file) {
    try {
      return JSON.readTree(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SyntheaRecord of(JsonNode bundle) {
    Map<String, String> addresses = new HashMap<>();
    for (JsonNode entry : bundle.path("entry")) {
      JsonNode resource = entry.path("resource");
      addresses.put(
          entry.path("fullUrl").asText(),
          resource.path("resourceType").asText() + "/" + resource.path("id").asText());
    }
    List<ObjectNode> resources = new ArrayList<>();
    for (JsonNode entry : bundle.path("entry")) {
      ObjectNode resource = (ObjectNode) entry.path("resource");
      if (READ.contains(resource.path("resourceType").asText())) {
        settle(resource, addresses);
        resources.add(resource);
      }
    }
    return new SyntheaRecord(withNumber((ObjectNode) bundle.at("/entry/0/resource")), resources);
  }

  private static ObjectNode withNumber(ObjectNode patient) {
    patient
        .putArray("identifier")
        .addObject()
        .put("system", NhsNumber.SYSTEM)
        .put("value", Given.ADA.value());
    return patient;
  }

  private static void settle(JsonNode node, Map<String, String> addresses) {
    if (node instanceof ObjectNode object) {
      String reference = object.path("reference").asText();
      int query = reference.indexOf("?identifier=");
      if (query > 0) {
        String[] identifier = reference.substring(query + "?identifier=".length()).split("\\|", 2);
        object.remove("reference");
        object.put("type", reference.substring(0, query));
        object.putObject("identifier").put("system", identifier[0]).put("value", identifier[1]);
      } else if (addresses.containsKey(reference)) {
        object.put("reference", addresses.get(reference));
      }
      inDmd(object);
      shorten(object);
    }
    node.forEach(child -> settle(child, addresses));
  }

  /** Notes are long, and nothing here depends on what they say. */
  private static void shorten(ObjectNode attachment) {
    String data = attachment.path("data").asText();
    if (data.length() > 64) {
      attachment.put("data", data.substring(0, 64));
    }
  }

  /** An invented product of dm+d, with a valid check digit, for every other code of RxNorm. */
  private static void inDmd(ObjectNode coding) {
    String code = coding.path("code").asText();
    if (coding.path("system").asText().equals(RXNORM) && Integer.parseInt(code) % 2 == 0) {
      coding.put("system", Restated.SNOMED).put("code", product(code));
    }
  }

  /** A concept of namespace 1000001, which is dm+d's. */
  static String product(String number) {
    return IntStream.range(0, 10)
        .mapToObj(check -> number + "100000110" + check)
        .filter(SnomedId::isConcept)
        .findFirst()
        .orElseThrow();
  }
}
