package dev.ermine.peer;

import static dev.ermine.peer.Asking.NUMBER;
import static dev.ermine.peer.Asking.answering;
import static dev.ermine.peer.Asking.answers;
import static dev.ermine.peer.Asking.condition;
import static dev.ermine.peer.Asking.evil;
import static dev.ermine.peer.Asking.head;
import static dev.ermine.peer.Asking.isLookup;
import static dev.ermine.peer.Asking.knowing;
import static dev.ermine.peer.Asking.ok;
import static dev.ermine.peer.Asking.patient;
import static dev.ermine.peer.Asking.region;
import static dev.ermine.peer.Asking.response;
import static dev.ermine.peer.Asking.search;
import static dev.ermine.peer.Asking.searchset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.Call;
import dev.ermine.federation.Deadline;
import dev.ermine.federation.PeerQuestion;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Limits;
import dev.ermine.region.Region.Quota;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Request;
import dev.ermine.testing.EvilPeer.Script;
import dev.ermine.testing.Ports;
import dev.ermine.testing.Responders;
import dev.ermine.trace.Spans;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a region is not asked, as the region and its askers see it. */
@Timeout(60)
class SparingTest {

  private static final RegionId LONDON = new RegionId("london");
  private static final Duration OPEN = Duration.ofMillis(200);
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final Duration LONG = Duration.ofSeconds(20);

  private static final PeerAnswer NO_PLACE = Asking.missed(new Miss.Throttled(Optional.empty()));

  /** After so many exchanges one may be repeated. */
  private static final int EARNED = 132;

  private final Asking asking = new Asking();
  private final VertxPeer peer = peer(OPEN);

  @AfterEach
  void close() {
    asking.close();
  }

  @Test
  void isNotAskedWhileItIsDown() throws Exception {
    VertxPeer steadfast = peer(LONG);
    URI nobody = URI.create("https://localhost:" + Ports.free() + "/fhir");
    PeerQuestion question = search(answers(nobody));
    for (int i = 0; i < Breaker.WINDOW; i++) {
      assertThat(ask(steadfast, question))
          .isEqualTo(Asking.missed(new Miss.Unreachable("no connection")));
    }
    opens(steadfast);
    CompletableFuture<PeerAnswer> spared = begin(steadfast, question, LONG);
    assertThat(spared).as("at once").isDone();
    assertThat(spared.join())
        .isEqualTo(
            Asking.missed(
                new Miss.Unreachable("it has failed again and again; it is asked again in 20 s")));
    assertThat(steadfast.unasked(LONDON)).isEqualTo(1);
  }

  static Stream<Script> failing() {
    return Stream.of(
        Script.answering(request -> response("500 Oh", "")),
        Script.answering(request -> response("503 Busy", "")),
        line -> {
          line.next();
          line.reset();
        },
        line -> {
          line.next();
          line.write("SSH-2.0-OpenSSH_9.2\r\n\r\n");
        },
        line -> {
          line.next();
          line.write(head("200 OK", 10_000));
          while (true) {
            line.write(" ");
            line.pause(50);
          }
        },
        EvilPeer.Line::awaitClose);
  }

  @ParameterizedTest
  @MethodSource("failing")
  void opensWhereItFailsBreaksOffOrDrips(Script script) throws Exception {
    try (EvilPeer evil = evil(script)) {
      all(Breaker.WINDOW, within(answers(evil.base()), SHORT), LONG);
      opens(peer);
    }
  }

  static Stream<Function<Request, String>> harmless() {
    return Stream.of(
        request -> response("400 Bad", ""),
        request -> response("401 Who", ""),
        request -> response("403 No", ""),
        request -> response("404 Not Found", ""),
        request -> response("501 Not Implemented", ""),
        request -> ok("<html>"),
        request -> head("200 OK", 50_000_000),
        request -> "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
        request ->
            isLookup(request) ? ok(searchset(patient("p1"))) : response("500 Oh", "a record's"));
  }

  @ParameterizedTest
  @MethodSource("harmless")
  void isNotOpenedByAQuestionOrARecord(Function<Request, String> answer) throws Exception {
    try (EvilPeer evil = answering(answer)) {
      for (int i = 0; i < Breaker.WINDOW + 2; i++) {
        ask(peer, search(answers(evil.base()), "Condition"));
      }
      assertThat(peer.spared(LONDON).state()).isEqualTo(Spared.State.CLOSED);
    }
  }

  @Test
  void isNotOpenedByAskersWhoDoNotWaitOrGoAway() throws Exception {
    try (EvilPeer evil = evil(EvilPeer.Line::awaitClose)) {
      all(Breaker.WINDOW + 2, answers(evil.base()), Duration.ofMillis(100));
      IntStream.range(0, Breaker.WINDOW + 2)
          .mapToObj(i -> begin(peer, search(answers(evil.base())), LONG))
          .toList()
          .forEach(each -> each.cancel(true));
      assertThat(peer.spared(LONDON).state()).isEqualTo(Spared.State.CLOSED);
    }
  }

  /** A peer that fails until it is told to answer, and then as it is told. */
  private static final class Ailing {

    private final AtomicReference<Function<Request, String>> answer =
        new AtomicReference<>(request -> response("500 Oh", ""));
    private final CountDownLatch mayAnswer = new CountDownLatch(1);
    private final AtomicInteger tried = new AtomicInteger();

    private void isWell() {
      answer.set(request -> ok(searchset(patient("p1"))));
    }

    private void isSlow() {
      answer.set(
          request -> {
            tried.incrementAndGet();
            try {
              assertThat(mayAnswer.await(30, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return ok(searchset(patient("p1")));
          });
    }

    private EvilPeer open() {
      return answering(request -> answer.get().apply(request));
    }
  }

  private void fail(Region.Answers answers) throws Exception {
    all(Breaker.WINDOW, answers, LONG);
    opens(peer);
    await(Spared.State.HALF_OPEN);
  }

  /** An asker may hear of the last failure a moment before the breaker does. */
  private static void opens(VertxPeer peer) throws InterruptedException {
    for (int i = 0; i < 1_000 && peer.spared(LONDON).state() == Spared.State.CLOSED; i++) {
      Thread.sleep(5);
    }
    assertThat(peer.spared(LONDON).state()).isNotEqualTo(Spared.State.CLOSED);
  }

  @Test
  void isAskedAsBeforeOnceItAnswers() throws Exception {
    Ailing ailing = new Ailing();
    try (EvilPeer evil = ailing.open()) {
      fail(answers(evil.base()));
      ailing.isWell();
      ask(peer, search(answers(evil.base())));
      await(Spared.State.CLOSED);
      assertThat(ask(peer, search(answers(evil.base())))).isInstanceOf(PeerAnswer.Answered.class);
    }
  }

  @Test
  void letsNobodyPayForATrialThatIsSlow() throws Exception {
    Ailing ailing = new Ailing();
    try (EvilPeer evil = ailing.open()) {
      fail(answers(evil.base()));
      ailing.isSlow();
      Instant begun = Instant.now();
      PeerAnswer trial = ask(peer, search(answers(evil.base())));
      assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(4));
      PeerAnswer spared =
          Asking.missed(
              new Miss.Unreachable(
                  "it has failed again and again; one question at a time tries it"));
      assertThat(trial).isEqualTo(spared);
      assertThat(begin(peer, search(answers(evil.base())), LONG)).isCompletedWithValue(spared);
      assertThat(ailing.tried).as("asked of it").hasValue(1);
      assertThat(peer.spared(LONDON).state()).isEqualTo(Spared.State.HALF_OPEN);
      ailing.mayAnswer.countDown();
      await(Spared.State.CLOSED);
    }
  }

  @Test
  void opensAgainWhenATrialTakesItsWholeBudget() throws Exception {
    Ailing ailing = new Ailing();
    try (EvilPeer evil = ailing.open()) {
      Region.Answers answers = within(answers(evil.base()), SHORT);
      fail(answers);
      ailing.isSlow();
      assertThat(ask(peer, search(answers), Duration.ofMillis(50)))
          .isInstanceOf(PeerAnswer.Missed.class);
      await(Spared.State.OPEN);
      ailing.mayAnswer.countDown();
    }
  }

  @Test
  void resetsATrialThatIsCancelledAndTriesTheNextQuestion() throws Exception {
    Ailing ailing = new Ailing();
    try (EvilPeer evil = ailing.open()) {
      fail(answers(evil.base()));
      ailing.isSlow();
      int lines = evil.lines().size();
      CompletableFuture<PeerAnswer> trial = begin(peer, search(answers(evil.base())), LONG);
      assertThat(trial.cancel(true)).isTrue();
      await(Spared.State.HALF_OPEN);
      ailing.isWell();
      ailing.mayAnswer.countDown();
      ask(peer, search(answers(evil.base())));
      await(Spared.State.CLOSED);
      assertThat(evil.lines().size()).isLessThanOrEqualTo(lines + 2);
    }
  }

  @Test
  void isAskedAnewWhenItIsDeclaredOtherwiseOrTrustedAgain() throws Exception {
    Ailing ailing = new Ailing();
    try (EvilPeer evil = ailing.open()) {
      Region.Answers answers = answers(evil.base());
      fail(answers);
      peer.follow(regions(region(answers)));
      assertThat(peer.spared(LONDON).state()).isEqualTo(Spared.State.HALF_OPEN);
      peer.follow(regions(region(within(answers, SHORT))));
      assertThat(peer.spared(LONDON).state()).isEqualTo(Spared.State.CLOSED);
      fail(within(answers, SHORT));
      peer.follow(regions());
      peer.follow(regions(region(within(answers, SHORT))));
      assertThat(peer.spared(LONDON).state()).isEqualTo(Spared.State.CLOSED);
    }
  }

  @Test
  void holdsSoManyQuestionsAtOnceAndGivesEachPlaceBack() throws Exception {
    try (EvilPeer evil = evil(EvilPeer.Line::awaitClose)) {
      Region.Answers hanging = queries(within(answers(evil.base()), LONG), 3);
      Instant begun = Instant.now();
      hold(hanging, LONG).forEach(each -> each.cancel(true));
      hold(hanging, SHORT).forEach(CompletableFuture::join);
      hold(hanging, LONG);
      peer.follow(regions());
      peer.follow(regions(region(hanging)));
      hold(hanging, LONG).forEach(each -> each.cancel(true));
      assertThat(Duration.between(begun, Instant.now())).isLessThan(LONG);
    }
  }

  @Test
  void givesThePlaceOfADefectBack() throws Exception {
    VertxPeer broken =
        peer(
            (question, certificate, deadline) -> {
              throw new IllegalStateException("a defect");
            },
            OPEN);
    try (EvilPeer evil = evil(EvilPeer.Line::awaitClose)) {
      PeerQuestion question = search(queries(answers(evil.base()), 1));
      for (int i = 0; i < Breaker.WINDOW + 2; i++) {
        assertThat(ask(broken, question))
            .isEqualTo(Asking.missed(Asking.failing("a defect of the gateway")));
      }
    }
  }

  /** Takes every place there is, waiting for those that are being given back. */
  private List<CompletableFuture<PeerAnswer>> hold(Region.Answers answers, Duration deadline)
      throws InterruptedException {
    List<CompletableFuture<PeerAnswer>> held = new ArrayList<>();
    long begun = System.nanoTime();
    while (held.size() < answers.limits().queries()) {
      assertThat(System.nanoTime() - begun).as("a place is kept").isLessThan(LONG.toNanos());
      CompletableFuture<PeerAnswer> asked = begin(peer, search(answers), deadline);
      if (asked.isDone()) {
        Thread.sleep(5);
      } else {
        held.add(asked);
      }
    }
    assertThat(begin(peer, search(answers), LONG)).isCompletedWithValue(NO_PLACE);
    return held;
  }

  /** What it says is told to whoever asked, and what is made of it to the next. */
  @ParameterizedTest
  @CsvSource({
    "7, 7, 7",
    "'Sat, 21 Nov 2026 12:00:30 GMT', 30, 30",
    "'Sat, 21 Nov 2026 11:00:00 GMT', 0, 1",
    "'Fri, 21 Nov 2036 12:00:00 GMT', 60, 60",
    "1000000000, 60, 60",
    "99999999999999999999, , 1",
    "0, 0, 1",
    "-1, , 1",
    "soon, , 1",
    ", , 1"
  })
  void isLeftAloneAsLongAsItSaysWithinReason(String said, Integer told, int left) throws Exception {
    String header = said == null ? "X-A: b" : "Retry-After: " + said;
    try (EvilPeer evil = answering(request -> response("429 Slow", "", header))) {
      Region.Answers answers = answers(evil.base());
      assertThat(ask(peer, search(answers))).isEqualTo(told == null ? NO_PLACE : throttled(told));
      assertThat(begin(peer, search(answers), LONG)).isCompletedWithValue(throttled(left));
      assertThat(evil.requests()).hasSize(1);
    }
  }

  @Test
  void isAskedNothingMoreWithinAQuestionThatItThrottles() throws Exception {
    try (EvilPeer evil = knowing(request -> response("503 Busy", "", "Retry-After: 7"))) {
      Region.Answers one = limited(answers(evil.base()), 1, Asking.LIMITS.rate());
      PeerAnswer answer = ask(peer, search(one, "Condition", "Flag", "Goal", "Task"));
      assertThat(((PeerAnswer.Answered) answer).types().values())
          .containsOnly(
              new PeerAnswer.TypeAnswer.Unread(((PeerAnswer.Missed) throttled(7)).miss()));
      assertThat(evil.requests()).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 503, 504})
  void asksOnceMoreWhereItMayPass(int status) throws Exception {
    AtomicInteger lookups = new AtomicInteger();
    try (EvilPeer evil =
        answering(
            request ->
                lookups.incrementAndGet() % EARNED == 0
                    ? response(status + " Oh", "")
                    : ok(searchset(patient("p1"))))) {
      for (int i = 0; i < EARNED; i++) {
        assertThat(ask(peer, search(answers(evil.base())))).isInstanceOf(PeerAnswer.Answered.class);
      }
      assertThat(evil.requests()).hasSize(EARNED + 1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"500 Oh", "501 No", "400 Bad", "404 No", "401 Who"})
  void doesNotAskAgainWhatWouldNotPass(String status) throws Exception {
    AtomicInteger lookups = new AtomicInteger();
    try (EvilPeer evil =
        answering(
            request ->
                lookups.incrementAndGet() % EARNED == 0
                    ? response(status, "")
                    : ok(searchset(patient("p1"))))) {
      for (int i = 0; i < EARNED; i++) {
        ask(peer, search(answers(evil.base())));
      }
      assertThat(evil.requests()).hasSize(EARNED);
    }
  }

  @Test
  void asksOnceMoreWhenAnAnswerBreaksOffAndAsksWithinItsQuotas() throws Exception {
    AtomicInteger lookups = new AtomicInteger();
    try (EvilPeer evil =
        evil(
            line -> {
              for (Request request = line.next(); request != null; request = line.next()) {
                if (lookups.incrementAndGet() == EARNED) {
                  line.write(head("200 OK", 500) + "{\"resourceType\":");
                  return;
                }
                line.write(ok(searchset(patient("p1"))));
              }
            })) {
      Region.Answers quota =
          limited(answers(evil.base()), 8, List.of(new Quota(EARNED + 1, Duration.ofDays(1))));
      for (int i = 0; i < EARNED; i++) {
        assertThat(ask(peer, search(quota))).isInstanceOf(PeerAnswer.Answered.class);
      }
      assertThat(evil.requests()).hasSize(EARNED + 1);
      assertThat(ask(peer, search(quota)))
          .as("the retry drew on it")
          .isInstanceOfSatisfying(
              PeerAnswer.Missed.class,
              missed -> assertThat(missed.miss()).isInstanceOf(Miss.Throttled.class));
    }
  }

  /** Down and up twice a second: resets what it reads, answers 503, or breaks off. */
  @Test
  void addsNoMoreThanATenthToTheLoadOfARegionThatFlaps() throws Exception {
    long start = System.nanoTime();
    AtomicInteger turns = new AtomicInteger();
    try (EvilPeer evil =
        evil(
            line -> {
              for (Request request = line.next(); request != null; request = line.next()) {
                boolean up = (System.nanoTime() - start) / 250_000_000 % 2 == 0;
                if (up) {
                  line.write(ok(searchset(condition("c1"), patient("p1"))));
                } else {
                  switch (turns.incrementAndGet() % 3) {
                    case 0 -> line.write(response("503 Busy", ""));
                    case 1 -> {
                      line.write(head("200 OK", 500) + "{\"resourceType\":");
                      return;
                    }
                    default -> {
                      line.reset();
                      return;
                    }
                  }
                }
              }
            })) {
      for (int i = 0; i < 400; i++) {
        ask(peer, known("query-" + i, search(answers(evil.base()), "Condition", "Flag")));
        Thread.sleep(4);
      }
      long asked = evil.requests().stream().map(SparingTest::exchange).distinct().count();
      assertThat((long) evil.requests().size()).isBetween(asked + 1, asked + asked / 10);
    }
  }

  private static PeerQuestion known(String id, PeerQuestion.Search question) {
    return new PeerQuestion.Search(
        question.region(),
        question.gateway(),
        new Call(question.requester(), id, "127.0.0.1", Asking.TRACE),
        question.patient(),
        question.types(),
        question.filters(),
        question.results(),
        question.consulting());
  }

  /** What a request has in common with its repetition, and with no other. */
  private static String exchange(Request request) {
    return request.header("X-Request-Id") + " " + request.target();
  }

  private VertxPeer peer(Duration open) {
    return peer(PeerCredentials.plain((question, certificate) -> () -> "a.test.token"), open);
  }

  private VertxPeer peer(PeerCredentials credentials, Duration open) {
    return new VertxPeer(
        asking.vertx,
        Asking.PKI.issue("gateway.example")::gateway,
        credentials,
        Spans.ofThisProcess(),
        Responders.silent(InstantSource.system()),
        InstantSource.fixed(Asking.NOW),
        open);
  }

  private void all(int questions, Region.Answers answers, Duration deadline) throws Exception {
    List<CompletableFuture<PeerAnswer>> asked =
        IntStream.range(0, questions)
            .mapToObj(i -> begin(peer, search(answers), deadline))
            .toList();
    for (CompletableFuture<PeerAnswer> each : asked) {
      assertThat(each.get(30, TimeUnit.SECONDS)).isInstanceOf(PeerAnswer.Missed.class);
    }
  }

  private static CompletableFuture<PeerAnswer> begin(
      VertxPeer peer, PeerQuestion question, Duration deadline) {
    return peer.ask(question, Deadline.in(deadline)).toCompletableFuture();
  }

  private static PeerAnswer ask(VertxPeer peer, PeerQuestion question) {
    return ask(peer, question, LONG);
  }

  private static PeerAnswer ask(VertxPeer peer, PeerQuestion question, Duration deadline) {
    try {
      return begin(peer, question, deadline).get(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("no answer about " + NUMBER.getClass(), e);
    }
  }

  private void await(Spared.State state) throws InterruptedException {
    for (int i = 0; i < 2_000 && peer.spared(LONDON).state() != state; i++) {
      Thread.sleep(5);
    }
    assertThat(peer.spared(LONDON).state()).isEqualTo(state);
  }

  private static PeerAnswer throttled(int seconds) {
    return Asking.missed(new Miss.Throttled(Optional.of(Duration.ofSeconds(seconds))));
  }

  private static Regions regions(Region... regions) {
    return new Regions(
        2,
        "0".repeat(64),
        new Regions.Gateway("ermine-test", new Organisation("QM7", "HWE"), LONG),
        List.of(regions),
        List.of(),
        List.of());
  }

  private static Region.Answers queries(Region.Answers a, int queries) {
    Limits l = a.limits();
    return Asking.with(
        a,
        new Limits(
            l.connections(),
            l.bytes(),
            l.entries(),
            l.pages(),
            l.rate(),
            queries,
            l.document(),
            1));
  }

  private static Region.Answers limited(Region.Answers a, int connections, List<Quota> rate) {
    Limits l = a.limits();
    return Asking.with(
        a, new Limits(connections, l.bytes(), l.entries(), l.pages(), rate, 128, l.document(), 1));
  }

  private static Region.Answers within(Region.Answers a, Duration budget) {
    return new Region.Answers(
        a.base(),
        a.documents(),
        a.anchors(),
        a.revocation(),
        a.token(),
        a.lookup(),
        a.search(),
        a.read(),
        budget,
        a.limits(),
        a.types());
  }
}
