package dev.ermine.peer;

import static dev.ermine.peer.Asking.NUMBER;
import static dev.ermine.peer.Asking.TRACE;
import static dev.ermine.peer.Asking.alone;
import static dev.ermine.peer.Asking.answering;
import static dev.ermine.peer.Asking.answers;
import static dev.ermine.peer.Asking.condition;
import static dev.ermine.peer.Asking.document;
import static dev.ermine.peer.Asking.entries;
import static dev.ermine.peer.Asking.evil;
import static dev.ermine.peer.Asking.failing;
import static dev.ermine.peer.Asking.isLookup;
import static dev.ermine.peer.Asking.knowing;
import static dev.ermine.peer.Asking.missed;
import static dev.ermine.peer.Asking.ok;
import static dev.ermine.peer.Asking.outcome;
import static dev.ermine.peer.Asking.patient;
import static dev.ermine.peer.Asking.read;
import static dev.ermine.peer.Asking.response;
import static dev.ermine.peer.Asking.search;
import static dev.ermine.peer.Asking.searchset;
import static dev.ermine.peer.Asking.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.Deadline;
import dev.ermine.federation.Traceparent;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.Parameter;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.fhir.ResultParameters.Inclusion;
import dev.ermine.fhir.Slice;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.merge.document.Content;
import dev.ermine.merge.document.Extent;
import dev.ermine.merge.document.OpenDocument;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Limits;
import dev.ermine.region.Region.Lookup;
import dev.ermine.region.Region.Search;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Request;
import dev.ermine.testing.Responders;
import dev.ermine.trace.Spans;
import io.vertx.core.impl.ContextInternal;
import io.vertx.core.impl.VertxInternal;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is asked of a peer that behaves, and what its answers mean. */
@Timeout(60)
class WalkTest {

  private static final PeerAnswer NOT_MATCHED = new PeerAnswer.NotMatched();
  private static final String TOKEN = NhsNumber.SYSTEM + "|" + NUMBER.value();

  private final Asking asking = new Asking();

  @AfterEach
  void close() {
    asking.close();
  }

  @Test
  void findsThePatientAndThenWhatIsTheirs() throws Exception {
    try (EvilPeer peer = knowing(request -> ok(searchset(condition("c1"))))) {
      List<Parameter> filters = List.of(new Parameter("clinical-status", "active,x y+z"));
      PeerAnswer answer =
          asking.ask(
              search(
                  answers(peer.base()),
                  filters,
                  ResultParameters.of(
                      List.of(),
                      List.of(
                          Inclusion.of("Condition", "encounter"), Inclusion.of("Flag", "author"))),
                  "Condition"));

      assertThat(answer).isEqualTo(found("Condition", filters, condition("c1")));
      assertThat(peer.requests())
          .extracting(WalkTest::asked)
          .containsExactly(
              "POST /fhir/Patient/_search identifier=" + TOKEN,
              "POST /fhir/Condition/_search patient=p1&clinical-status=active,x y+z"
                  + "&_include=Condition:encounter");
    }
  }

  @Test
  void asksFromAPlaceOfItsOwnInTheAskersTraceEachTime() throws Exception {
    try (EvilPeer peer = knowing(request -> ok(searchset(condition("c1"))))) {
      asking.ask(search(answers(peer.base()), "Condition", "Flag"));
      List<Traceparent> places =
          peer.requests().stream()
              .map(request -> Traceparent.parse(request.header("traceparent")).orElseThrow())
              .toList();
      assertThat(places)
          .hasSize(3)
          .allSatisfy(
              place ->
                  assertThat(place)
                      .isEqualTo(new Traceparent(TRACE.traceId(), place.parentId(), true, false)))
          .extracting(Traceparent::parentId)
          .doesNotHaveDuplicates()
          .doesNotContain(TRACE.parentId());
    }
  }

  @Test
  void sendsItsOwnHeadersAndNoOthers() throws Exception {
    try (EvilPeer peer = answering(request -> ok(searchset()))) {
      asking.ask(search(answers(peer.base())));
      Request request = peer.requests().getFirst();
      assertThat(request.headers())
          .extracting(
              header -> header.substring(0, header.indexOf(':')).toLowerCase(java.util.Locale.ROOT))
          .containsExactlyInAnyOrder(
              "accept",
              "accept-encoding",
              "prefer",
              "x-request-id",
              "traceparent",
              "authorization",
              "content-type",
              "content-length",
              "host");
      assertThat(request.header("Accept")).isEqualTo("application/fhir+json");
      assertThat(request.header("Prefer")).isEqualTo("handling=lenient");
      assertThat(request.header("X-Request-Id")).isEqualTo("req-1");
      assertThat(request.header("Authorization")).isEqualTo("Bearer a.test.token");
    }
  }

  @Test
  void searchesByGetWhereThePeerWantsIt() throws Exception {
    try (EvilPeer peer = knowing(request -> ok(searchset(condition("c1"))))) {
      Region.Answers get = with(answers(peer.base()), Lookup.TWO_STEP, Search.GET, true);
      assertThat(asking.ask(search(get, "Condition")))
          .isEqualTo(found("Condition", condition("c1")));
      assertThat(peer.requests())
          .extracting(Request::target)
          .containsExactly(
              "/fhir/Patient?identifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fnhs-number%7C9000000009",
              "/fhir/Condition?patient=p1");
    }
  }

  @ParameterizedTest
  @CsvSource({"CHAINED, patient.identifier", "IDENTIFIER, patient:identifier"})
  void asksBothAtOnceWhereThePeerResolvesThePatient(Lookup lookup, String name) throws Exception {
    try (EvilPeer peer = knowing(request -> ok(searchset(condition("c1"))))) {
      Region.Answers atOnce = with(answers(peer.base()), lookup, Search.POST, true);
      assertThat(asking.ask(search(atOnce, "Condition")))
          .isEqualTo(found("Condition", condition("c1")));
      assertThat(peer.requests())
          .extracting(WalkTest::asked)
          .containsExactlyInAnyOrder(
              "POST /fhir/Patient/_search identifier=" + TOKEN,
              "POST /fhir/Condition/_search " + name + "=" + TOKEN);
    }
  }

  @ParameterizedTest
  @EnumSource(Lookup.class)
  void anEmptyPatientSearchDecidesWhateverTheRestSays(Lookup lookup) throws Exception {
    try (EvilPeer peer =
        answering(request -> ok(isLookup(request) ? searchset() : searchset(condition("c1"))))) {
      Region.Answers answers = with(answers(peer.base()), lookup, Search.POST, true);
      assertThat(asking.ask(search(answers, "Condition"))).isEqualTo(NOT_MATCHED);
    }
  }

  @Test
  void aFailedPatientSearchEndsTheRest() throws Exception {
    try (EvilPeer peer =
        evil(
            line -> {
              Request request = line.next();
              if (isLookup(request)) {
                line.pause(200);
                line.write(response("500 Oh", ""));
              }
              line.awaitClose();
            })) {
      Region.Answers chained = with(answers(peer.base()), Lookup.CHAINED, Search.POST, true);
      assertThat(asking.ask(search(chained, "Condition", "Flag")))
          .isEqualTo(missed(failing("answered with status 500")));
      for (EvilPeer.Line line : peer.lines().subList(1, peer.lines().size())) {
        assertThat(line.isLeftWithin(3) || peer.requests().isEmpty()).isTrue();
      }
    }
  }

  @Test
  void thePatientsFoundAnswerForPatient() throws Exception {
    try (EvilPeer peer = knowing(request -> ok(searchset(condition("c1"))))) {
      assertThat(asking.ask(search(answers(peer.base()), "Patient")))
          .isEqualTo(found("Patient", patient("p1")));
      assertThat(peer.requests()).hasSize(1);
    }
  }

  @Test
  void filtersOnPatientAreAskedForThemselves() throws Exception {
    try (EvilPeer peer = knowing(request -> ok(searchset()))) {
      List<Parameter> filters = List.of(new Parameter("_lastUpdated", "gt2026"));
      asking.ask(search(answers(peer.base()), filters, ResultParameters.NONE, "Patient"));
      assertThat(peer.requests())
          .extracting(WalkTest::asked)
          .containsExactly(
              "POST /fhir/Patient/_search identifier=" + TOKEN,
              "POST /fhir/Patient/_search identifier=" + TOKEN + "&_lastUpdated=gt2026");
    }
  }

  @Test
  void searchesOnlyByPatientsWhoCarryTheNumber() throws Exception {
    String[] patients = {
      patient("p1"), patient("other", "9000000017"), patient("p2"), patient("bad,id"), patient("..")
    };
    try (EvilPeer peer =
        answering(request -> ok(isLookup(request) ? searchset(patients) : searchset()))) {
      assertThat(asking.ask(search(answers(peer.base()), "Flag")))
          .isEqualTo(new PeerAnswer.Answered(entries(patients), Map.of("Flag", empty())));
      assertThat(asked(peer.requests().getLast()))
          .isEqualTo("POST /fhir/Flag/_search patient=p1,p2");
    }
  }

  @Test
  void asksNothingAboutPatientsWhoDoNotCarryTheNumber() throws Exception {
    String other = patient("other", "9000000017");
    TypeAnswer unread =
        new TypeAnswer.Unread(
            failing("it knows the patient by another NHS number; ask by that one"));
    try (EvilPeer peer = answering(request -> ok(searchset(other)))) {
      assertThat(asking.ask(search(answers(peer.base()), "Flag", "Condition")))
          .isEqualTo(
              new PeerAnswer.Answered(entries(other), Map.of("Flag", unread, "Condition", unread)));
      assertThat(peer.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "PATIENT_NOT_FOUND",
        "NO_RECORD_FOUND",
        "INVALIDATED_RESOURCE",
        "RESOURCE_NOT_FOUND"
      })
  void aReasonOfThePatientsLooksLikeNobody(String code) throws Exception {
    String refusal = response("403 Forbidden", outcome("error", "forbidden", code));
    try (EvilPeer peer = answering(request -> refusal);
        EvilPeer later = knowing(request -> refusal)) {
      assertThat(asking.ask(search(answers(peer.base()), "Flag"))).isEqualTo(NOT_MATCHED);
      assertThat(asking.ask(search(answers(later.base()), "Flag"))).isEqualTo(NOT_MATCHED);
    }
  }

  @Test
  void dissentIsTheRegionsWordForAnObjection() throws Exception {
    String refusal = response("403 Forbidden", outcome("error", "forbidden", "NO_PATIENT_CONSENT"));
    try (EvilPeer peer = answering(request -> refusal);
        EvilPeer later = knowing(request -> refusal)) {
      PeerAnswer objected = new PeerAnswer.Objected();
      assertThat(asking.ask(search(answers(peer.base()), "Flag"))).isEqualTo(objected);
      assertThat(asking.ask(search(answers(later.base()), "Flag"))).isEqualTo(objected);
    }
  }

  @Test
  void aRefusalOfTheCallerSaysSo() throws Exception {
    String refusal = response("403 Forbidden", outcome("error", "forbidden", "NO_RELATIONSHIP"));
    String login = response("401 Unauthorized", "", "WWW-Authenticate: Bearer");
    try (EvilPeer forbidden = answering(request -> refusal);
        EvilPeer unauthorized = answering(request -> login)) {
      assertThat(asking.ask(search(answers(forbidden.base()))))
          .isEqualTo(missed(new Miss.Refused()));
      assertThat(asking.ask(search(answers(unauthorized.base()))))
          .isEqualTo(missed(new Miss.Refused()));
      assertThat(unauthorized.requests()).hasSize(1);
    }
  }

  @Test
  void notFoundIsNobodyForThePatientAndAFailureForAType() throws Exception {
    try (EvilPeer nobody = answering(request -> response("404 Not Found", ""));
        EvilPeer noType = knowing(request -> response("404 Not Found", ""))) {
      assertThat(asking.ask(search(answers(nobody.base())))).isEqualTo(NOT_MATCHED);
      assertThat(asking.ask(search(answers(noType.base()), "Flag")))
          .isEqualTo(unread(failing("its search of this type is not there")));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "429 Slow, 5, 5",
    "429 Slow, 315360000, 60",
    "503 Busy, 'Sat, 21 Nov 2026 12:00:09 GMT', 9",
    "503 Busy, garbage, -1"
  })
  void aSpentQuotaIsToldWithItsHint(String status, String after, long seconds) throws Exception {
    Optional<Duration> hint =
        seconds < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    try (EvilPeer peer = answering(request -> response(status, "", "Retry-After: " + after))) {
      assertThat(asking.ask(search(answers(peer.base()))))
          .isEqualTo(missed(new Miss.Throttled(hint)));
      assertThat(peer.requests()).hasSize(1);
    }
  }

  @Test
  void oneTypeMayFailAlone() throws Exception {
    try (EvilPeer peer =
        knowing(
            request ->
                request.target().contains("Flag")
                    ? response("500 Oh", "")
                    : ok(searchset(condition("c1"))))) {
      assertThat(asking.ask(search(answers(peer.base()), "Condition", "Flag")))
          .isEqualTo(
              new PeerAnswer.Answered(
                  entries(patient("p1")),
                  Map.of(
                      "Condition", new TypeAnswer.Read(entries(condition("c1")), List.of()),
                      "Flag", new TypeAnswer.Unread(failing("answered with status 500")))));
    }
  }

  @Test
  void aTypeThatIsLateLeavesTheOthers() throws Exception {
    try (EvilPeer peer =
        evil(
            line -> {
              for (Request request = line.next(); request != null; request = line.next()) {
                if (request.target().contains("Flag")) {
                  line.awaitClose();
                }
                line.write(ok(searchset(isLookup(request) ? patient("p1") : condition("c1"))));
              }
            })) {
      assertThat(
              asking.ask(search(answers(peer.base()), "Condition", "Flag"), Duration.ofSeconds(2)))
          .isEqualTo(
              new PeerAnswer.Answered(
                  entries(patient("p1")),
                  Map.of(
                      "Condition", new TypeAnswer.Read(entries(condition("c1")), List.of()),
                      "Flag", new TypeAnswer.Unread(new Miss.TimedOut()))));
    }
  }

  @Test
  void ourOwnRateIsKept() throws Exception {
    Limits twoASecond = new Limits(8, 1_000_000, 50, 5, 2);
    try (EvilPeer peer = knowing(request -> ok(searchset()))) {
      PeerAnswer answer =
          asking.ask(
              search(with(answers(peer.base()), twoASecond), "Condition", "Flag", "Goal", "Task"));
      assertThat(((PeerAnswer.Answered) answer).types().values())
          .contains(new TypeAnswer.Unread(new Miss.Throttled(Optional.of(Duration.ofSeconds(1)))));
      assertThat(peer.requests().size()).isLessThan(5);
    }
  }

  @Test
  void oneQuestionTakesNoMoreConnectionsThanItsLimit() throws Exception {
    AtomicInteger open = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (EvilPeer peer =
        evil(
            line -> {
              for (Request request = line.next(); request != null; request = line.next()) {
                most.accumulateAndGet(open.incrementAndGet(), Math::max);
                line.pause(30);
                open.decrementAndGet();
                line.write(ok(searchset(isLookup(request) ? patient("p1") : condition("c1"))));
              }
            })) {
      Limits two = new Limits(2, 1_000_000, 50, 5, 1_000);
      PeerAnswer answer =
          asking.ask(
              search(with(answers(peer.base()), two), "Condition", "Flag", "Goal", "Task", "List"));
      assertThat(((PeerAnswer.Answered) answer).types().values())
          .containsOnly(new TypeAnswer.Read(entries(condition("c1")), List.of()));
      assertThat(most.get()).isLessThanOrEqualTo(2);
      assertThat(peer.lines()).hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  void readsOneResourceBesideThePatient() throws Exception {
    try (EvilPeer peer = knowing(request -> ok(condition("c1")))) {
      assertThat(asking.ask(read(answers(peer.base()), "Condition", "c1")))
          .isEqualTo(
              new PeerAnswer.Answered(
                  entries(patient("p1")),
                  Map.of(
                      "Condition",
                      new TypeAnswer.Read(List.of(alone(condition("c1"))), List.of()))));
      assertThat(peer.requests())
          .extracting(Request::line)
          .contains("GET /fhir/Condition/c1 HTTP/1.1");
    }
  }

  @Test
  void anotherResourceThanTheOneReadIsNoAnswer() throws Exception {
    try (EvilPeer peer = knowing(request -> ok(condition("c2")))) {
      assertThat(asking.ask(read(answers(peer.base()), "Condition", "c1")))
          .isEqualTo(
              new PeerAnswer.Answered(
                  entries(patient("p1")),
                  Map.of(
                      "Condition",
                      new TypeAnswer.Unread(failing("something other than the resource read")))));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"404 Not Found", "410 Gone"})
  void aResourceThatIsNotThereIsAnEmptyRead(String status) throws Exception {
    try (EvilPeer peer = knowing(request -> response(status, ""))) {
      assertThat(asking.ask(read(answers(peer.base()), "Condition", "c1")))
          .isEqualTo(new PeerAnswer.Answered(entries(patient("p1")), Map.of("Condition", empty())));
    }
  }

  @Test
  void readsByIdSearchWhereThereIsNoRead() throws Exception {
    try (EvilPeer peer = knowing(request -> ok(searchset(condition("c1"))))) {
      Region.Answers noRead = with(answers(peer.base()), Lookup.TWO_STEP, Search.POST, false);
      assertThat(asking.ask(read(noRead, "Condition", "c1")))
          .isEqualTo(found("Condition", List.of(new Parameter("_id", "c1")), condition("c1")));
      asking.ask(read(noRead, "Practitioner", "d1"));
      assertThat(peer.requests())
          .extracting(WalkTest::asked)
          .contains(
              "POST /fhir/Condition/_search patient=p1&_id=c1",
              "POST /fhir/Practitioner/_search _id=d1");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../Patient", "a/b", "a%2fb", "a?b", "", "a b"})
  void anIdThatIsNoneIsNotAsked(String id) throws Exception {
    try (EvilPeer peer = knowing(request -> ok("{}"))) {
      assertThat(asking.ask(read(answers(peer.base()), "Condition", id))).isEqualTo(NOT_MATCHED);
      assertThat(asking.ask(document(answers(peer.base()), id))).isEqualTo(NOT_MATCHED);
      assertThat(peer.requests()).isEmpty();
    }
  }

  @Test
  void bringsADocumentAsItIs() throws Exception {
    try (EvilPeer peer =
        answering(
            request ->
                String.join(
                    "\r\n",
                    "HTTP/1.1 200 OK",
                    "Content-Type: application/pdf",
                    "Content-Length: 4",
                    "X-Security-Context: DocumentReference/d1",
                    "",
                    "%PDF"))) {
      PeerAnswer.Document found =
          (PeerAnswer.Document) asking.ask(document(answers(peer.base()), "b1"));
      assertThat(found.securityContext()).contains("DocumentReference/d1");
      OpenDocument document = (OpenDocument) found.content();
      assertThat(document.contentType()).isEqualTo("application/pdf");
      assertThat(document.extent()).isEqualTo(new Extent.Whole(4));
      byte[] bytes = new byte[8];
      assertThat(document.read(bytes)).isEqualTo(4);
      assertThat(bytes).startsWith('%', 'P', 'D', 'F');
      assertThat(document.read(bytes)).isEqualTo(-1);
      document.end(OpenDocument.Ending.WHOLE);
      assertThat(peer.requests().getFirst().header("Accept"))
          .isEqualTo("application/fhir+json;q=0.9, */*;q=0.8");
    }
  }

  @Test
  void bringsABinaryWithTheContextItNames() throws Exception {
    String binary =
        """
        {"resourceType":"Binary","id":"b1","contentType":"application/pdf",\
        "securityContext":{"reference":"Patient/p1"},"data":"JVBERg=="}""";
    try (EvilPeer peer = answering(request -> ok(binary));
        EvilPeer two =
            answering(request -> response("200 OK", binary, "X-Security-Context: Patient/p2"));
        EvilPeer odd =
            answering(request -> response("200 OK", "x", "X-Security-Context: <script>"))) {
      assertThat(asking.ask(document(answers(peer.base()), "b1")))
          .isEqualTo(
              new PeerAnswer.Document(
                  new Content.Wrapped(Slice.of(binary)), Optional.of("Patient/p1")));
      assertThat(asking.ask(document(answers(peer.base()), "b2")))
          .isEqualTo(missed(failing("something other than the document asked for")));
      assertThat(asking.ask(document(answers(two.base()), "b1")))
          .isEqualTo(missed(failing("its document's security context is not one reference")));
      assertThat(asking.ask(document(answers(odd.base()), "b1")))
          .isEqualTo(missed(failing("its document's security context is not a reference")));
    }
  }

  @Test
  void aDocumentThatIsNotThereIsNotMatched() throws Exception {
    try (EvilPeer peer = answering(request -> response("404 Not Found", ""))) {
      assertThat(asking.ask(document(answers(peer.base()), "b1"))).isEqualTo(NOT_MATCHED);
    }
  }

  @Test
  void manyQuestionsShareFewConnections() throws Exception {
    try (EvilPeer peer = knowing(request -> ok(searchset(condition("c1"))))) {
      Region.Answers answers = answers(peer.base());
      ContextInternal[] contexts = {
        ((VertxInternal) asking.vertx).createEventLoopContext(),
        ((VertxInternal) asking.vertx).createEventLoopContext()
      };
      for (int i = 0; i < 200; i++) {
        CompletableFuture<PeerAnswer> answer = new CompletableFuture<>();
        contexts[i % 2]
            .duplicate()
            .runOnContext(
                any ->
                    asking
                        .peer
                        .ask(search(answers, "Condition"), Deadline.in(Duration.ofSeconds(9)))
                        .whenComplete((done, never) -> answer.complete(done)));
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(found("Condition", condition("c1")));
      }
      assertThat(peer.lines()).hasSizeLessThanOrEqualTo(2);
    }
  }

  @Test
  void aNewDeclarationHasNewConnectionsAndTheOldAreClosed() throws Exception {
    try (EvilPeer peer = knowing(request -> ok(searchset(condition("c1"))))) {
      Region.Answers first = answers(peer.base());
      Region.Answers second = with(first, new Limits(4, 1_000_000, 50, 5, 1_000));
      ContextInternal context = ((VertxInternal) asking.vertx).createEventLoopContext();
      for (Region.Answers declared : List.of(first, first, second)) {
        CompletableFuture<PeerAnswer> answer = new CompletableFuture<>();
        context.runOnContext(
            any ->
                asking
                    .peer
                    .ask(search(declared, "Condition"), Deadline.in(Duration.ofSeconds(9)))
                    .whenComplete((done, never) -> answer.complete(done)));
        assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(found("Condition", condition("c1")));
      }
      assertThat(peer.lines()).hasSize(2);
      assertThat(peer.lines().getFirst().isLeftWithin(5)).isTrue();
      assertThat(peer.lines().getLast().isLeftWithin(0)).isFalse();
    }
  }

  @Test
  void aDefectOfOursIsAnAnswer() throws Exception {
    try (EvilPeer peer = knowing(request -> ok(searchset()))) {
      VertxPeer broken =
          new VertxPeer(
              asking.vertx,
              Asking.PKI.issue("gateway.example")::gateway,
              (question, certificate, deadline) -> {
                throw new IllegalStateException("secret 9000000009");
              },
              Spans.ofThisProcess(),
              Responders.silent(InstantSource.system()),
              () -> Asking.NOW);
      VertxPeer late =
          new VertxPeer(
              asking.vertx,
              Asking.PKI.issue("gateway.example")::gateway,
              PeerCredentials.plain(
                  (question, certificate) ->
                      () -> {
                        throw new IllegalStateException("secret 9000000009");
                      }),
              Spans.ofThisProcess(),
              Responders.silent(InstantSource.system()),
              () -> Asking.NOW);
      VertxPeer promised =
          new VertxPeer(
              asking.vertx,
              Asking.PKI.issue("gateway.example")::gateway,
              (question, certificate, deadline) ->
                  CompletableFuture.failedFuture(new IllegalStateException("secret 9000000009")),
              Spans.ofThisProcess(),
              Responders.silent(InstantSource.system()),
              () -> Asking.NOW);
      for (VertxPeer each : List.of(broken, late, promised)) {
        assertThat(
                each.ask(search(answers(peer.base())), Deadline.in(Duration.ofSeconds(5)))
                    .toCompletableFuture()
                    .get(10, TimeUnit.SECONDS))
            .isEqualTo(missed(failing("a defect of the gateway")));
      }
      assertThat(peer.requests()).isEmpty();
    }
  }

  private static String asked(Request request) {
    String body = URLDecoder.decode(request.body(), StandardCharsets.UTF_8);
    return request.line().replace(" HTTP/1.1", "") + " " + body;
  }

  private static TypeAnswer empty() {
    return new TypeAnswer.Read(List.of(), List.of());
  }

  private static PeerAnswer found(String type, String... resources) {
    return found(type, List.of(), resources);
  }

  private static PeerAnswer found(String type, List<Parameter> unsaid, String... resources) {
    return new PeerAnswer.Answered(
        entries(patient("p1")),
        Map.of(type, new TypeAnswer.Read(entries(resources), List.of(), unsaid)));
  }

  private static PeerAnswer unread(Miss miss) {
    return new PeerAnswer.Answered(
        entries(patient("p1")), Map.of("Flag", new TypeAnswer.Unread(miss)));
  }
}
