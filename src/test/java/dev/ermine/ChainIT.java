package dev.ermine;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.stubbing.StubMapping;
import com.nimbusds.jose.JWSAlgorithm;
import dev.ermine.sandbox.PeerRegion;
import dev.ermine.sandbox.Stories;
import dev.ermine.testing.Answer;
import dev.ermine.testing.Asker;
import dev.ermine.testing.Chain;
import dev.ermine.testing.TestTokens;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A gateway behind a gateway: what East's doctor hears of the regions behind North. */
class ChainIT {

  private static final String TYPES = "Patient,AllergyIntolerance,MedicationRequest";
  private static final int MOST_ROUNDS = 3;

  /** All behind North but Wessex, which tells it nothing: there the record is too slow. */
  private static final String OTHERS =
      Stream.of(PeerRegion.values())
          .filter(region -> region != PeerRegion.WESSEX)
          .map(PeerRegion::id)
          .collect(Collectors.joining(", "));

  @TempDir static Path directory;
  private static Chain chain;
  private static Answer direct;
  private static Answer through;
  private static Answer hurried;
  private static Duration took;

  @BeforeAll
  static void start() {
    chain = Chain.start(directory);
    Asker near = chain.north().asker("hwe");
    search(near, Stories.OTHER_SUBJECT);
    search(chain.doctor(), Stories.OTHER_SUBJECT);
    direct =
        Answer.of(
            200,
            near.send(
                near.request("/fhir?" + Asker.encode(form(Stories.ADA_OKAFOR)))
                    .header("Ermine-Regions", OTHERS)));
    through = inTime();
    WireMockServer essex = chain.sandbox().server(PeerRegion.ESSEX_SUFFOLK);
    StubMapping hanging =
        essex.stubFor(any(anyUrl()).willReturn(aResponse().withFixedDelay(15_000)));
    Instant began = Instant.now();
    hurried = Answer.of(200, chain.doctor().search("AllergyIntolerance", Stories.ADA_OKAFOR));
    took = Duration.between(began, Instant.now());
    essex.removeStub(hanging);
  }

  /** Gateways that have just started are slower than they may be here. */
  private static Answer inTime() {
    Answer answer = Answer.of(search(chain.doctor(), Stories.ADA_OKAFOR));
    for (int round = 1; round < MOST_ROUNDS && isLate(answer); round++) {
      answer = Answer.of(search(chain.doctor(), Stories.ADA_OKAFOR));
    }
    return answer;
  }

  private static boolean isLate(Answer answer) {
    return answer.statuses().get("north").contains("timed-out")
        || answer.account().getFirst().text().contains("did not answer it in time");
  }

  @AfterAll
  static void stop() {
    if (chain != null) {
      chain.close();
    }
  }

  @Test
  void whatTheRegionsBehindHoldComesThroughBothEachOnce() {
    List<String> london = shared(direct, "/regions/london/");
    assertThat(through.statuses().get("north")).as("%s", through.account()).hasSize(1);
    assertThat(london).isNotEmpty();
    assertThat(shared(through, "/regions/london/")).containsExactlyInAnyOrderElementsOf(london);
    assertThat(shared(through, "/regions/"))
        .doesNotHaveDuplicates()
        .filteredOn(url -> !url.contains("/regions/wessex/"))
        .containsExactlyInAnyOrderElementsOf(shared(direct, "/regions/"));
  }

  @Test
  void aRegionThatIsMissingBehindMakesTheGatewaysLinePartial() {
    assertThat(hurried.statuses()).containsExactly(Map.entry("north", List.of("part-answered")));
    assertThat(hurried.account().getFirst().text())
        .contains("a region behind it did not answer it in time");
    assertThat(hurried.header("Ermine-Account")).endsWith("all-answered=?0");
    assertThat(hurried.resource().has("total")).isFalse();
    assertThat(hurried.sentence()).contains("Gateway north");
  }

  @Test
  void contradictionsBehindAreNotLost() {
    assertThat(issues(direct, "conflict")).isNotEmpty();
    assertThat(through.account().getFirst().text() + issues(through, "conflict"))
        .contains("contradict");
  }

  @Test
  void theTimeThatIsLeftIsKnownBehind() {
    assertThat(took).isLessThan(Duration.ofSeconds(9));
    assertThat(hurried.matches()).isNotEmpty();
  }

  @Test
  void theAuditBehindNamesWhoSentItAndWhereItBegan() {
    JsonNode intent = chain.north().auditOf(through.response()).getFirst();
    assertThat(who(intent, "110153")).isEqualTo("east");
    assertThat(who(intent, "AUT")).isEqualTo("hwe");
    assertThat(details(intent)).contains("hop=ermine-east", "not-asked/east=came-through");
    assertThat(details(intent)).noneMatch(detail -> detail.startsWith("not-asked/hwe"));
  }

  @Test
  void whatIsNotAgreedBehindIsNotDisclosedThroughAnybody() {
    Asker other =
        chain
            .doctor()
            .with(
                "subject_role",
                List.of(
                    Map.of(
                        "system",
                        "https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName",
                        "code",
                        "R1690")));
    Answer answer = Answer.of(200, search(other, Stories.OTHER_SUBJECT));
    assertThat(answer.statuses()).containsExactly(Map.entry("north", List.of("refused")));
    assertThat(answer.matches()).isEmpty();
  }

  @Test
  void whatHasBeenThereIsNotTakenRoundAgain() throws Exception {
    assertThat(forged(List.of("ermine-east")).statusCode()).isEqualTo(200);
    assertThat(forged(List.of("ermine-north", "ermine-east")).statusCode()).isEqualTo(508);
    assertThat(forged(List.of("a", "b", "c", "ermine-east")).statusCode()).isEqualTo(508);
  }

  @Test
  void whoMayHandOnNoMoreIsRefused() throws Exception {
    Path regions = chain.north().regions();
    String good = Files.readString(regions);
    Files.writeString(regions, good.replace("forwards: [hwe]", "forwards: [wessex]"));
    Answer refused = await(true);
    assertThat(refused.matches()).isEmpty();
    assertThat(chain.north().auditOf(refused.response()).getFirst().path("outcomeDesc").asText())
        .isEqualTo("FORWARDING");
    Files.writeString(regions, good);
    await(false);
  }

  private static Answer await(boolean refused) throws InterruptedException {
    Instant end = Instant.now().plusSeconds(20);
    while (true) {
      Answer answer = Answer.of(search(chain.doctor(), Stories.OBJECTOR));
      boolean met = answer.statuses().containsValue(List.of("refused")) == refused;
      assertThat(met || Instant.now().isBefore(end)).as("%s", answer.account()).isTrue();
      if (met) {
        return answer;
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }

  /** Shown by East's own certificate and key, whatever its hops say. */
  private static HttpResponse<byte[]> forged(List<String> hops)
      throws IOException, InterruptedException {
    URI north = chain.north().base();
    String token =
        TestTokens.token(
                chain.east().base().toString(),
                north + "/fhir",
                chain.eastKeys().certificate("gateway-client"),
                Instant.now())
            .with("originator", "https://hwe.example.nhs.uk")
            .with("hops", hops)
            .with("act", Map.of("sub", hops.getLast()))
            .with("time_left", 10_000)
            .without("patient")
            .sign(chain.eastKeys().signingKey("gateway", JWSAlgorithm.ES256));
    try (var http =
        HttpClient.newBuilder()
            .sslContext(chain.eastKeys().tls("gateway-client", "north-ca"))
            .build()) {
      String query = Asker.encode(Map.of("identifier", Asker.NHS_NUMBER + Stories.OTHER_SUBJECT));
      return http.send(
          HttpRequest.newBuilder(URI.create(north + "/fhir/Patient?" + query))
              .header("Authorization", "Bearer " + token)
              .build(),
          BodyHandlers.ofByteArray());
    }
  }

  private static HttpResponse<byte[]> search(Asker asker, String patient) {
    return asker.search("/fhir/_search", form(patient));
  }

  private static Map<String, String> form(String patient) {
    return Map.of("_type", TYPES, "patient.identifier", Asker.NHS_NUMBER + patient);
  }

  /** The addresses of what regions share, those of the gateways' own left out. */
  private static List<String> shared(Answer answer, String below) {
    return answer.matches().stream().filter(url -> url.contains(below)).toList();
  }

  private static List<String> issues(Answer answer, String code) {
    return answer
        .outcome()
        .path("issue")
        .valueStream()
        .filter(issue -> issue.path("code").asText().equals(code))
        .map(issue -> issue.at("/details/text").asText())
        .toList();
  }

  private static String who(JsonNode event, String type) {
    return event
        .path("agent")
        .valueStream()
        .filter(agent -> agent.at("/type/coding/0/code").asText().equals(type))
        .map(agent -> agent.at("/who/identifier/value").asText())
        .findFirst()
        .orElse("");
  }

  private static Stream<String> details(JsonNode event) {
    return event
        .path("entity")
        .valueStream()
        .flatMap(entity -> entity.path("detail").valueStream())
        .map(detail -> detail.path("type").asText() + "=" + detail.path("valueString").asText());
  }
}
