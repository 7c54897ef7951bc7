package dev.ermine.trust;

import static dev.ermine.trust.World.HWE;
import static dev.ermine.trust.World.HWE_CERTIFICATE;
import static dev.ermine.trust.World.HWE_KEY;
import static dev.ermine.trust.World.LONDON_KEY;
import static dev.ermine.trust.World.P384_KEY;
import static dev.ermine.trust.World.hwe;
import static dev.ermine.trust.World.keys;
import static dev.ermine.trust.World.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import dev.ermine.fhir.Slice;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.KeySet;
import dev.ermine.region.Region.KeySet.KeyUse;
import dev.ermine.region.Region.Published;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.region.Stage;
import dev.ermine.trust.PublishedKeys.Fetched;
import dev.ermine.trust.PublishedKeys.Standing;
import dev.ermine.trust.Trust.Reason;
import dev.ermine.trust.Trust.Trusted;
import dev.ermine.trust.Trust.Untrusted;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The keys that a region publishes, as tokens are verified with them. */
class PublishedKeysTest {

  private static final URI URL = URI.create("https://hwe.example.nhs.uk/jwks.json");
  private static final RegionId ID = new RegionId("hwe");
  private static final ECKey OTHER = World.ec("other-1", Curve.P_256);

  private final World.Clock clock = new World.Clock();
  private final AtomicInteger fetches = new AtomicInteger();
  private volatile CompletionStage<Fetched> answer = body(HWE_KEY);
  private final PublishedKeys published = published(Stage.PRODUCTION);
  private final Regions regions = World.regions(publishing(Duration.ofHours(4)), london());
  private final TrustVerifier verifier = verifier(regions);

  @Test
  void believesAKeyThatItHasFetchedAtTheNamedAddressAlone() {
    List<String> asked = new ArrayList<>();
    PublishedKeys telling =
        new PublishedKeys(
            (url, anchors, limit, timeout) -> {
              asked.add(url + " " + anchors.size() + " " + limit);
              return answer;
            },
            Stage.PRODUCTION,
            clock);
    assertThat(verify(verifier(regions, telling), HWE_KEY)).isNull();
    assertThat(asked).containsExactly(URL + " 1 65536");
  }

  @Test
  void believesNothingBeforeItHasFetchedAnything() {
    answer = failed();
    assertThat(verify(HWE_KEY)).isEqualTo(Reason.TOKEN_KEY);
  }

  @Test
  void fetchesAtOnceAndThenEveryFiveMinutesInTheBackground() {
    look(1);
    assertThat(fetches).hasValue(1);
    clock.forward(Duration.ofSeconds(299));
    look(3);
    assertThat(fetches).hasValue(1);
    clock.forward(Duration.ofSeconds(1));
    look(3);
    assertThat(fetches).hasValue(2);
    assertThat(verify(HWE_KEY)).as("without another fetch").isNull();
    assertThat(fetches).hasValue(2);
  }

  @Test
  void fetchesAgainHalfAMinuteAfterAFailure() {
    answer = failed();
    look(3);
    clock.forward(Duration.ofSeconds(29));
    look(1);
    assertThat(fetches).hasValue(1);
    clock.forward(Duration.ofSeconds(1));
    look(1);
    assertThat(fetches).hasValue(2);
  }

  @Test
  void fetchesOnceForAKeyIdThatItDoesNotKnowAndThenNotForHalfAMinute() {
    look(1);
    answer = body(HWE_KEY, OTHER);
    assertThat(verify(OTHER)).as("a new key, seen at once").isNull();
    assertThat(fetches).hasValue(2);
    answer = body(HWE_KEY, OTHER, P384_KEY, World.ec("later", Curve.P_256));
    ECKey unknown = World.ec("unknown", Curve.P_256);
    assertThat(verify(unknown)).isEqualTo(Reason.TOKEN_KEY);
    clock.forward(Duration.ofSeconds(29));
    assertThat(verify(unknown)).isEqualTo(Reason.TOKEN_KEY);
    assertThat(fetches).hasValue(2);
    clock.forward(Duration.ofSeconds(1));
    assertThat(verify(unknown)).isEqualTo(Reason.TOKEN_KEY);
    assertThat(fetches).hasValue(3);
  }

  @Test
  void fetchesOnceWhileAThousandUnknownKeyIdsCome() throws Exception {
    look(1);
    CompletableFuture<Fetched> slow = new CompletableFuture<>();
    answer = slow;
    try (ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Reason>> refused = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        ECKey unknown = new ECKey.Builder(OTHER).keyID("unknown-" + i).build();
        refused.add(askers.submit(() -> verify(unknown)));
      }
      Future<Reason> known = askers.submit(() -> verify(HWE_KEY));
      assertThat(known.get()).as("known keys wait for nobody").isNull();
      slow.complete(fetched(HWE_KEY));
      for (Future<Reason> each : refused) {
        assertThat(each.get()).isEqualTo(Reason.TOKEN_KEY);
      }
    }
    assertThat(fetches).hasValue(2);
  }

  @Test
  void waitsNoLongerThanASecondOrSo() {
    look(1);
    answer = new CompletableFuture<>();
    long begun = System.nanoTime();
    assertThat(verify(OTHER)).isEqualTo(Reason.TOKEN_KEY);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    look(5);
    assertThat(fetches).as("one at a time").hasValue(2);
  }

  @Test
  void usesAnOldCopyWhileTheAddressFailsButNotForLongerThanDeclared() {
    TrustVerifier hour = verifier(World.regions(publishing(Duration.ofHours(1))));
    assertThat(verify(hour, HWE_KEY)).isNull();
    answer = failed();
    clock.forward(Duration.ofMinutes(60).minusSeconds(1));
    assertThat(verify(hour, HWE_KEY)).isNull();
    clock.forward(Duration.ofSeconds(1));
    assertThat(verify(hour, HWE_KEY)).isEqualTo(Reason.TOKEN_KEY);
    clock.forward(Duration.ofSeconds(30));
    answer = body(HWE_KEY);
    assertThat(verify(hour, HWE_KEY)).as("there again").isNull();
  }

  @Test
  void believesAKeyNoMoreThatIsPublishedNoMore() {
    look(1);
    answer = body(OTHER);
    clock.forward(Duration.ofMinutes(5));
    look(1);
    assertThat(verify(HWE_KEY)).isEqualTo(Reason.TOKEN_KEY);
    assertThat(verify(OTHER)).isNull();
  }

  @Test
  void believesNoKeyThatAFileHasRevokedOrHoldsForLater() {
    ECKey renamed = new ECKey.Builder(HWE_KEY).keyID("renamed").build();
    answer = body(HWE_KEY, renamed, OTHER);
    TrustVerifier strict =
        verifier(
            World.regions(
                publishing(
                    Duration.ofHours(4), keys(KeyUse.REVOKED, HWE_KEY), keys(KeyUse.NEXT, OTHER))));
    assertThat(verify(strict, HWE_KEY)).as("by kid").isEqualTo(Reason.TOKEN_KEY);
    assertThat(verify(strict, renamed)).as("by thumbprint").isEqualTo(Reason.TOKEN_KEY);
    assertThat(verify(strict, OTHER)).as("not yet").isEqualTo(Reason.TOKEN_KEY);
  }

  @Test
  void believesNothingWhereWhatIsRevokedCannotBeRead() {
    KeySet unreadable = new KeySet("revoked.jwks.json", "nothing", KeyUse.REVOKED);
    TrustVerifier strict = verifier(World.regions(publishing(Duration.ofHours(4), unreadable)));
    assertThat(verify(strict, HWE_KEY)).isEqualTo(Reason.TOKEN_KEY);
  }

  @Test
  void believesNoKeyOfAnotherRegion() {
    ECKey borrowed = new ECKey.Builder(LONDON_KEY).keyID("mine-now").build();
    answer = body(HWE_KEY, borrowed);
    assertThat(verify(borrowed)).isEqualTo(Reason.TOKEN_KEY);
    assertThat(verify(HWE_KEY)).isNull();
  }

  @Test
  void believesFilesBesideWhatIsPublished() {
    TrustVerifier both =
        verifier(World.regions(publishing(Duration.ofHours(4), keys(KeyUse.ACTIVE, OTHER))));
    assertThat(verify(both, OTHER)).isNull();
    assertThat(fetches).as("a file is enough").hasValue(0);
    assertThat(verify(both, HWE_KEY)).isNull();
  }

  static List<String> unfit() {
    String good = new JWKSet(HWE_KEY.toPublicJWK()).toString();
    return List.of(
        "is not strict JSON: ",
        "is not strict JSON: []",
        "is not strict JSON: " + good + good,
        "is not strict JSON: {\"keys\":[],\"keys\":[]}",
        "holds no keys: {}",
        "holds no keys: {\"keys\":[]}",
        "holds no keys: {\"keys\":[" + "{},".repeat(50) + "{}]}",
        "is not a JWK Set: {\"keys\":[{\"kty\":\"EC\"}]}",
        "holds a private key: " + new JWKSet(HWE_KEY).toString(false),
        "holds a key without `kid`: "
            + new JWKSet(new ECKey.Builder(HWE_KEY.toPublicJWK()).keyID(null).build()),
        "holds two keys of the same `kid`: "
            + new JWKSet(List.of(HWE_KEY.toPublicJWK(), World.ec("hwe-1", Curve.P_256))),
        "holds a key of development: "
            + new JWKSet(List.of(HWE_KEY.toPublicJWK(), World.ec("development-1", Curve.P_256))),
        "holds no key that fits `ES256`: " + new JWKSet(P384_KEY.toPublicJWK()));
  }

  @ParameterizedTest
  @MethodSource("unfit")
  void refusesASetWithAFaultWhole(String told) {
    String[] parts = told.split(": ", 2);
    answer = CompletableFuture.completedFuture(bytes(parts[1]));
    look(1);
    assertThat(verify(HWE_KEY)).isEqualTo(Reason.TOKEN_KEY);
    Standing standing = standing();
    assertThat(standing.failure().orElseThrow()).startsWith("what is published " + parts[0]);
    assertThat(standing.failure().orElseThrow()).doesNotContain(HWE_KEY.getD().toString());
    assertThat(standing.failures()).isPositive();
    assertThat(standing.age()).isEmpty();
  }

  @Test
  void leavesKeysOfOtherAlgorithmsAlone() {
    answer = body(P384_KEY, HWE_KEY, World.RSA_KEY);
    assertThat(verify(HWE_KEY)).isNull();
  }

  @Test
  void believesKeysOfDevelopmentInTheSandboxAlone() {
    ECKey development = World.ec("development-1", Curve.P_256);
    answer = body(development);
    assertThat(verify(development)).isEqualTo(Reason.TOKEN_KEY);
    assertThat(verify(verifier(regions, published(Stage.SANDBOX)), development)).isNull();
  }

  @Test
  void tellsHowItStands() {
    assertThat(published.standings()).isEmpty();
    look(1);
    clock.forward(Duration.ofMinutes(5));
    answer = failed();
    look(1);
    assertThat(standing())
        .isEqualTo(
            new Standing(ID, Optional.of(Duration.ofMinutes(5)), Optional.of("did not answer"), 1));
    answer = body(HWE_KEY);
    clock.forward(Duration.ofSeconds(30));
    look(1);
    assertThat(standing())
        .isEqualTo(new Standing(ID, Optional.of(Duration.ZERO), Optional.empty(), 1));
  }

  @Test
  void looksAfterNoRegionThatPublishesNothingOrIsSuspended() {
    look(1);
    published.look(World.regions(london()));
    assertThat(published.standings()).isEmpty();
    Region suspended = with(publishing(Duration.ofHours(4)), Region.Status.SUSPENDED);
    published.look(World.regions(suspended));
    assertThat(published.standings()).isEmpty();
    assertThat(fetches).hasValue(1);
  }

  private Standing standing() {
    assertThat(published.standings()).hasSize(1);
    return published.standings().getFirst();
  }

  private void look(int times) {
    for (int i = 0; i < times; i++) {
      published.look(regions);
    }
  }

  private PublishedKeys published(Stage stage) {
    return new PublishedKeys(
        (url, anchors, limit, timeout) -> {
          fetches.incrementAndGet();
          return answer;
        },
        stage,
        clock);
  }

  private TrustVerifier verifier(Regions known) {
    return verifier(known, published);
  }

  private TrustVerifier verifier(Regions known, PublishedKeys keys) {
    return new TrustVerifier(World.basis(() -> known, keys, clock, new ReplayCache(clock)));
  }

  private Reason verify(JWK key) {
    return verify(verifier, key);
  }

  /** Why the token is refused; null when it is not. */
  private Reason verify(TrustVerifier by, JWK key) {
    String token = token().at(clock.instant()).sign(key);
    return switch (by.verify(hwe(token))) {
      case Trusted _ -> null;
      case Untrusted untrusted -> untrusted.reason();
    };
  }

  private static CompletionStage<Fetched> body(JWK... keys) {
    return CompletableFuture.completedFuture(fetched(keys));
  }

  private static Fetched fetched(JWK... keys) {
    return bytes(new JWKSet(List.of(keys)).toString());
  }

  private static Fetched bytes(String text) {
    return new Fetched.Body(Slice.of(text));
  }

  private static CompletionStage<Fetched> failed() {
    return CompletableFuture.completedFuture(new Fetched.Failed("did not answer"));
  }

  private static Region publishing(Duration stale, KeySet... keys) {
    Region region = World.asking("hwe", HWE, Algorithm.ES256, HWE_CERTIFICATE, keys);
    Region.Asks asks = region.asks().orElseThrow();
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        region.status(),
        region.publicText(),
        Optional.of(
            new Region.Asks(
                asks.issuer(),
                asks.algorithm(),
                asks.keys(),
                Optional.of(new Published(URL, List.of(HWE_CERTIFICATE), stale)),
                asks.certificates(),
                asks.revocation(),
                asks.timings())),
        region.answers());
  }

  private static Region with(Region region, Region.Status status) {
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        status,
        region.publicText(),
        region.asks(),
        region.answers());
  }

  private static Region london() {
    return World.asking(
        "london",
        World.LONDON,
        Algorithm.ES256,
        World.LONDON_CERTIFICATE,
        keys(KeyUse.ACTIVE, LONDON_KEY));
  }
}
