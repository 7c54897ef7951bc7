package dev.ermine.trust;

import static dev.ermine.trust.World.GATEWAY;
import static dev.ermine.trust.World.HWE_KEY;
import static dev.ermine.trust.World.NOW;
import static dev.ermine.trust.World.answering;
import static dev.ermine.trust.World.hwe;
import static dev.ermine.trust.World.regions;
import static dev.ermine.trust.World.token;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.Token.Endpoint;
import dev.ermine.region.Region.Token.TokenUse;
import dev.ermine.testing.Given;
import dev.ermine.trust.Granting.Denied;
import dev.ermine.trust.Granting.Granted;
import dev.ermine.trust.Trust.Trusted;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Access tokens from a region's own token endpoint. */
class GrantedTokensTest {

  private static final Duration LEFT = Duration.ofMillis(1200);

  private static final NhsNumber PATIENT = new NhsNumber("9000000009");
  private static final X509Certificate OURS = TestCertificates.certificate().make();
  private static final ECKey KEY = World.ec("ours", Curve.P_256);
  private static final Duration LIFE = Duration.ofMinutes(5);

  @TempDir Path directory;

  /** The exchanges begun, in order. */
  private record Begun(
      Endpoint endpoint, String assertion, CompletableFuture<Granting<String>> grant) {}

  private final World.Clock clock = new World.Clock();
  private final Queue<Begun> begun = new ConcurrentLinkedQueue<>();
  private GrantedTokens<String> tokens;

  @BeforeEach
  void open() throws Exception {
    Path file = directory.resolve("signing.jwks.json");
    Files.writeString(file, new JWKSet(KEY).toString(false));
    GatewayKeys keys = GatewayKeys.read(file);
    PeerTokens signed = new PeerTokens(() -> keys, "https://gateway.example", new KeyUses(), clock);
    tokens =
        new GrantedTokens<>(
            signed,
            (endpoint, assertion) -> {
              Begun exchange = new Begun(endpoint, assertion, new CompletableFuture<>());
              begun.add(exchange);
              return exchange.grant();
            },
            clock);
  }

  @Test
  void showsAClientAssertionThatSaysOnWhoseBehalfItIsAsked() throws Exception {
    begin(TokenUse.QUERY);
    SignedJWT assertion = SignedJWT.parse(begun.element().assertion());
    assertThat(assertion.verify(new ECDSAVerifier(KEY))).isTrue();
    JWTClaimsSet claims = assertion.getJWTClaimsSet();
    assertThat(claims.getIssuer()).isEqualTo("ermine-at-london");
    assertThat(claims.getSubject()).isEqualTo("ermine-at-london");
    assertThat(claims.getAudience()).containsExactly("https://record.london.example.nhs.uk/fhir");
    assertThat(claims.getIssueTime().toInstant()).isEqualTo(NOW);
    assertThat(claims.getExpirationTime().toInstant()).isEqualTo(NOW.plusSeconds(60));
    assertThat(claims.getJWTID()).isNotBlank();
    assertThat(claims.getClaim("cnf")).isEqualTo(Map.of("x5t#S256", Thumbprints.x5tS256(OURS)));
    assertThat(claims.getClaims())
        .containsKeys(
            "act", "hops", "purpose_of_use", "patient", "requesting_organization", "subject_role");
    assertThat(claims.getJSONObjectClaim("requesting_practitioner")).containsEntry("id", "10019");
    assertThat(claims.getClaims()).doesNotContainKeys("originator", "time_left");
  }

  @Test
  void tellsAGatewayWhereTheQuestionBeganAndHowLongThereIs() throws Exception {
    Region gateway = Given.gateway(london(TokenUse.QUERY), "ermine-london");
    var _ = tokens.forQuestion(requester("10019"), gateway, GATEWAY, PATIENT, OURS, () -> LEFT);
    JWTClaimsSet claims = SignedJWT.parse(begun.element().assertion()).getJWTClaimsSet();
    assertThat(claims.getClaim("originator")).isEqualTo(World.HWE);
    assertThat(claims.getClaim("time_left")).isEqualTo(1200L);
  }

  @Test
  void asksForEachQuestionAnewWhereTheRegionSaysQuery() {
    assertThat(ask(TokenUse.QUERY)).isNotDone();
    begin(TokenUse.QUERY);
    assertThat(begun).hasSize(2).extracting(Begun::assertion).doesNotHaveDuplicates();
  }

  @Test
  void asksOnceForFiftyWhoComeAtOnce() throws Exception {
    CountDownLatch together = new CountDownLatch(50);
    List<Future<Granting<String>>> answers = new ArrayList<>();
    try (ExecutorService askers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        answers.add(
            askers.submit(
                () -> {
                  together.countDown();
                  together.await();
                  CompletableFuture<Granting<String>> mine = ask(TokenUse.CONTEXT);
                  grantAll();
                  return mine.get(20, TimeUnit.SECONDS);
                }));
      }
      for (Future<Granting<String>> answer : answers) {
        assertThat(answer.get()).isEqualTo(granted("token-0", LIFE));
      }
    }
    assertThat(begun).hasSize(1);
  }

  @Test
  void sharesNoTokenBetweenCertificatesPatientsOrUsers() {
    begin(TokenUse.CONTEXT);
    tokens.forQuestion(
        requester("10019"),
        london(TokenUse.CONTEXT),
        GATEWAY,
        new NhsNumber("9000000017"),
        OURS,
        () -> LEFT);
    tokens.forQuestion(
        requester("10019"),
        london(TokenUse.CONTEXT),
        GATEWAY,
        PATIENT,
        TestCertificates.certificate().make(),
        () -> LEFT);
    tokens.forQuestion(
        requester("10020"), london(TokenUse.CONTEXT), GATEWAY, PATIENT, OURS, () -> LEFT);
    assertThat(begun).hasSize(4);
  }

  @Test
  void asksAheadWhenAQuarterOfItsLifeIsLeftAndShowsTheOldOneMeanwhile() {
    begin(TokenUse.CONTEXT);
    grantAll();
    clock.forward(Duration.ofSeconds(225));
    assertThat(ask(TokenUse.CONTEXT)).isCompletedWithValue(granted("token-0", LIFE));
    assertThat(begun).hasSize(1);
    clock.forward(Duration.ofSeconds(1));
    for (int i = 0; i < 10; i++) {
      assertThat(ask(TokenUse.CONTEXT)).isCompletedWithValue(granted("token-0", LIFE));
    }
    assertThat(begun).as("one for its successor").hasSize(2);
    grantAll();
    assertThat(ask(TokenUse.CONTEXT)).isCompletedWithValue(granted("token-1", LIFE));
    assertThat(begun).hasSize(2);
  }

  @Test
  void countsItsLifeFromWhenItWasAskedFor() {
    begin(TokenUse.CONTEXT);
    clock.forward(Duration.ofSeconds(2));
    grantAll();
    clock.forward(Duration.ofSeconds(292));
    assertThat(ask(TokenUse.CONTEXT)).as("six seconds are left").isDone();
    clock.forward(Duration.ofSeconds(1));
    assertThat(ask(TokenUse.CONTEXT)).as("five seconds are too few").isNotDone();
  }

  @Test
  void showsTheOldOneWhileItsSuccessorIsDenied() {
    begin(TokenUse.CONTEXT);
    grantAll();
    clock.forward(Duration.ofSeconds(280));
    begin(TokenUse.CONTEXT);
    begun.forEach(each -> each.grant().complete(new Denied<>("down")));
    assertThat(ask(TokenUse.CONTEXT)).isCompletedWithValue(granted("token-0", LIFE));
    clock.forward(Duration.ofSeconds(16));
    CompletableFuture<Granting<String>> late = ask(TokenUse.CONTEXT);
    begun.forEach(each -> each.grant().complete(new Denied<>("down")));
    assertThat(late).isCompletedWithValue(new Denied<>("down"));
  }

  @Test
  void remembersNoDenial() {
    CompletableFuture<Granting<String>> first = ask(TokenUse.CONTEXT);
    begun.element().grant().complete(new Denied<>("down"));
    assertThat(first).isCompletedWithValue(new Denied<>("down"));
    CompletableFuture<Granting<String>> second = ask(TokenUse.CONTEXT);
    grantAll();
    assertThat(second).isCompletedWithValue(granted("token-1", LIFE));
  }

  @Test
  void asksAnewOnceTheRecordHasRefusedATokenAndOnlyOnce() {
    begin(TokenUse.CONTEXT);
    grantAll();
    refuse("token-0");
    begin(TokenUse.CONTEXT);
    grantAll();
    assertThat(begun).hasSize(2);
    refuse("token-0");
    assertThat(ask(TokenUse.CONTEXT))
        .as("its successor was not refused")
        .isCompletedWithValue(granted("token-1", LIFE));
  }

  @Test
  void endsNobodysExchangeWhereOneWhoWaitsHasGone() {
    CompletableFuture<Granting<String>> gone = ask(TokenUse.CONTEXT);
    CompletableFuture<Granting<String>> stays = ask(TokenUse.CONTEXT);
    gone.cancel(true);
    grantAll();
    assertThat(stays).isCompletedWithValue(granted("token-0", LIFE));
  }

  @Test
  void tellsADefectToWhoeverWaitsAndTriesAgain() {
    CompletableFuture<Granting<String>> first = ask(TokenUse.CONTEXT);
    begun.element().grant().completeExceptionally(new IllegalStateException("defect"));
    assertThat(first).isCompletedExceptionally();
    begin(TokenUse.CONTEXT);
    assertThat(begun).hasSize(2);
  }

  private void begin(TokenUse use) {
    var _ = ask(use);
  }

  private CompletableFuture<Granting<String>> ask(TokenUse use) {
    return tokens
        .forQuestion(requester("10019"), london(use), GATEWAY, PATIENT, OURS, () -> LEFT)
        .toCompletableFuture();
  }

  private void refuse(String text) {
    tokens.refused(
        requester("10019"),
        london(TokenUse.CONTEXT),
        GATEWAY,
        PATIENT,
        OURS,
        new GrantedToken(text, LIFE));
  }

  private void grantAll() {
    int number = 0;
    for (Begun each : begun) {
      each.grant().complete(granted("token-" + number++, LIFE));
    }
  }

  private static Granting<String> granted(String text, Duration life) {
    return new Granted<>(new GrantedToken(text, life));
  }

  private static Requester requester(String subject) {
    String inbound =
        token()
            .with("sub", subject)
            .without("patient")
            .without("requesting_practitioner")
            .sign(HWE_KEY);
    return ((Trusted) World.verifier(regions()).verify(hwe(inbound))).requester();
  }

  private static Region london(TokenUse use) {
    Region region = answering("london", Algorithm.ES256, use);
    Region.Answers answers = region.answers().orElseThrow();
    Endpoint endpoint =
        new Endpoint(
            URI.create("https://auth.london.example.nhs.uk/token"),
            "ermine-at-london",
            List.of("system/*.rs"),
            List.of(),
            Duration.ofSeconds(1));
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        region.status(),
        region.publicText(),
        region.asks(),
        Optional.of(
            new Region.Answers(
                answers.base(),
                answers.documents(),
                answers.anchors(),
                answers.revocation(),
                new Region.Token(
                    answers.token().audience(),
                    answers.token().algorithm(),
                    use,
                    Optional.of(endpoint)),
                answers.lookup(),
                answers.search(),
                answers.read(),
                answers.budget(),
                answers.limits(),
                answers.types())));
  }
}
