package dev.ermine.federation;

import static dev.ermine.testing.Given.ADA;
import static dev.ermine.testing.Given.NOON;
import static dev.ermine.testing.Given.answered;
import static dev.ermine.testing.Given.observation;
import static dev.ermine.testing.Given.region;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.federation.FederatedAnswer.Failure;
import dev.ermine.federation.FederatedAnswer.NotFound;
import dev.ermine.federation.FederatedAnswer.Unanswered;
import dev.ermine.federation.FederatedAnswer.View;
import dev.ermine.fhir.FhirQuery;
import dev.ermine.fhir.ResultParameters;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.testing.Given;
import dev.ermine.testing.PageRing;
import dev.ermine.testing.SelfSigned;
import dev.ermine.testing.UnreadAudit;
import dev.ermine.trust.PageTokens;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Thumbprints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A question that a gateway hands on is its originator's, and is never answered with more. */
class ForwardedTest {

  private static final X509Certificate OWN =
      SelfSigned.certificate(NOON.minusSeconds(60), NOON.plusSeconds(3600));
  private static final X509Certificate GATEWAYS =
      SelfSigned.certificate(NOON.minusSeconds(60), NOON.plusSeconds(3600));
  private static final Pattern NEXT =
      Pattern.compile("\"next\",\"url\":\"[^\"]*_page_token=([^\"]*)\"");

  private final AtomicReference<Regions> live = new AtomicReference<>(regions("hwe"));
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final AtomicReference<Duration> allowed = new AtomicReference<>();
  private final PageTokens tokens = PageRing.tokens();
  private final AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
  private final Federation federation =
      new Federation(
          live::get,
          Worlds::optOuts,
          this::answer,
          new UnreadAudit(),
          "https://gateway.example",
          () -> NOON,
          new Quality(NOON),
          tokens);

  /** West is a gateway of HWE, and a peer as well; so is North, which is nobody's. */
  private static Regions regions(String... forwarded) {
    List<Region> answering =
        List.of(
            region("london"),
            Given.gateway(Given.forwarding(region("west"), GATEWAYS, forwarded), "ermine-west"),
            Given.gateway(region("north"), "ermine-north"));
    return new Regions(
        1,
        "hash",
        Given.gateway(),
        Stream.concat(Stream.of(Given.asker(OWN)), answering.stream()).toList(),
        answering.stream().map(each -> Given.agreement(each.id().value(), Given.TYPES)).toList(),
        List.of());
  }

  private CompletableFuture<PeerAnswer> answer(PeerQuestion question, Deadline deadline) {
    String region = question.region().id().value();
    asked.add(region);
    allowed.set(deadline.left());
    meanwhile.get().run();
    return CompletableFuture.completedFuture(
        answered(
            region,
            observation(region, "o1", "Patient/p1"),
            observation(region, "o2", "Patient/p1")));
  }

  private static Requester direct() {
    return Given.requester(Thumbprints.x5tS256(OWN));
  }

  private static Requester through(String... hops) {
    return through(Optional.empty(), hops);
  }

  private static Requester through(Optional<Duration> left, String... hops) {
    return Given.handedOn(direct(), "west", List.of(hops), Thumbprints.x5tS256(GATEWAYS), left);
  }

  private static Call call(Requester requester) {
    return new Call(requester, "request-1", "127.0.0.1", Traceparent.fresh());
  }

  private FederatedAnswer search(Requester requester, String... wanted) {
    Wishes wishes =
        new Wishes(
            wanted.length == 0 ? Optional.empty() : Optional.of(List.of(wanted)),
            new Wishes.Require.Nothing(),
            Optional.empty(),
            Wishes.NONE.duplicates());
    return federation.search(call(requester), Given.query("Observation"), wishes);
  }

  /** Whom and what an asker would have, in any world. */
  private static Set<String> permitted(Regions version, Enquirer enquirer) {
    Set<String> permitted = new LinkedHashSet<>();
    new Rehearsal(version)
            .explain(
                enquirer,
                _ -> true,
                List.of(),
                Worlds.TODAY.atTime(LocalTime.NOON).toInstant(ZoneOffset.UTC))
            .stream()
            .filter(Prospect::permitted)
            .forEach(each -> permitted.add(each.region() + "/" + each.type()));
    return permitted;
  }

  @Test
  void inEveryWorldItIsAllowedWhatTheOriginatorIsLessWhatItCameThrough() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int alike = 0;
    int barred = 0;
    for (int world = 0; world < 9000; world++) {
      RegionId from = new RegionId(Worlds.one(random, Worlds.IDS));
      RegionId west =
          new RegionId(
              Worlds.one(
                  random, Worlds.IDS.stream().filter(id -> !id.equals(from.value())).toList()));
      Regions version =
          handingOn(Worlds.random(random), west, random.nextBoolean() ? Set.of(from) : Set.of());
      Enquirer straight = enquirer(random, from, Optional.empty());
      Set<String> expected = permitted(version, straight);
      expected.removeIf(cell -> cell.startsWith(west + "/"));
      if (!version.mayForward(west, from)) {
        barred += expected.isEmpty() ? 0 : 1;
        expected = Set.of();
      }
      Set<String> got = permitted(version, handedOn(straight, west));
      assertThat(got).as("seed %d, world %d", seed, world).isEqualTo(expected);
      alike += got.isEmpty() ? 0 : 1;
    }
    assertThat(alike).as("seed %d", seed).isGreaterThan(20);
    assertThat(barred).as("seed %d", seed).isGreaterThan(20);
  }

  private static Regions handingOn(Regions version, RegionId west, Set<RegionId> forwards) {
    return Worlds.regions(
        version.regions().stream()
            .map(
                region ->
                    region.id().equals(west) && region.asks().isPresent()
                        ? Given.forwarding(
                            region,
                            GATEWAYS,
                            forwards.stream().map(RegionId::value).toArray(String[]::new))
                        : region)
            .toList(),
        version.agreements(),
        version.denials());
  }

  private static Enquirer enquirer(Random random, RegionId from, Optional<RegionId> west) {
    return new Enquirer(
        from,
        Worlds.one(random, Worlds.ORGANISATIONS),
        Worlds.purposes(Worlds.one(random, Worlds.PURPOSES)),
        Worlds.some(random, Worlds.ROLES),
        random.nextInt(4) > 0 ? Optional.of(Worlds.one(random, Worlds.BASES)) : Optional.empty(),
        Optional.of("unconscious"),
        true,
        Worlds.stepUp(random, NOON),
        random.nextInt(4) == 0,
        west);
  }

  private static Enquirer handedOn(Enquirer straight, RegionId west) {
    return new Enquirer(
        straight.region(),
        straight.organisation(),
        straight.purposes(),
        straight.roles(),
        straight.basis(),
        straight.breakGlassReason(),
        straight.patientNamed(),
        straight.stepUp(),
        straight.ownRecord(),
        Optional.of(west));
  }

  @Test
  void itIsAnsweredAsTheOriginatorWouldBe() {
    assertThat(entries((View) search(through("ermine-west"), "london", "north")))
        .isEqualTo(entries((View) search(direct(), "london", "north")));
  }

  @Test
  void nobodyIsAskedThatItCameThroughNorItsOriginator() {
    View view = (View) search(through("ermine-north", "ermine-west"));
    assertThat(asked).containsExactly("london");
    assertThat(text(view))
        .contains("Region west: not asked: the question came through it")
        .contains("Region north: not asked: the question came through it");
    assertThat(view.tally().known()).isEqualTo(3);
    assertThat(view.tally().asked()).isEqualTo(1);
    assertThat(view.tally().allAnswered()).isTrue();
  }

  @Test
  void nothingIsReadWhereItCameThrough() {
    assertThat(
            federation.read(
                call(through("ermine-west")), ADA, new RegionId("west"), "Observation", "o1"))
        .isInstanceOf(NotFound.class);
    assertThat(asked).isEmpty();
  }

  @Test
  void nothingLeavesOnceItMayNotBeHandedOn() {
    meanwhile.set(() -> live.set(regions("london")));
    assertThat(failure(search(through("ermine-west")))).isEqualTo(Failure.TRUST_CHANGED);
    live.set(regions("hwe"));
    meanwhile.set(() -> live.set(regions("london")));
    assertThat(search(direct())).isInstanceOf(View.class);
  }

  @Test
  void nothingLeavesOnTheOriginatorsOwnCertificateAlone() {
    Requester mixed =
        Given.handedOn(
            direct(), "west", List.of("ermine-west"), Thumbprints.x5tS256(OWN), Optional.empty());
    assertThat(failure(search(mixed))).isEqualTo(Failure.TRUST_CHANGED);
  }

  @Test
  void itWaitsNoLongerThanTheGatewayBeforeItAndLeavesTimeForTheWayBack() {
    search(through(Optional.of(Duration.ofMillis(200)), "ermine-west"));
    assertThat(allowed.get()).isLessThanOrEqualTo(Duration.ofMillis(180));
    search(through(Optional.of(Duration.ofDays(20)), "ermine-west"));
    assertThat(allowed.get()).isLessThanOrEqualTo(live.get().gateway().deadline());
  }

  @Test
  void itsPagesAreNobodyElses() {
    FhirQuery query =
        new FhirQuery(
            List.of("Observation"),
            false,
            ADA,
            List.of(),
            new ResultParameters(List.of(), OptionalInt.of(1), List.of()),
            false,
            List.of());
    Requester west = through("ermine-west");
    View first = (View) federation.search(call(west), query, Wishes.NONE);
    Matcher next = NEXT.matcher(text(first));
    assertThat(next.find()).isTrue();
    String token = next.group(1);
    assertThat(failure(federation.goOn(call(direct()), token, Optional.empty())))
        .isEqualTo(Failure.PAGE_OF_ANOTHER);
    assertThat(federation.goOn(call(west), token, Optional.empty())).isInstanceOf(View.class);
  }

  private static Failure failure(FederatedAnswer answer) {
    return ((Unanswered) answer).failure();
  }

  private static List<String> entries(View view) {
    Matcher urls = Pattern.compile("\"fullUrl\":\"([^\"]*)\"").matcher(text(view));
    return urls.results().map(found -> found.group(1)).toList();
  }

  private static String text(View view) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      view.bundle().writeTo(bytes);
      return bytes.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
