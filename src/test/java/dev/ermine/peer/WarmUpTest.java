package dev.ermine.peer;

import static dev.ermine.peer.Asking.answering;
import static dev.ermine.peer.Asking.answers;
import static dev.ermine.peer.Asking.evil;
import static dev.ermine.peer.Asking.ok;
import static dev.ermine.peer.Asking.region;
import static dev.ermine.peer.Asking.search;
import static dev.ermine.peer.Asking.searchset;
import static dev.ermine.peer.Asking.with;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.merge.PeerAnswer;
import dev.ermine.region.ConsentSource;
import dev.ermine.region.Labelling;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Limits;
import dev.ermine.region.Region.Quota;
import dev.ermine.region.Region.Status;
import dev.ermine.region.Region.Wire;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Request;
import dev.ermine.testing.Ports;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections that are open before anything is asked over them. */
@Timeout(60)
class WarmUpTest {

  private static final int LOOPS = 2;
  private static final PeerAnswer NOBODY = new PeerAnswer.NotMatched();

  private final Asking asking = new Asking();
  private final Connections connections = asking.peer.connections(new RegionId("london"));
  private final EvilPeer peer = answering(any -> ok(searchset()));

  @BeforeEach
  void isCold() throws InterruptedException {
    await(() -> connections.open() == 0);
  }

  @AfterEach
  void close() throws Exception {
    peer.close();
    asking.close();
  }

  @Test
  void areTwoOnEachLoopAndServeTheFirstQuestions() throws Exception {
    warm(region(answers(peer.base())));
    await(() -> connections.warm() == 2 * LOOPS);
    for (int i = 0; i < 2 * LOOPS; i++) {
      assertThat(asking.ask(search(answers(peer.base())))).isEqualTo(NOBODY);
    }
    assertThat(peer.lines()).hasSize(2 * LOOPS);
    assertThat(connections.cold()).isZero();
  }

  @Test
  void areOpenedWithoutATokenAndAboutNobody() throws Exception {
    warm(region(answers(peer.base())));
    await(() -> peer.warmUps().size() == 2 * LOOPS);
    String host = "host: localhost:" + peer.base().getPort();
    assertThat(peer.warmUps())
        .containsOnly(
            new Request(
                "HEAD /fhir/metadata HTTP/1.1",
                List.of("accept: application/fhir+json", "accept-encoding: identity", host),
                ""));
    assertThat(peer.requests()).isEmpty();
  }

  @Test
  void areNoMoreThanTheRegionAllows() throws Exception {
    warm(region(with(answers(peer.base()), new Limits(1, 1_000_000, 50, 5, 1_000))));
    await(() -> connections.warm() == LOOPS);
    Thread.sleep(200);
    assertThat(peer.lines()).hasSize(LOOPS);
  }

  @Test
  void areNotOpenedAgainWhereTheyAre() throws Exception {
    Region region = region(answers(peer.base()));
    warm(region);
    await(() -> connections.warm() == 2 * LOOPS);
    warm(region);
    Thread.sleep(200);
    assertThat(peer.warmUps()).hasSize(2 * LOOPS);
  }

  @Test
  void areOpenedAnewToARegionThatIsConnectedToDifferently() throws Exception {
    warm(region(answers(peer.base())));
    await(() -> connections.warm() == 2 * LOOPS);
    warm(region(with(answers(peer.base()), new Limits(7, 1_000_000, 50, 5, 1_000))));
    await(() -> connections.warm() == 4 * LOOPS && connections.open() == 2 * LOOPS);
  }

  @Test
  void areOpenedToARegisterAndToDemographicsToo() throws Exception {
    try (EvilPeer register = answering(any -> ok(searchset()));
        EvilPeer people = answering(any -> ok(searchset()))) {
      asking.peer.follow(
          new Regions(
              regions(List.of()).edition(),
              Asking.GATEWAY,
              List.of(keeping(region(answers(peer.base())), answers(register.base()))),
              Optional.of(Asking.demographics(answers(people.base())).region()),
              List.of(),
              List.of(),
              Labelling.NONE));
      asking.peer.warm();
      for (EvilPeer each : List.of(peer, register, people)) {
        await(() -> each.warmUps().size() == 2 * LOOPS);
      }
    }
  }

  @Test
  void areNeverOpenedToARegionThatIsNotAsked() throws Exception {
    Region region = region(answers(peer.base()));
    for (Region silent :
        List.of(of(region, Status.SUSPENDED), of(region, Status.RETIRED), mute(region))) {
      warm(silent);
      Thread.sleep(150);
      assertThat(peer.lines()).isEmpty();
    }
  }

  /** What waits its turn when its region is suspended does not come. */
  @Test
  void areNotOpenedToARegionThatIsSuspendedBeforeItsTurn() throws Exception {
    try (EvilPeer silent = evil(EvilPeer.Line::awaitClose)) {
      Wire slow =
          new Wire(Wire.USUAL.protocol(), Optional.of(Duration.ofSeconds(1)), Optional.empty());
      Region last = named("z", region(answers(peer.base())));
      List<Region> before =
          IntStream.range(0, 4)
              .mapToObj(i -> named("a" + i, region(with(answers(silent.base()), slow))))
              .toList();
      List<Region> all = new ArrayList<>(before);
      all.add(last);
      asking.peer.follow(regions(all));
      asking.peer.warm();
      await(() -> silent.lines().size() >= 8);
      all.set(4, of(last, Status.SUSPENDED));
      asking.peer.follow(regions(all));
      asking.peer.warm();
      await(() -> silent.lines().stream().allMatch(WarmUpTest::isLeft));
      Thread.sleep(200);
      assertThat(peer.warmUps().size()).isLessThanOrEqualTo(2); // of the other loop's order
    }
  }

  @Test
  void areFewAtATime() throws Exception {
    try (EvilPeer silent = evil(EvilPeer.Line::awaitClose)) {
      Wire slow =
          new Wire(Wire.USUAL.protocol(), Optional.of(Duration.ofSeconds(1)), Optional.empty());
      asking.peer.follow(
          regions(
              IntStream.range(0, 7)
                  .mapToObj(i -> named("a" + i, region(with(answers(silent.base()), slow))))
                  .toList()));
      asking.peer.warm();
      await(() -> silent.lines().size() == 8 * LOOPS);
      Thread.sleep(200);
      assertThat(silent.lines()).hasSize(8 * LOOPS);
      await(() -> silent.lines().size() == 14 * LOOPS);
    }
  }

  @Test
  void areCountedWhereTheyCannotBeOpenedAndTheRegionIsLeftAlone() throws Exception {
    URI nowhere = URI.create("https://localhost:" + Ports.free() + "/fhir");
    warm(region(answers(nowhere)));
    await(() -> connections.cold() == 2 * LOOPS);
    Thread.sleep(300);
    assertThat(connections.cold()).isEqualTo(2 * LOOPS);
    assertThat(connections.warm() + connections.open() + connections.inUse()).isZero();
  }

  @Test
  void leaveHalfOfTheQuotaToThoseWhoAsk() throws Exception {
    Quota six = new Quota(6, Duration.ofMinutes(1));
    Limits limits = new Limits(8, 1_000_000, 50, 5, List.of(six), 128, 256_000_000, 64);
    Region.Answers narrow = with(answers(peer.base()), limits);
    warm(region(narrow));
    await(() -> peer.warmUps().size() == 3);
    Thread.sleep(500);
    assertThat(peer.warmUps()).hasSize(3);
    assertThat(Stream.generate(() -> asking.ask(search(narrow))).limit(3)).containsOnly(NOBODY);
  }

  private void warm(Region region) {
    asking.peer.follow(regions(List.of(region)));
    asking.peer.warm();
  }

  private static Regions regions(List<Region> regions) {
    return new Regions(2, "0".repeat(64), Asking.GATEWAY, regions, List.of(), List.of());
  }

  private static Region of(Region r, Status status) {
    return new Region(
        r.id(), r.name(), r.organisation(), status, Optional.of("said"), r.asks(), r.answers());
  }

  private static Region named(String id, Region r) {
    return new Region(
        new RegionId(id),
        r.name(),
        new Organisation("QMJ", id),
        r.status(),
        Optional.empty(),
        r.asks(),
        r.answers());
  }

  private static Region mute(Region r) {
    return new Region(
        r.id(),
        r.name(),
        r.organisation(),
        r.status(),
        Optional.empty(),
        r.asks(),
        Optional.empty());
  }

  private static Region keeping(Region r, Region.Answers register) {
    return new Region(
        r.id(),
        r.name(),
        r.organisation(),
        r.status(),
        Optional.empty(),
        r.asks(),
        r.answers(),
        Optional.of(new ConsentSource(ConsentSource.Order.BESIDE, Optional.of(register))),
        Optional.empty());
  }

  private static boolean isLeft(EvilPeer.Line line) {
    try {
      return line.isLeftWithin(0);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(BooleanSupplier state) throws InterruptedException {
    Instant end = Instant.now().plusSeconds(10);
    while (!state.getAsBoolean()) {
      assertThat(Instant.now()).as("it did not come to be").isBefore(end);
      Thread.sleep(10);
    }
  }
}
