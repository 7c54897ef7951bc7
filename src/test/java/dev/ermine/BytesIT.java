package dev.ermine;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import dev.ermine.fhir.GeneratedBundles;
import dev.ermine.fhir.GeneratedBundles.Generated;
import dev.ermine.fhir.GeneratedBundles.Made;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.Slice;
import dev.ermine.sandbox.PeerRegion;
import dev.ermine.sandbox.Stories;
import dev.ermine.testing.Answer;
import dev.ermine.testing.Asker;
import dev.ermine.testing.House;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Resources on their way through the packaged gateway: they leave with the bytes they came with.
 */
class BytesIT {

  private static final int RUNS = 30;
  private static final NhsNumber PATIENT = new NhsNumber(Stories.ADA_OKAFOR);
  private static final List<String> TYPES =
      List.of("Observation", "Condition", "AllergyIntolerance", "Immunization", "Appointment");

  @TempDir static Path directory;
  private static House house;

  @BeforeAll
  static void open() {
    house = House.open(directory);
  }

  @AfterAll
  static void close() {
    if (house != null) {
      house.close();
    }
  }

  @Test
  void leavesEveryByteOfAResourceAsItsRegionSentIt() {
    long seed = Long.getLong("ermine.seed", new Random().nextLong());
    Random random = new Random(seed);
    for (int run = 0; run < RUNS; run++) {
      long each = random.nextLong();
      assertPassedOn(each, TYPES.get(run % TYPES.size()), "-Dermine.seed=" + seed + ", run " + run);
    }
  }

  private static void assertPassedOn(long seed, String type, String how) {
    String base = house.sandbox().base(PeerRegion.LONDON).toString();
    Generated patient = GeneratedBundles.searchset(seed, base, "Patient", "p-1", PATIENT);
    Generated records = GeneratedBundles.searchset(seed, base, type, "p-1", PATIENT);
    serve("Patient", patient);
    serve(type, records);
    Answer answer = Answer.of(200, ask(type));
    assertThat(answer.statuses()).as(how).containsEntry("london", List.of("answered"));
    assertThat(answer.entries()).as(how).hasSize(1 + records.resources().size());
    for (Made made : concat(patient.resources(), records.resources())) {
      byte[] expected = placed(made);
      assertThat(occurrences(answer.response().body(), expected))
          .as("%s: %s", how, new String(expected, StandardCharsets.UTF_8))
          .isEqualTo(1);
    }
  }

  private static HttpResponse<byte[]> ask(String type) {
    Asker doctor = house.doctor();
    return doctor.send(
        doctor
            .request("/fhir/_search")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Ermine-Regions", "london")
            .POST(
                BodyPublishers.ofString(
                    "_type=Patient,"
                        + type
                        + "&patient.identifier="
                        + Asker.NHS_NUMBER.replace("|", "%7C")
                        + PATIENT.value())));
  }

  private static void serve(String type, Generated generated) {
    WireMockServer london = house.sandbox().server(PeerRegion.LONDON);
    london.stubFor(
        any(urlPathEqualTo("/fhir/" + type + "/_search"))
            .willReturn(
                aResponse()
                    .withHeader("Content-Type", "application/fhir+json")
                    .withBody(bytes(generated.body()))));
  }

  /** A resource where it stands in the gateway's envelope, from end to end. */
  private static byte[] placed(Made made) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String fullUrl =
        house.gateway().base() + "/regions/london/fhir/" + made.type() + "/" + made.id();
    out.writeBytes(ascii("{\"fullUrl\":\"" + fullUrl + "\",\"resource\":"));
    out.writeBytes(bytes(made.bytes()));
    out.writeBytes(ascii(",\"search\":{\"mode\":\"match\"}}"));
    return out.toByteArray();
  }

  private static int occurrences(byte[] whole, byte[] part) {
    int count = 0;
    for (int at = 0; at + part.length <= whole.length; at++) {
      if (Arrays.equals(whole, at, at + part.length, part, 0, part.length)) {
        count++;
      }
    }
    return count;
  }

  private static byte[] bytes(Slice slice) {
    return Arrays.copyOfRange(slice.bytes(), slice.from(), slice.to());
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static List<Made> concat(List<Made> first, List<Made> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }
}
