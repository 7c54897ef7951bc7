package dev.ermine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.sandbox.Stories;
import dev.ermine.testing.Asker;
import dev.ermine.testing.Audited;
import dev.ermine.testing.FhirJudge;
import dev.ermine.testing.House;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All that the gateway emits in a day's traffic, good and bad, before HAPI's judge of R4. */
class ConformanceIT {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TYPES =
      "Patient,AllergyIntolerance,Condition,MedicationStatement,MedicationRequest,Observation,"
          + "Encounter,Procedure,Immunization,DiagnosticReport,DocumentReference,CarePlan,Flag,"
          + "Appointment,ServiceRequest";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String SOMEBODY = patient(Stories.RESTRICTED);

  /** An answer, and what its status had to be. */
  record Emitted(String question, int expected, HttpResponse<byte[]> response) {

    String requestId() {
      return response.headers().firstValue("X-Request-Id").orElseThrow();
    }

    String body() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return expected + " " + question;
    }
  }

  @TempDir static Path directory;
  private static final List<Emitted> EMITTED = new ArrayList<>();
  private static final List<String> TOKENS = new ArrayList<>();
  private static House house;

  @BeforeAll
  static void open() {
    house = House.open(directory);
    answer();
    read();
    misunderstand();
    refuse();
    fail();
  }

  @AfterAll
  static void close() {
    if (house != null) {
      house.close();
    }
  }

  static Stream<Emitted> emitted() {
    return EMITTED.stream();
  }

  @ParameterizedTest
  @MethodSource("emitted")
  void emitsValidFhirOfTheRightStatus(Emitted emitted) {
    assertThat(emitted.response().statusCode()).as(emitted.body()).isEqualTo(emitted.expected());
    assertThat(emitted.response().headers().firstValue("Content-Type"))
        .contains("application/fhir+json;charset=UTF-8");
    assertThat(FhirJudge.errors(emitted.body())).isEmpty();
  }

  @Test
  void auditsInValidAuditEvents() throws Exception {
    List<String> lines = Files.readAllLines(house.gateway().audit());
    assertThat(lines).hasSizeGreaterThan(EMITTED.size());
    for (String line : lines) {
      assertThat(JSON.readTree(line).path("resourceType").asText()).isEqualTo("AuditEvent");
      assertThat(FhirJudge.errors(line)).as(line).isEmpty();
    }
  }

  @Test
  void auditsTheIntentBeforeAndTheOutcomeAfterEveryAnswer() {
    Map<String, List<String>> phases = Audited.in(house.gateway().audit()).phases();
    for (Emitted emitted : EMITTED) {
      switch (emitted.expected()) {
        case 200, 504 ->
            assertThat(phases.get(emitted.requestId()))
                .as("%s", emitted)
                .containsExactly("intent", "outcome");
        case 401, 403 ->
            assertThat(phases.get(emitted.requestId()))
                .as("%s", emitted)
                .containsExactly("refusal");
        case 404 ->
            assertThat(phases.getOrDefault(emitted.requestId(), List.of()))
                .as("%s", emitted)
                .isIn(List.of(), List.of("intent", "outcome"));
        default ->
            assertThat(phases.getOrDefault(emitted.requestId(), List.of()))
                .as("%s", emitted)
                .doesNotContain("intent", "outcome");
      }
    }
  }

  @Test
  void printsNothingOfPatientsAndNoToken() {
    String output = house.gateway().output();
    assertThat(output).contains("Listening on");
    assertThat(TOKENS).hasSizeGreaterThan(20);
    assertThat(output)
        .doesNotContainPattern("\\b9\\d{9}\\b")
        .doesNotContainIgnoringCase("okafor", "whitlock", "abernathy")
        .doesNotContain("Jones", "10019", "eyJ", "Bearer")
        .doesNotContain(TOKENS);
  }

  private static void answer() {
    emit(
        "everything of one patient",
        200,
        post("/fhir/_search", "_type=" + TYPES + "&" + patient(Stories.ADA_OKAFOR)));
    emit("one type", 200, post("/fhir/AllergyIntolerance/_search", SOMEBODY));
    emit("one type by GET", 200, request("/fhir/Encounter?" + SOMEBODY));
    emit("a count", 200, post("/fhir/Condition/_search", "_summary=count&" + SOMEBODY));
    emit("a filter", 200, post("/fhir/Observation/_search", "date=ge2026-09&" + SOMEBODY));
    emit("left-out parameters", 200, post("/fhir/Condition/_search", "_sort=code&x=y&" + SOMEBODY));
    emit(
        "nobody known",
        200,
        post("/fhir/Patient/_search", "identifier=" + number(Stories.UNKNOWN)));
    emit("a region down", 200, post("/fhir/Condition/_search", patient(Stories.REGION_DOWN)));
    emit(
        "a region in quarantine",
        200,
        post("/fhir/Observation/_search", patient(Stories.OTHER_SUBJECT)));
    emit(
        "some regions alone",
        200,
        post("/fhir/Condition/_search", SOMEBODY).header("Ermine-Regions", "london"));
  }

  private static void read() {
    emit("a resource", 200, read("/regions/london/fhir/Condition/prob-epilepsy"));
    emit("a document", 200, read("/regions/lancashire-south-cumbria/fhir/Binary/lg-1-scan"));
  }

  private static void misunderstand() {
    String search = "/fhir/Condition/_search";
    emit("no patient", 400, post(search, "code=1"));
    emit("a bad NHS number", 400, post(search, patient("9000000008")));
    emit("two patients", 400, post(search, SOMEBODY + "&" + patient(Stories.UNKNOWN)));
    emit(
        "a strict fault", 400, post(search, "x=y&" + SOMEBODY).header("Prefer", "handling=strict"));
    emit("an unknown region", 400, post(search, SOMEBODY).header("Ermine-Regions", "atlantis"));
    emit("a deadline in words", 400, post(search, SOMEBODY).header("Ermine-Deadline", "soon"));
    emit("a read of nobody", 400, request("/regions/london/fhir/Condition/prob-epilepsy"));
    emit("an unknown type", 400, post("/fhir/Horoscope/_search", SOMEBODY));
    emit("an unknown address", 404, request("/nowhere"));
    emit("an unknown id", 404, read("/regions/london/fhir/Condition/c-00"));
    emit("an unknown region's id", 404, read("/regions/atlantis/fhir/Condition/c-00"));
    emit("a write", 405, request("/fhir/Condition").POST(BodyPublishers.ofString("{}")));
    emit("a search in one region", 405, request("/regions/london/fhir/Condition?" + SOMEBODY));
    emit("another format", 406, post(search, SOMEBODY).setHeader("Accept", "application/fhir+xml"));
    emit("another body", 415, post(search, "{}").setHeader("Content-Type", "application/json"));
  }

  private static void refuse() {
    String search = "/fhir/Condition/_search";
    emit("no token", 401, post(search, SOMEBODY).setHeader("Authorization", "Basic eDp5"));
    emit(
        "nonsense for a token",
        401,
        post(search, SOMEBODY).setHeader("Authorization", "Bearer x.y.z"));
    HttpRequest.Builder once = post(search, SOMEBODY);
    emit("a token", 200, once);
    emit("a token once more", 401, once);
    Asker researcher = house.doctor().with("purpose_of_use", List.of("HRESCH"));
    emit("a purpose without agreement", 403, post(researcher, search, SOMEBODY));
    Asker bound = house.doctor().about(Stories.UNKNOWN);
    emit("another patient than the token's", 403, post(bound, search, SOMEBODY));
  }

  private static void fail() {
    emit(
        "a required region down",
        504,
        post("/fhir/Condition/_search", patient(Stories.REGION_DOWN))
            .header("Ermine-Require", "all"));
    HttpRequest metadata =
        HttpRequest.newBuilder(URI.create(house.gateway().base() + "/fhir/metadata")).build();
    try (var anyone =
        HttpClient.newBuilder().sslContext(house.pki().anonymousTls("gateway-ca")).build()) {
      var statement = anyone.send(metadata, BodyHandlers.ofByteArray());
      assertThat(statement.statusCode()).isEqualTo(200);
      assertThat(FhirJudge.errors(new String(statement.body(), StandardCharsets.UTF_8))).isEmpty();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void emit(String question, int expected, HttpRequest.Builder request) {
    String authorization =
        request.copy().build().headers().firstValue("Authorization").orElseThrow();
    TOKENS.add(authorization.substring(authorization.indexOf(' ') + 1));
    EMITTED.add(new Emitted(question, expected, house.doctor().send(request)));
  }

  private static HttpRequest.Builder request(String path) {
    return house.doctor().request(path);
  }

  private static HttpRequest.Builder read(String path) {
    return request(path).header("Ermine-Patient", Asker.NHS_NUMBER + Stories.ADA_OKAFOR);
  }

  private static HttpRequest.Builder post(String path, String form) {
    return post(house.doctor(), path, form);
  }

  private static HttpRequest.Builder post(Asker asker, String path, String form) {
    return asker.request(path).header("Content-Type", FORM).POST(BodyPublishers.ofString(form));
  }

  private static String patient(String nhsNumber) {
    return "patient.identifier=" + number(nhsNumber);
  }

  private static String number(String nhsNumber) {
    return Asker.NHS_NUMBER.replace("|", "%7C") + nhsNumber;
  }
}
