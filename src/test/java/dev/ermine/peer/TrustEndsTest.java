package dev.ermine.peer;

import static dev.ermine.peer.Asking.answers;
import static dev.ermine.peer.Asking.condition;
import static dev.ermine.peer.Asking.evil;
import static dev.ermine.peer.Asking.isLookup;
import static dev.ermine.peer.Asking.missed;
import static dev.ermine.peer.Asking.ok;
import static dev.ermine.peer.Asking.patient;
import static dev.ermine.peer.Asking.region;
import static dev.ermine.peer.Asking.search;
import static dev.ermine.peer.Asking.searchset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.Deadline;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Limits;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Request;
import dev.ermine.testing.TestPki;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens to exchanges and connections when another version of the regions is in force. */
@Timeout(60)
class TrustEndsTest {

  /** Much longer than it may take to notice. */
  private static final Duration LONG = Duration.ofSeconds(40);

  private static final int LOOPS = 2;

  private final Asking asking = new Asking();
  private final Connections connections = asking.peer.connections(new RegionId("london"));
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch mayAnswer = new CountDownLatch(1);
  private EvilPeer peer;
  private Region.Answers answers;

  /** It finds the Patient at once, and Conditions when it may. */
  @BeforeEach
  void open() {
    peer =
        evil(
            line -> {
              for (Request request = line.next(); request != null; request = line.next()) {
                if (!isLookup(request)) {
                  asked.countDown();
                  await(mayAnswer);
                }
                line.write(ok(searchset(isLookup(request) ? patient("p1") : condition("c1"))));
              }
            });
    answers = slow(answers(peer.base()));
  }

  @AfterEach
  void close() throws Exception {
    mayAnswer.countDown();
    peer.close();
    asking.close();
  }

  @Test
  void endsWhatIsUnderWayWithARegionThatIsSuspended() throws Exception {
    CompletableFuture<PeerAnswer> answer = ask();
    await(asked);
    asking.peer.follow(regions(suspended(region(answers))));
    assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(missed(Faults.NOT_TRUSTED));
    assertNoConnection();
  }

  @Test
  void endsWhatIsUnderWayWithARegionThatIsGoneOrAnswersNoMore() throws Exception {
    CompletableFuture<PeerAnswer> answer = ask();
    await(asked);
    asking.peer.follow(regions());
    assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(missed(Faults.NOT_TRUSTED));
    assertNoConnection();
    asking.peer.follow(regions(mute(region(answers))));
    assertThat(ask().get(10, TimeUnit.SECONDS)).isEqualTo(missed(Faults.NOT_TRUSTED));
  }

  @Test
  void endsWhatIsUnderWayOverConnectionsOfAnAnchorThatIsTakenOut() throws Exception {
    CompletableFuture<PeerAnswer> answer = ask();
    await(asked);
    TestPki other = new TestPki("another authority");
    asking.peer.follow(regions(region(anchored(answers, other))));
    assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(missed(Faults.NOT_TRUSTED));
    assertNoConnection();
  }

  @Test
  void endsWhatIsUnderWayOverAClientThatAnotherHasReplacedMeanwhile() throws Exception {
    CompletableFuture<PeerAnswer> answer = ask();
    await(asked);
    asking.peer.follow(regions(region(narrower(answers))));
    asking.peer.follow(regions(suspended(region(narrower(answers)))));
    assertThat(answer.get(10, TimeUnit.SECONDS)).isEqualTo(missed(Faults.NOT_TRUSTED));
    assertNoConnection();
  }

  @Test
  void closesKeptAliveConnectionsOnEveryLoop() throws Exception {
    mayAnswer.countDown();
    for (int i = 0; i < LOOPS * 2; i++) {
      assertThat(ask().get(20, TimeUnit.SECONDS)).isInstanceOf(PeerAnswer.Answered.class);
    }
    assertThat(connections.open()).isGreaterThanOrEqualTo(LOOPS);
    asking.peer.follow(regions(suspended(region(answers))));
    assertNoConnection();
  }

  @Test
  void beginsNothingThatWasPlannedBefore() throws Exception {
    asking.peer.follow(regions(suspended(region(answers))));
    assertThat(ask().get(10, TimeUnit.SECONDS)).isEqualTo(missed(Faults.NOT_TRUSTED));
    assertThat(peer.requests()).isEmpty();
  }

  @Test
  void asksAgainWhenTheRegionIsActiveAgain() throws Exception {
    mayAnswer.countDown();
    asking.peer.follow(regions(suspended(region(answers))));
    asking.peer.follow(regions(region(answers)));
    assertThat(ask().get(20, TimeUnit.SECONDS)).isInstanceOf(PeerAnswer.Answered.class);
  }

  @Test
  void letsEndWhatIsUnderWayWhenTheRegionIsAskedOtherwise() throws Exception {
    CompletableFuture<PeerAnswer> answer = ask();
    await(asked);
    asking.peer.follow(regions(region(narrower(answers))));
    mayAnswer.countDown();
    assertThat(answer.get(20, TimeUnit.SECONDS)).isInstanceOf(PeerAnswer.Answered.class);
    assertNoConnection();
  }

  @Test
  void keepsConnectionsWhenTheRegionIsDeclaredAsBefore() throws Exception {
    mayAnswer.countDown();
    ask().get(20, TimeUnit.SECONDS);
    int open = connections.open();
    asking.peer.follow(regions(region(answers)));
    ask().get(20, TimeUnit.SECONDS);
    asking.peer.follow(regions(region(answers)));
    ask().get(20, TimeUnit.SECONDS);
    assertThat(open).isPositive();
    assertThat(peer.lines()).hasSizeLessThanOrEqualTo(LOOPS);
    assertThat(connections.open()).isEqualTo(peer.lines().size());
  }

  @Test
  void keepsConnectionsWhenWhatTheyAreMadeOfStays() throws Exception {
    mayAnswer.countDown();
    ask().get(20, TimeUnit.SECONDS);
    int open = connections.open();
    Region.Answers other =
        with(
            answers,
            answers.anchors(),
            answers.revocation(),
            answers.budget().plusSeconds(1),
            new Limits(8, 2_000_000, 60, 6, 2_000));
    asking.peer.follow(regions(region(other)));
    ask(other).get(20, TimeUnit.SECONDS);
    ask().get(20, TimeUnit.SECONDS);
    assertThat(open).isPositive();
    assertThat(peer.lines()).hasSizeLessThanOrEqualTo(LOOPS);
    assertThat(connections.open()).isEqualTo(peer.lines().size());
  }

  private CompletableFuture<PeerAnswer> ask() {
    return ask(answers);
  }

  private CompletableFuture<PeerAnswer> ask(Region.Answers declared) {
    return asking.peer.ask(search(declared, "Condition"), Deadline.in(LONG)).toCompletableFuture();
  }

  private void assertNoConnection() throws InterruptedException {
    mayAnswer.countDown();
    for (EvilPeer.Line line : peer.lines()) {
      assertThat(line.isLeftWithin(10)).as("connection %d is closed", line.number()).isTrue();
    }
    Instant end = Instant.now().plusSeconds(10);
    while (connections.open() > 0) {
      assertThat(Instant.now()).isBefore(end);
      Thread.sleep(10);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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

  private static Region suspended(Region region) {
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        Region.Status.SUSPENDED,
        region.publicText(),
        region.asks(),
        region.answers());
  }

  private static Region mute(Region region) {
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        region.status(),
        region.publicText(),
        region.asks(),
        Optional.empty());
  }

  private static Region.Answers slow(Region.Answers a) {
    return with(a, a.anchors(), a.revocation(), LONG, a.limits());
  }

  private static Region.Answers narrower(Region.Answers a) {
    return with(a, a.anchors(), a.revocation(), a.budget(), new Limits(7, 1_000_000, 50, 5, 1_000));
  }

  private static Region.Answers anchored(Region.Answers a, TestPki by) {
    return with(a, List.of(by.anchor()), a.revocation(), a.budget(), a.limits());
  }

  private static Region.Answers with(
      Region.Answers a,
      List<java.security.cert.X509Certificate> anchors,
      Optional<Region.Revocation> revocation,
      Duration budget,
      Limits limits) {
    return new Region.Answers(
        a.base(),
        a.documents(),
        anchors,
        revocation,
        a.token(),
        a.lookup(),
        a.search(),
        a.read(),
        budget,
        limits,
        a.types());
  }
}
