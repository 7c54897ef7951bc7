package dev.ermine.peer;

import static dev.ermine.peer.Asking.NUMBER;
import static dev.ermine.peer.Asking.alone;
import static dev.ermine.peer.Asking.answering;
import static dev.ermine.peer.Asking.answers;
import static dev.ermine.peer.Asking.demographics;
import static dev.ermine.peer.Asking.failing;
import static dev.ermine.peer.Asking.head;
import static dev.ermine.peer.Asking.missed;
import static dev.ermine.peer.Asking.ok;
import static dev.ermine.peer.Asking.outcome;
import static dev.ermine.peer.Asking.patient;
import static dev.ermine.peer.Asking.response;
import static dev.ermine.peer.Asking.searchset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.PeerQuestion;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.RestrictedPatient;
import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Request;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Personal Demographics Service, as its published examples and error codes have it. */
class DemographicsWalkTest {

  private static final String UUID =
      "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

  /** The number that has taken the place of the one asked for. */
  private static final String CURRENT = "9000000017";

  private static Asking asking;

  @BeforeAll
  static void start() {
    asking = new Asking();
  }

  @AfterAll
  static void stop() {
    asking.close();
  }

  @Test
  void readsThePatientByNumber() throws Exception {
    String ada = patient(NUMBER.value());
    try (EvilPeer peer = answering(request -> ok(ada))) {
      assertThat(asking.ask(demographics(answers(peer.base())))).isEqualTo(known(ada));
      assertThat(asking.ask(demographics(answers(peer.base())))).isEqualTo(known(ada));
      List<Request> requests = peer.requests();
      assertThat(requests)
          .allSatisfy(
              request -> {
                assertThat(request.line()).isEqualTo("GET /fhir/Patient/9000000009 HTTP/1.1");
                assertThat(request.header("Accept")).isEqualTo("application/fhir+json");
                assertThat(request.header("Authorization")).isEqualTo("Bearer a.test.token");
                assertThat(request.header("X-Request-ID")).matches(UUID);
                assertThat(request.header("X-Correlation-ID")).isEqualTo("req-1");
                assertThat(request.header("NHSD-End-User-Organisation-ODS")).isEqualTo("RQW");
              });
      assertThat(requests)
          .as("two of one id would be one to it")
          .extracting(request -> request.header("X-Request-ID"))
          .doesNotHaveDuplicates()
          .hasSize(2);
    }
  }

  @Test
  void readsThePatientUnderTheNumberThatHasTakenThePlaceOfThatOne() throws Exception {
    String ada = patient(CURRENT, CURRENT);
    try (EvilPeer peer = answering(request -> ok(ada))) {
      assertThat(asking.ask(demographics(answers(peer.base())))).isEqualTo(known(ada));
    }
  }

  @Test
  void aRestrictedPatientIsSoForAll() throws Exception {
    for (String level : List.of("R", "V", "REDACTED")) {
      String ada =
          patient(NUMBER.value())
              .replace(
                  "{\"resourceType\"",
                  "{\"meta\":{\"security\":[{\"system\":\"http://terminology.hl7.org/CodeSystem/"
                      + "v3-Confidentiality\",\"code\":\""
                      + level
                      + "\"}]},\"resourceType\"");
      try (EvilPeer peer = answering(request -> ok(ada))) {
        PeerAnswer answer = asking.ask(demographics(answers(peer.base())));
        assertThat(RestrictedPatient.isIn(List.of(answer))).as(level).isTrue();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"RESOURCE_NOT_FOUND", "INVALIDATED_RESOURCE"})
  void aNumberThatIsUnknownOrInvalidIsNobodys(String code) throws Exception {
    try (EvilPeer peer =
        answering(request -> response("404 Not Found", outcome("error", "not-found", code)))) {
      assertThat(asking.ask(demographics(answers(peer.base()))))
          .isEqualTo(new PeerAnswer.NotMatched());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // an id that is not the number, a number beside it, another system's, none
        "{\"resourceType\":\"Patient\",\"id\":\"9000000009\"}",
        "{\"resourceType\":\"Patient\",\"identifier\":[{\"system\":\"https://fhir.nhs.uk/Id/nhs-number\","
            + "\"value\":\"9000000009\"}]}",
        "{\"resourceType\":\"Patient\",\"id\":\"9000000009\",\"identifier\":[{\"system\":"
            + "\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"9000000017\"}]}",
        "{\"resourceType\":\"Patient\",\"id\":\"9000000009\",\"identifier\":[{\"system\":"
            + "\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"9000000009\"},{\"use\":\"old\","
            + "\"system\":\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"9000000017\"}]}",
        "{\"resourceType\":\"Patient\",\"id\":\"9000000009\",\"identifier\":[{\"system\":"
            + "\"https://other.example\",\"value\":\"9000000009\"}]}",
        "{\"resourceType\":\"Patient\",\"id\":\"9000000008\",\"identifier\":[{\"system\":"
            + "\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"9000000008\"}]}",
        "{\"resourceType\":\"Person\",\"id\":\"9000000009\",\"identifier\":[{\"system\":"
            + "\"https://fhir.nhs.uk/Id/nhs-number\",\"value\":\"9000000009\"}]}",
        "{\"resourceType\":\"OperationOutcome\",\"issue\":[{\"severity\":\"error\",\"code\":"
            + "\"processing\"}]}",
      })
  void anythingButOnePatientUnderOneNumberIsNoAnswer(String body) throws Exception {
    try (EvilPeer peer = answering(request -> ok(body))) {
      assertThat(asking.ask(demographics(answers(peer.base()))))
          .isEqualTo(missed(failing("something other than a Patient filed by number")));
    }
  }

  @Test
  void aSearchsetIsNoAnswer() throws Exception {
    try (EvilPeer peer = answering(request -> ok(searchset(patient(NUMBER.value()))))) {
      assertThat(asking.ask(demographics(answers(peer.base()))))
          .isEqualTo(missed(failing("something other than a Patient filed by number")));
    }
  }

  @Test
  void whateverElseItSaysIsNotHeard() throws Exception {
    Map<String, Miss> said =
        Map.of(
            response("400 Bad Request", outcome("error", "value", "INVALID_RESOURCE_ID")),
            failing("answered with status 400"),
            response("401 Unauthorized", ""),
            new Miss.Refused(),
            response("403 Forbidden", outcome("error", "forbidden", "ACCESS_DENIED")),
            new Miss.Refused(),
            response("403 Forbidden", outcome("error", "forbidden", "NO_PATIENT_CONSENT")),
            failing("something other than a Patient filed by number"),
            response("408 Request Timeout", outcome("error", "timeout", "UNABLE_TO_CALL_SERVICE")),
            failing("answered with status 408"),
            response("429 Too Many Requests", ""),
            new Miss.Throttled(Optional.empty()),
            "HTTP/1.1 302 Found\r\nLocation: https://elsewhere.example\r\nContent-Length: 0\r\n\r\n",
            failing("answered with status 302"),
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi",
            failing("its answer is not FHIR in JSON"),
            head("200 OK", 2_000_000),
            Faults.TOO_LARGE);
    for (Map.Entry<String, Miss> each : said.entrySet()) {
      try (EvilPeer peer = answering(request -> each.getKey())) {
        assertThat(asking.ask(demographics(answers(peer.base()))))
            .as(each.getKey().substring(0, 20))
            .isEqualTo(missed(each.getValue()));
      }
    }
  }

  @Test
  void isAskedOnlyAsTheRegionsInForceDeclareIt() throws Exception {
    try (EvilPeer peer = answering(request -> ok(patient(NUMBER.value())));
        Asking own = new Asking()) {
      PeerQuestion question = demographics(answers(peer.base()));
      own.peer.follow(inForce(Optional.of(question.region())));
      assertThat(own.ask(question)).isEqualTo(known(patient(NUMBER.value())));
      own.peer.follow(inForce(Optional.empty()));
      assertThat(own.ask(question)).isEqualTo(missed(Faults.NOT_TRUSTED));
      assertThat(peer.requests()).hasSize(1);
    }
  }

  /** The number stands in the address: everything that anybody logs is looked at. */
  @Test
  void noNumberIsLoggedWhateverGoesWrong() throws Exception {
    List<String> logged = new ArrayList<>();
    Handler all = handler(logged);
    Logger root = Logger.getLogger("");
    Level level = root.getLevel();
    root.addHandler(all);
    root.setLevel(Level.ALL);
    Logger.getLogger("io.vertx").fine("listened to");
    try {
      for (String wrong : List.of("", "HTTP/1.1 nonsense\r\n\r\n", head("200 OK", 99) + "{")) {
        try (EvilPeer peer = answering(request -> wrong)) {
          PeerAnswer answer =
              asking.ask(demographics(answers(peer.base())), Duration.ofMillis(500));
          assertThat(answer).isInstanceOf(PeerAnswer.Missed.class);
          logged.add(answer.toString());
        }
      }
    } finally {
      root.setLevel(level);
      root.removeHandler(all);
    }
    logged.add(demographics(answers(URI.create("https://localhost/fhir"))).toString());
    assertThat(logged).anyMatch(line -> line.startsWith("listened to"));
    assertThat(logged).noneMatch(line -> line.contains(NUMBER.value()));
  }

  private static Handler handler(List<String> logged) {
    return new Handler() {
      @Override
      public synchronized void publish(LogRecord entry) {
        logged.add(entry.getMessage() + " " + java.util.Arrays.toString(entry.getParameters()));
        for (Throwable at = entry.getThrown(); at != null; at = at.getCause()) {
          logged.add(at.toString());
        }
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  private static Regions inForce(Optional<Region> service) {
    Regions none = new Regions(1, "hash", Asking.GATEWAY, List.of(), List.of(), List.of());
    return new Regions(
        none.edition(),
        none.gateway(),
        none.regions(),
        service,
        none.agreements(),
        none.denials(),
        none.labelling());
  }

  private static PeerAnswer known(String patient) {
    return new PeerAnswer.Answered(List.of(alone(patient)), Map.of());
  }
}
