package dev.ermine;

import static dev.ermine.sandbox.Stories.ADA_OKAFOR;
import static dev.ermine.sandbox.Stories.UNKNOWN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.ermine.http.RawTls;
import dev.ermine.sandbox.DevPki;
import dev.ermine.sandbox.PeerRegion;
import dev.ermine.sandbox.Sandbox;
import dev.ermine.testing.Asker;
import dev.ermine.testing.GatewayProcess;
import dev.ermine.testing.RefusalJudge;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions that the whole gateway does not put to any region, each with what there is to mend. */
class BadQueriesIT {

  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String BY_FORM = "/fhir/AllergyIntolerance/_search";

  /** Stands for the number asked about, in what is sent. */
  private static final String NUMBER = "NUMBER";

  private static final String ADA =
      "patient.identifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C" + NUMBER;

  @TempDir static Path directory;
  private static DevPki pki;
  private static Sandbox sandbox;
  private static GatewayProcess gateway;
  private static Asker doctor;

  @BeforeAll
  static void start() throws IOException {
    pki = DevPki.in(directory.resolve("certs"));
    sandbox = Sandbox.start(pki);
    gateway = GatewayProcess.start(pki, regions(), directory, Map.of());
    doctor = gateway.asker("hwe");
  }

  private static String regions() throws IOException {
    return GatewayProcess.regions(sandbox)
        .replaceAll("budget: 1[25]00ms", "connect: 8s\n      budget: 8s")
        .replace("deadline: 3s", "deadline: 12s");
  }

  @AfterAll
  static void stop() {
    if (gateway != null) {
      gateway.close();
    }
    if (sandbox != null) {
      sandbox.close();
    }
  }

  /** A request, in which {@link #NUMBER} stands for the number, and the refusal that it meets. */
  record Bad(String name, String address, Ask ask, int status, String code) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** What a request has besides its address. */
  @FunctionalInterface
  interface Ask {
    HttpRequest.Builder fill(HttpRequest.Builder request, UnaryOperator<String> numbered);
  }

  static Stream<Bad> bad() {
    return Stream.of(
        form("a malformed NHS number", ADA.replace(NUMBER, "9000000008"), 400, "value"),
        form("an NHS number that is none", ADA.replace(NUMBER, "Okafor"), 400, "value"),
        form("a number without its system", "patient.identifier=" + NUMBER, 400, "value"),
        form("no patient", "clinical-status=active", 400, "required"),
        form("two patients", ADA + "&" + ADA.replace(NUMBER, UNKNOWN), 400, "invalid"),
        form("the same patient twice", ADA + "&" + ADA, 400, "invalid"),
        form("two patients in a list", ADA + "," + NUMBER, 400, "invalid"),
        form("an unknown _format", ADA + "&_format=text/" + NUMBER, 406, "not-supported"),
        with("a patient in the body and the address", BY_FORM + "?" + ADA, 400, "invalid"),
        with("an unknown type", "/fhir/Allergy/_search", 400, "not-supported"),
        with("a type of nobody", "/fhir/Organization/_search", 400, "not-supported"),
        get("an unknown type in a list", "/fhir?_type=Flag,Allergy&" + ADA, 400, "not-supported"),
        header("a parameter unknown, strictly", "Prefer", "handling=strict", "not-supported"),
        header("an unknown region", "Ermine-Regions", "london, okafor", "value"),
        header("no region's id", "Ermine-Regions", NUMBER + "!", "value"),
        header("an unknown region required", "Ermine-Require", "okafor", "value"),
        header("a deadline that is none", "Ermine-Deadline", NUMBER + "x", "value"),
        read("an unknown region in the path", "/regions/okafor/fhir/Flag/1", 404, "not-found"),
        read("an unknown type in the path", "/regions/london/fhir/Okafor/1", 404, "not-found"),
        get("a read of no patient", "/regions/london/fhir/Flag/1", 400, "required"),
        get("a read at the base", "/fhir/Patient/" + NUMBER, 404, "not-found"),
        get("a search of one region", "/regions/london/fhir/Flag?" + ADA, 405, "not-supported"),
        new Bad(
            "a form of one region",
            "/regions/london/fhir/Flag/_search",
            posted(ADA, FORM),
            405,
            "not-supported"),
        new Bad("a body in JSON", BY_FORM, posted("{}", "application/json"), 415, "not-supported"),
        new Bad(
            "a form in Latin",
            BY_FORM,
            posted(ADA, FORM + ";charset=latin1"),
            415,
            "not-supported"),
        get("another type of answer", "/fhir/Flag?" + ADA + "&_format=xml", 406, "not-supported"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void refuses(Bad bad) {
    HttpResponse<byte[]> aboutAda = refusal(bad, ADA_OKAFOR);
    HttpResponse<byte[]> aboutNobody = refusal(bad, UNKNOWN);
    assertThat(aboutAda.body()).as("whoever it is about").isEqualTo(aboutNobody.body());
  }

  private static HttpResponse<byte[]> refusal(Bad bad, String nhsNumber) {
    UnaryOperator<String> numbered = text -> text.replace(NUMBER, nhsNumber);
    forgetQuestions();
    HttpResponse<byte[]> response =
        doctor.send(bad.ask().fill(doctor.request(numbered.apply(bad.address())), numbered));
    RefusalJudge.judge(response, bad.status(), bad.code());
    RefusalJudge.tellsNothingOf(response, List.of(nhsNumber, "Okafor", "okafor", "sweet"));
    assertThat(gateway.auditOf(response)).noneMatch(BadQueriesIT::isIntent);
    assertNobodyAsked();
    return response;
  }

  /** Refused by what it announces, before a byte of it. */
  @Test
  void refusesABodyTooLarge() throws IOException {
    forgetQuestions();
    try (RawTls connection =
        new RawTls(pki.tls("hwe-client", "gateway-ca"), gateway.base().getPort())) {
      String head =
          """
          POST /fhir/AllergyIntolerance/_search HTTP/1.1
          Host: localhost
          Authorization: Bearer %s
          Content-Type: %s
          Content-Length: 262145

          """
              .formatted(doctor.token(), FORM);
      assertThat(connection.send(head.replace("\n", "\r\n")).readToEnd())
          .startsWith("HTTP/1.1 413 ")
          .containsIgnoringCase("cache-control: no-store")
          .contains("OperationOutcome", "\"too-long\"");
    }
    assertNobodyAsked();
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "PATCH", "POST"})
  void refusesToWrite(String method) {
    forgetQuestions();
    for (String address : List.of("/fhir/Flag/1", "/fhir/Flag", "/regions/london/fhir/Flag/1")) {
      HttpResponse<byte[]> response =
          doctor.send(
              doctor
                  .request(address)
                  .header("Content-Type", "application/fhir+json")
                  .method(method, BodyPublishers.ofString("{\"resourceType\":\"Flag\"}")));
      RefusalJudge.judge(response, 405, "not-supported");
      assertThat(response.headers().firstValue("Allow")).contains("GET");
    }
    assertNobodyAsked();
  }

  /** Leniently, as unless told otherwise: what is unknown is dropped, and the outcome says so. */
  @Test
  void tellsWhatItDropped() throws IOException {
    HttpResponse<byte[]> response =
        doctor.send(
            doctor
                .request(BY_FORM)
                .header("Content-Type", FORM)
                .header("Ermine-Regions", "london")
                .POST(BodyPublishers.ofString(ADA.replace(NUMBER, ADA_OKAFOR) + "&flavour=sweet")));
    assertThat(response.statusCode()).as(new String(response.body(), UTF_8)).isEqualTo(200);
    JsonNode bundle = new ObjectMapper().readTree(response.body());
    JsonNode outcome = bundle.get("entry").get(bundle.get("entry").size() - 1).get("resource");
    assertThat(outcome.at("/resourceType").asText()).isEqualTo("OperationOutcome");
    assertThat(outcome.get("issue").valueStream().map(issue -> issue.at("/details/text").asText()))
        .anyMatch(text -> text.contains("`flavour`"))
        .noneMatch(text -> text.contains("sweet"));
    assertThat(bundle.at("/link").toString()).contains("self").doesNotContain("flavour");
    assertThat(bundle.get("entry").valueStream())
        .anyMatch(entry -> entry.at("/fullUrl").asText().endsWith("/AllergyIntolerance/alg-1"));
  }

  private static Bad form(String name, String body, int status, String code) {
    return new Bad(name, BY_FORM, posted(body, FORM), status, code);
  }

  private static Bad with(String name, String address, int status, String code) {
    return new Bad(name, address, posted(ADA, FORM), status, code);
  }

  private static Bad header(String name, String header, String value, String code) {
    return new Bad(
        name,
        BY_FORM,
        (request, numbered) ->
            posted(ADA + "&flavour=sweet", FORM)
                .fill(request, numbered)
                .header(header, numbered.apply(value)),
        400,
        code);
  }

  private static Bad get(String name, String address, int status, String code) {
    return new Bad(name, address, (request, numbered) -> request.GET(), status, code);
  }

  private static Bad read(String name, String address, int status, String code) {
    return new Bad(
        name,
        address,
        (request, numbered) ->
            request.header("Ermine-Patient", Asker.NHS_NUMBER + numbered.apply(NUMBER)),
        status,
        code);
  }

  private static Ask posted(String body, String contentType) {
    return (request, numbered) ->
        request
            .header("Content-Type", contentType)
            .POST(BodyPublishers.ofString(numbered.apply(body)));
  }

  private static boolean isIntent(JsonNode event) {
    return event.at("/outcomeDesc").asText().equals("about to be asked");
  }

  private static void forgetQuestions() {
    for (PeerRegion region : PeerRegion.values()) {
      sandbox.server(region).resetRequests();
    }
  }

  private static void assertNobodyAsked() {
    for (PeerRegion region : PeerRegion.values()) {
      assertThat(sandbox.questions(region)).as(region.id()).isEmpty();
    }
  }
}
