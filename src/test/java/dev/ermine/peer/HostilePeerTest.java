package dev.ermine.peer;

import static dev.ermine.peer.Asking.PKI;
import static dev.ermine.peer.Asking.SERVER;
import static dev.ermine.peer.Asking.answering;
import static dev.ermine.peer.Asking.answers;
import static dev.ermine.peer.Asking.condition;
import static dev.ermine.peer.Asking.entries;
import static dev.ermine.peer.Asking.evil;
import static dev.ermine.peer.Asking.failing;
import static dev.ermine.peer.Asking.head;
import static dev.ermine.peer.Asking.knowing;
import static dev.ermine.peer.Asking.missed;
import static dev.ermine.peer.Asking.ok;
import static dev.ermine.peer.Asking.outcome;
import static dev.ermine.peer.Asking.patient;
import static dev.ermine.peer.Asking.response;
import static dev.ermine.peer.Asking.search;
import static dev.ermine.peer.Asking.searchset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.Deadline;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.merge.PeerAnswer.TypeAnswer;
import dev.ermine.region.Region;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Script;
import dev.ermine.testing.TestPki;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that misbehave: each ends in the one answer that says so, in time, connection closed. */
@Timeout(30)
class HostilePeerTest {

  private static final PeerAnswer TIMED_OUT = missed(new Miss.TimedOut());
  private static final PeerAnswer TOO_LARGE = missed(failing("more bytes than its limit allows"));
  private static final PeerAnswer CUT_OFF =
      missed(failing("the connection ended before its answer did"));
  private static final PeerAnswer NO_TLS = missed(new Miss.Unreachable("TLS was not agreed"));
  private static final PeerAnswer FOUND =
      new PeerAnswer.Answered(
          entries(patient("p1")),
          Map.of("Condition", new TypeAnswer.Read(entries(condition("c1")), List.of())));

  private final Asking asking = new Asking();

  @AfterEach
  void close() {
    asking.close();
  }

  /** D1: the REST client times the wait for the head alone. */
  @Test
  void cutsASlowDripAtTheDeadline() throws Exception {
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              line.write(head("200 OK", 10_000));
              while (true) {
                line.write(" ");
                line.pause(300);
              }
            })) {
      assertThat(askShortly(evil)).isEqualTo(TIMED_OUT);
      assertThat(evil.lines().getFirst().isLeftWithin(5)).isTrue();
    }
  }

  @Test
  void cutsADripOfTheHeadAtTheDeadline() throws Exception {
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              while (true) {
                line.write("H");
                line.pause(300);
              }
            })) {
      assertThat(askShortly(evil)).isEqualTo(TIMED_OUT);
      assertThat(evil.lines().getFirst().isLeftWithin(5)).isTrue();
    }
  }

  /** D2: a blocking REST client leaves an abandoned exchange running. */
  @Test
  void cancellingClosesTheExchange() throws Exception {
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              line.awaitClose();
            })) {
      CompletableFuture<PeerAnswer> answer =
          asking
              .peer
              .ask(search(answers(evil.base())), Deadline.in(Duration.ofSeconds(20)))
              .toCompletableFuture();
      while (evil.requests().isEmpty()) {
        Thread.sleep(10);
      }
      answer.cancel(true);
      assertThat(evil.lines().getFirst().isLeftWithin(3)).isTrue();
    }
  }

  /** D3: a client that inflates is killed by a megabyte. */
  @Test
  void neverInflates() throws Exception {
    byte[] bomb = gzip(new byte[4_000_000]);
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              line.write(head("200 OK", bomb.length, "Content-Encoding: gzip"));
              line.write(bomb);
              line.awaitClose();
            })) {
      assertThat(ask(evil)).isEqualTo(missed(failing("compressed, which was not asked for")));
      assertThat(evil.lines().getFirst().isLeftWithin(3)).isTrue();
      assertThat(evil.requests().getFirst().header("Accept-Encoding")).isEqualTo("identity");
    }
  }

  /** D3 and D4: no client of the stack bounds by itself what comes. */
  @Test
  void stopsAnEndlessBodyAtItsLimit() throws Exception {
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              line.write(
                  String.join(
                      "\r\n",
                      "HTTP/1.1 200 OK",
                      "Content-Type: application/fhir+json",
                      "Transfer-Encoding: chunked",
                      "",
                      ""));
              String chunk = "4000\r\n" + " ".repeat(0x4000) + "\r\n";
              while (true) {
                line.write(chunk);
              }
            })) {
      assertThat(ask(evil)).isEqualTo(TOO_LARGE);
      assertThat(evil.lines().getFirst().isLeftWithin(3)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {50_000_000L, 1_000_001L, Long.MAX_VALUE})
  void refusesABodyAnnouncedBeyondItsLimit(long length) throws Exception {
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              line.write(head("200 OK", length));
              line.awaitClose();
            })) {
      assertThat(ask(evil)).isEqualTo(TOO_LARGE);
      assertThat(evil.lines().getFirst().isLeftWithin(3)).isTrue();
    }
  }

  @Test
  void boundsTheBytesOfOneQuestionOverAllItsTypes() throws Exception {
    String padded = searchset(condition("c1")) + " ".repeat(900_000);
    try (EvilPeer evil = knowing(request -> ok(padded))) {
      PeerAnswer answer =
          asking.ask(
              search(answers(evil.base()), "Condition", "Flag", "Goal", "Device", "Task", "List"),
              Duration.ofSeconds(10));
      assertThat(((PeerAnswer.Answered) answer).types().values())
          .contains(new TypeAnswer.Unread(failing("more bytes than its limit allows")))
          .contains(new TypeAnswer.Read(entries(condition("c1")), List.of()));
    }
  }

  @Test
  void silenceAfterAcceptEndsAtTheDeadline() throws Exception {
    try (EvilPeer evil = evil(EvilPeer.Line::awaitClose)) {
      assertThat(askShortly(evil)).isEqualTo(TIMED_OUT);
      assertThat(evil.lines().getFirst().isLeftWithin(5)).isTrue();
    }
  }

  @Test
  void silenceAfterTheRequestEndsAtTheDeadline() throws Exception {
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              line.awaitClose();
            })) {
      assertThat(askShortly(evil)).isEqualTo(TIMED_OUT);
      assertThat(evil.lines().getFirst().isLeftWithin(3)).isTrue();
    }
  }

  @Test
  void aResetInMidBodyIsNoAnswer() throws Exception {
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              line.write(head("200 OK", 500) + "{\"resourceType\":");
              line.pause(100);
              line.reset();
            })) {
      assertThat(ask(evil)).isEqualTo(CUT_OFF);
    }
  }

  @Test
  void anEndInMidBodyIsNoAnswer() throws Exception {
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              line.write(head("200 OK", 500) + "{\"resourceType\":");
            })) {
      assertThat(ask(evil)).isEqualTo(CUT_OFF);
    }
  }

  @Test
  void aHalfCloseInMidBodyIsNoAnswer() throws Exception {
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              line.write(head("200 OK", 500) + "{\"resourceType\":");
              line.halfClose();
              line.awaitClose();
            })) {
      assertThat(ask(evil)).isEqualTo(CUT_OFF);
      assertThat(evil.lines().getFirst().isLeftWithin(3)).isTrue();
    }
  }

  @Test
  void aBodyThatEndsWithTheConnectionIsReadButNotWhenTruncated() throws Exception {
    String whole = searchset(patient("p1"));
    String head = "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\n\r\n";
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              line.write(head + whole.substring(0, whole.length() - 1));
            })) {
      assertThat(ask(evil)).isInstanceOfSatisfying(PeerAnswer.Missed.class, this::isFailing);
    }
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              line.write(head + whole);
            })) {
      assertThat(asking.ask(search(answers(evil.base()))))
          .isEqualTo(new PeerAnswer.Answered(entries(patient("p1")), Map.of()));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"entry\":[{\"resou",
        "<html><body>please log in</body></html>",
        "[]",
        "{\"resourceType\":\"Bundle\",\"type\":\"batch-response\"}"
      })
  void aBodyThatIsNoSearchsetIsNoAnswer(String body) throws Exception {
    try (EvilPeer evil = answering(request -> ok(body))) {
      assertThat(ask(evil)).isInstanceOfSatisfying(PeerAnswer.Missed.class, this::isFailing);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html; charset=utf-8",
        "application/fhir+xml",
        "application/fhir+json; charset=iso-8859-1",
        "application/json; charset=utf-8; charset=utf-16",
        "application/fhir+jsonx"
      })
  void anotherContentTypeIsNoAnswer(String type) throws Exception {
    String body = searchset(patient("p1"));
    try (EvilPeer evil =
        answering(
            request ->
                "HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s"
                    .formatted(type, body.length(), body))) {
      assertThat(ask(evil)).isEqualTo(missed(failing("its answer is not FHIR in JSON")));
    }
  }

  @Test
  void anOutcomeInPlaceOfASearchsetIsNoAnswer() throws Exception {
    try (EvilPeer evil = answering(request -> ok(outcome("warning", "timeout", "x")))) {
      assertThat(ask(evil))
          .isEqualTo(missed(failing("an OperationOutcome in place of a searchset")));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "204 No Content, 204",
    "206 Partial, 206",
    "300 Choices, 300",
    "500 Oh, 500",
    "502 Bad, 502",
    "503 Busy, 503",
    "400 Bad, 400",
    "418 Teapot, 418",
    "102 Processing, 102"
  })
  void aStatusThatHoldsNothingIsNoAnswer(String line, String status) throws Exception {
    try (EvilPeer evil =
        answering(request -> "HTTP/1.1 " + line + "\r\nContent-Length: 0\r\n\r\n")) {
      assertThat(ask(evil)).isEqualTo(missed(failing("answered with status " + status)));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void aRedirectIsNotFollowed(int status) throws Exception {
    try (EvilPeer elsewhere = knowing(request -> ok(searchset(condition("c1"))));
        EvilPeer evil =
            answering(
                request ->
                    response(
                        status + " Moved", "", "Location: " + elsewhere.base() + "/Patient"))) {
      assertThat(ask(evil)).isEqualTo(missed(failing("answered with status " + status)));
      assertThat(elsewhere.lines()).isEmpty();
      assertThat(evil.requests()).hasSize(1);
    }
  }

  @Test
  void tooManyInterimResponsesAreNoAnswer() throws Exception {
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              String flood = "HTTP/1.1 100 Continue\r\n\r\n".repeat(100);
              while (true) {
                line.write(flood);
              }
            })) {
      assertThat(ask(evil)).isEqualTo(missed(failing("too many interim responses")));
      assertThat(evil.lines().getFirst().isLeftWithin(3)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nNo colon here\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n{}\r\n0\r\n\r\n",
        "\r\n\r\n\r\n\0\0\0\0\r\n\r\n"
      })
  void whatIsNotHttpIsNoAnswer(String bytes) throws Exception {
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              line.write(bytes);
            })) {
      assertThat(ask(evil)).isInstanceOfSatisfying(PeerAnswer.Missed.class, this::isFailing);
    }
  }

  @Test
  void headersOfAMegabyteAreNoAnswer() throws Exception {
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              line.write("HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(1_000_000) + "\r\n\r\n{}");
            })) {
      assertThat(ask(evil)).isInstanceOfSatisfying(PeerAnswer.Missed.class, this::isFailing);
    }
  }

  /** D14: bytes after an answer fail the next one on that connection. */
  @Test
  void bytesLeftBehindDoNotFailTheNextQuestion() throws Exception {
    String body = searchset(patient("p1"));
    try (EvilPeer evil = answering(request -> ok(body) + "EXTRABYTES")) {
      for (int i = 0; i < 5; i++) {
        assertThat(asking.ask(search(answers(evil.base()))))
            .isEqualTo(new PeerAnswer.Answered(entries(patient("p1")), Map.of()));
      }
    }
  }

  @Test
  void aWholeAnswerLeftBehindIsNotTheNextOnes() throws Exception {
    try (EvilPeer evil =
        answering(
            request -> ok(searchset(patient("p1"))) + ok(searchset(patient("someone-else"))))) {
      for (int i = 0; i < 5; i++) {
        assertThat(asking.ask(search(answers(evil.base()))))
            .isEqualTo(new PeerAnswer.Answered(entries(patient("p1")), Map.of()));
      }
    }
  }

  @Test
  void aStaleConnectionIsReplacedOnce() throws Exception {
    // Each connection serves one request, and is reset when the second has been sent.
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              line.write(ok(searchset(patient("p1"))));
              line.next();
              line.reset();
            })) {
      PeerAnswer.Answered found = new PeerAnswer.Answered(entries(patient("p1")), Map.of());
      for (int i = 0; i < 4; i++) {
        assertThat(asking.ask(search(answers(evil.base())))).isEqualTo(found);
      }
    }
  }

  @Test
  void aFreshConnectionThatFailsIsNotTriedAgain() throws Exception {
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              line.reset();
            })) {
      assertThat(ask(evil)).isEqualTo(CUT_OFF);
      assertThat(evil.requests()).hasSize(1);
    }
  }

  @Test
  void anAnswerCutOffOnAKeptConnectionIsNotAskedAgain() throws Exception {
    try (EvilPeer evil =
        evil(
            line -> {
              line.next();
              line.write(ok(searchset(patient("p1"))));
              line.next();
              line.write(head("200 OK", 500) + "{");
              line.pause(100);
              line.reset();
            })) {
      assertThat(asking.ask(search(answers(evil.base()), "Condition")))
          .isEqualTo(
              new PeerAnswer.Answered(
                  entries(patient("p1")),
                  Map.of(
                      "Condition",
                      new TypeAnswer.Unread(
                          failing("the connection ended before its answer did")))));
      assertThat(evil.requests()).hasSize(2);
    }
  }

  /** D15: by default the stack speaks TLS 1.3 alone. */
  @Test
  void agreesTls12WithGcm() throws Exception {
    try (EvilPeer evil = speaking("TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")) {
      assertThat(ask(evil)).isEqualTo(FOUND);
    }
  }

  @Test
  void agreesTls13() throws Exception {
    try (EvilPeer evil = speaking("TLSv1.3", "TLS_AES_256_GCM_SHA384")) {
      assertThat(ask(evil)).isEqualTo(FOUND);
    }
  }

  /** D15: with TLS 1.2 the stack offers block chaining too. */
  @ParameterizedTest
  @ValueSource(
      strings = {"TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"})
  void refusesCbc(String suite) throws Exception {
    try (EvilPeer evil = speaking("TLSv1.2", suite)) {
      assertThat(ask(evil)).isEqualTo(NO_TLS);
      assertThat(evil.requests()).isEmpty();
    }
  }

  @Test
  void sendsNothingToAServerOfAnotherName() throws Exception {
    try (EvilPeer evil = new EvilPeer(PKI.server(PKI.issue("elsewhere.example")), healthy())) {
      assertThat(ask(evil)).isEqualTo(NO_TLS);
      assertThat(evil.requests()).isEmpty();
    }
  }

  @Test
  @DisplayName("A25: a server that leaves an intermediate certificate out is sent nothing")
  void sendsNothingToAServerWhoseChainHasAGap() throws Exception {
    TestPki between = PKI.intermediate("between");
    TestPki.Identity server = between.issue("localhost");
    try (EvilPeer evil = new EvilPeer(PKI.server(server), healthy())) {
      assertThat(ask(evil)).isEqualTo(NO_TLS);
      assertThat(evil.requests()).isEmpty();
    }
    try (EvilPeer evil = new EvilPeer(PKI.server(server, between.anchor()), healthy())) {
      assertThat(ask(evil)).isEqualTo(FOUND);
    }
  }

  @Test
  void sendsNothingToAServerOfAnotherAuthority() throws Exception {
    TestPki other = new TestPki("another authority");
    try (EvilPeer evil = new EvilPeer(other.server(other.issue("localhost")), healthy())) {
      assertThat(ask(evil)).isEqualTo(NO_TLS);
      assertThat(evil.requests()).isEmpty();
    }
  }

  @Test
  void isUnreachableWhereItsCertificateIsRefused() throws Exception {
    TestPki other = new TestPki("another authority");
    try (EvilPeer evil =
        new EvilPeer(other.server(SERVER), Script.answering(request -> ok("{}")))) {
      assertThat(ask(evil))
          .isInstanceOfSatisfying(
              PeerAnswer.Missed.class,
              missed ->
                  assertThat(missed.miss())
                      .isInstanceOfAny(Miss.Unreachable.class, Miss.Failing.class));
      assertThat(evil.requests()).isEmpty();
    }
  }

  @Test
  void isUnreachableWhereNobodyListens() throws Exception {
    URI base;
    try (EvilPeer evil = answering(request -> "")) {
      base = evil.base();
    }
    assertThat(asking.ask(search(answers(base))))
        .isEqualTo(missed(new Miss.Unreachable("no connection")));
  }

  @Test
  void isUnreachableWhereItsNameIsNotKnown() {
    assertThat(
            asking.ask(
                search(answers(URI.create("https://nowhere.invalid/fhir"))),
                Duration.ofSeconds(15)))
        .isInstanceOfSatisfying(
            PeerAnswer.Missed.class,
            missed -> assertThat(missed.miss()).isNotInstanceOf(Miss.Failing.class));
  }

  @Test
  void slowsNoOtherRegion() throws Exception {
    try (EvilPeer good = knowing(request -> ok(searchset(condition("c1"))));
        EvilPeer evil =
            evil(
                line -> {
                  line.next();
                  String chunk = "HTTP/1.1 200 OK\r\nX: ";
                  while (true) {
                    line.write(chunk.substring(0, 1));
                    line.pause(5);
                  }
                })) {
      Region.Answers hostile = answers(evil.base());
      List<CompletableFuture<PeerAnswer>> stuck =
          java.util.stream.IntStream.range(0, 20)
              .mapToObj(
                  i ->
                      asking
                          .peer
                          .ask(search(hostile), Deadline.in(Duration.ofSeconds(10)))
                          .toCompletableFuture())
              .toList();
      Instant begun = Instant.now();
      for (int i = 0; i < 20; i++) {
        assertThat(asking.ask(search(answers(good.base()), "Condition"))).isEqualTo(FOUND);
      }
      assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(5));
      assertThat(stuck).noneMatch(CompletableFuture::isDone);
      stuck.forEach(each -> each.cancel(true));
    }
  }

  private PeerAnswer ask(EvilPeer evil) {
    return asking.ask(search(answers(evil.base()), "Condition"));
  }

  /** Asks within a second and a half, and is answered not much later. */
  private PeerAnswer askShortly(EvilPeer evil) {
    Instant begun = Instant.now();
    PeerAnswer answer =
        asking.ask(search(answers(evil.base()), "Condition"), Duration.ofMillis(1_500));
    assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(4));
    return answer;
  }

  private void isFailing(PeerAnswer.Missed missed) {
    assertThat(missed.miss()).isInstanceOf(Miss.Failing.class);
  }

  private static EvilPeer speaking(String protocol, String suite) {
    return new EvilPeer(
        PKI.server(SERVER),
        parameters -> {
          parameters.setProtocols(new String[] {protocol});
          parameters.setCipherSuites(new String[] {suite});
          return parameters;
        },
        healthy());
  }

  private static Script healthy() {
    return Script.answering(
        request -> ok(searchset(Asking.isLookup(request) ? patient("p1") : condition("c1"))));
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(plain);
    }
    return bytes.toByteArray();
  }
}
