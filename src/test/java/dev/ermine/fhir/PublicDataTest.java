package dev.ermine.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The scanner against FHIR that others have published, wherever {@code ermine.public-data} says it
 * lies: what Jackson reads strictly, the scanner reads alike, and what either refuses is never
 * shown.
 */
@EnabledIfSystemProperty(named = "ermine.public-data", matches = ".+")
class PublicDataTest {

  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static List<Path> files = List.of();

  @BeforeAll
  static void findFiles() throws IOException {
    try (Stream<Path> tree = Files.walk(Path.of(System.getProperty("ermine.public-data")))) {
      files = tree.filter(path -> path.toString().endsWith(".json")).sorted().toList();
    }
    assertThat(files).hasSizeGreaterThan(100);
  }

  @Test
  void knowsThePurposesThatHl7PublishesAndTheirOrder() throws IOException {
    Path file =
        files.stream()
            .filter(path -> path.endsWith("CodeSystem-v3-ActReason.json"))
            .findFirst()
            .orElseThrow();
    JsonNode purposes = purposesIn(strictly(Files.readAllBytes(file)).path("concept"));

    assertThat(purposes.size()).isGreaterThan(5);
    checkPurposes(purposes, List.of());
  }

  private static JsonNode purposesIn(JsonNode concepts) {
    return concepts
        .valueStream()
        .map(
            concept ->
                concept.path("code").asText().equals("PurposeOfUse")
                    ? concept.path("concept")
                    : purposesIn(concept.path("concept")))
        .filter(found -> !found.isEmpty())
        .findFirst()
        .orElse(MissingNode.getInstance());
  }

  private static void checkPurposes(JsonNode concepts, List<PurposeOfUse> above) {
    for (JsonNode concept : concepts) {
      PurposeOfUse purpose = new PurposeOfUse(concept.path("code").asText());
      assertThat(purpose.known()).as("%s", purpose).isTrue();
      assertThat(above).as("%s", purpose).allMatch(purpose::isWithin);
      assertThat(above).as("%s", purpose).noneMatch(ancestor -> ancestor.isWithin(purpose));
      checkPurposes(
          concept.path("concept"), Stream.concat(above.stream(), Stream.of(purpose)).toList());
    }
  }

  @Test
  void readsEveryPublishedResourceAsJacksonDoes() throws IOException {
    int resources = 0;
    for (Path file : files) {
      byte[] body = Files.readAllBytes(file);
      JsonNode tree = strictly(body);
      switch (BodyScanner.scan(body, body.length)) {
        case PeerBody.Resource(Entry entry) -> {
          assertThat(entry.type()).as("%s", file).isEqualTo(tree.path("resourceType").asText());
          assertThat(entry.id().orElse("")).as("%s", file).isEqualTo(tree.path("id").asText());
          assertThat(ToldBody.of(new PeerBody.Resource(entry)))
              .as("%s", file)
              .isEqualTo(ToldBody.of(JacksonJudge.judge(body)));
          resources++;
        }
        case PeerBody.Searchset searchset -> {
          assertThat(tree.path("type").asText()).as("%s", file).isEqualTo("searchset");
          assertThat(searchset.entries())
              .as("%s", file)
              .hasSize((int) entries(tree).filter(PublicDataTest::isNoOutcome).count());
        }
        case PeerBody.Outcome outcome ->
            assertThat(outcome.issues()).as("%s", file).hasSize(tree.path("issue").size());
        case PeerBody.Unreadable(String why) ->
            assertThat(isOurs(tree)).as("%s: %s", file, why).isFalse();
      }
    }
    assertThat(resources).isGreaterThan(100);
  }

  @Test
  void everyPublishedResourceLeavesASearchsetWithTheBytesItCameWith() throws IOException {
    for (Path file : files) {
      byte[] resource = trimmed(Files.readAllBytes(file));
      if (!isResource(strictly(resource))) {
        continue;
      }
      byte[] body = searchset(resource);
      PeerBody read = BodyScanner.scan(body, body.length);
      assertThat(read).as("%s", file).isInstanceOf(PeerBody.Searchset.class);
      Slice slice = ((PeerBody.Searchset) read).entries().getFirst().resource();
      assertThat(slice).as("%s", file).isEqualTo(new Slice(resource, 0, resource.length));
    }
  }

  private static byte[] searchset(byte[] resource) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(
        bytes("{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{\"resource\":"));
    out.writeBytes(resource);
    out.writeBytes(bytes("}]}"));
    return out.toByteArray();
  }

  private static byte[] trimmed(byte[] body) {
    return bytes(new String(body, StandardCharsets.UTF_8).strip());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A tree, or a missing node where Jackson refuses. */
  private static JsonNode strictly(byte[] body) {
    try {
      return STRICT.readTree(body);
    } catch (JacksonException _) {
      return STRICT.missingNode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether it is of a shape that a peer may answer with. */
  private static boolean isOurs(JsonNode tree) {
    return isResource(tree)
        || (tree.path("resourceType").asText().equals("Bundle")
            && tree.path("type").asText().equals("searchset")
            && entries(tree)
                .allMatch(entry -> isResource(entry.path("resource")) || !isNoOutcome(entry)));
  }

  private static boolean isResource(JsonNode tree) {
    String type = tree.path("resourceType").asText();
    return !type.isEmpty() && !type.equals("Bundle") && !type.equals("OperationOutcome");
  }

  private static boolean isNoOutcome(JsonNode entry) {
    return !entry.path("search").path("mode").asText().equals("outcome")
        && !entry.path("resource").path("resourceType").asText().equals("OperationOutcome");
  }

  private static Stream<JsonNode> entries(JsonNode bundle) {
    List<JsonNode> entries = new ArrayList<>();
    bundle.path("entry").forEach(entries::add);
    return entries.stream();
  }
}
