package dev.ermine.peer;

import static dev.ermine.peer.Asking.PKI;
import static dev.ermine.peer.Asking.answering;
import static dev.ermine.peer.Asking.answers;
import static dev.ermine.peer.Asking.evil;
import static dev.ermine.peer.Asking.isLookup;
import static dev.ermine.peer.Asking.missed;
import static dev.ermine.peer.Asking.ok;
import static dev.ermine.peer.Asking.patient;
import static dev.ermine.peer.Asking.search;
import static dev.ermine.peer.Asking.searchset;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.SignedJWT;
import dev.ermine.federation.Deadline;
import dev.ermine.merge.PeerAnswer;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Token.Endpoint;
import dev.ermine.region.Region.Token.TokenUse;
import dev.ermine.testing.EvilPeer;
import dev.ermine.testing.EvilPeer.Request;
import dev.ermine.testing.Responders;
import dev.ermine.trace.Spans;
import dev.ermine.trust.GatewayIdentity;
import dev.ermine.trust.GatewayKeys;
import dev.ermine.trust.GrantedTokens;
import dev.ermine.trust.KeyUses;
import dev.ermine.trust.PeerTokens;
import dev.ermine.trust.Thumbprints;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A region that is asked with tokens of its own token endpoint. */
class TokenEndpointTest {

  private static final Duration ROOM = Duration.ofSeconds(8);

  @TempDir Path directory;

  private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2));
  private final AtomicReference<GatewayIdentity> inForce =
      new AtomicReference<>(PKI.issue("gateway.example").gateway());
  private final AtomicInteger granted = new AtomicInteger();
  private VertxPeer peer;

  @BeforeEach
  void open() throws Exception {
    Path file = directory.resolve("signing.jwks.json");
    JWKSet set = new JWKSet(new ECKeyGenerator(Curve.P_256).keyID("ours").generate());
    Files.writeString(file, set.toString(false));
    GatewayKeys keys = GatewayKeys.read(file);
    InstantSource clock = InstantSource.system();
    PeerTokens signed = new PeerTokens(() -> keys, "https://gateway.example", new KeyUses(), clock);
    ControlClient control = new ControlClient(vertx, inForce::get, Responders.silent(clock));
    GrantedTokens<Miss> tokens =
        new GrantedTokens<>(signed, new TokenEndpoints(control, clock), clock);
    peer =
        new VertxPeer(
            vertx,
            inForce::get,
            new RegionCredentials(signed, tokens),
            Spans.ofThisProcess(),
            Responders.silent(clock),
            clock);
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void exchangesAnAssertionForATokenAndShowsIt() throws Exception {
    try (EvilPeer endpoint = answering(this::grant);
        EvilPeer record = record()) {
      assertThat(ask(record, endpoint, TokenUse.QUERY, ROOM))
          .isInstanceOf(PeerAnswer.Answered.class);
      assertThat(bearers(record)).containsExactly("token-1", "token-1");
      Request asked = endpoint.requests().getFirst();
      assertThat(asked.line()).isEqualTo("POST /fhir/token HTTP/1.1");
      assertThat(form(asked))
          .containsEntry("grant_type", "client_credentials")
          .containsEntry("scope", "system/Patient.rs system/Condition.rs")
          .containsEntry(
              "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
      SignedJWT assertion = SignedJWT.parse(form(asked).get("client_assertion"));
      assertThat(assertion.getJWTClaimsSet().getSubject()).isEqualTo("ermine-test-client");
      assertThat(assertion.getJWTClaimsSet().getJSONObjectClaim("cnf"))
          .isEqualTo(Map.of("x5t#S256", Thumbprints.x5tS256(inForce.get().certificate())));
    }
  }

  @Test
  void asksTheEndpointOnceForQuestionsOfOneContextThatComeTogether() throws Exception {
    try (EvilPeer endpoint = answering(this::grant);
        EvilPeer record = record()) {
      List<CompletableFuture<PeerAnswer>> answers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        answers.add(begin(record, endpoint, TokenUse.CONTEXT, ROOM));
      }
      for (CompletableFuture<PeerAnswer> answer : answers) {
        assertThat(answer.get(20, TimeUnit.SECONDS)).isInstanceOf(PeerAnswer.Answered.class);
      }
      assertThat(endpoint.requests()).hasSize(1);
      inForce.set(PKI.issue("gateway.example").gateway());
      assertThat(ask(record, endpoint, TokenUse.CONTEXT, ROOM))
          .isInstanceOf(PeerAnswer.Answered.class);
      assertThat(endpoint.requests()).as("a new identity asks for a new token").hasSize(2);
      assertThat(bearers(record)).endsWith("token-2", "token-2");
    }
  }

  @Test
  void asksForAnotherTokenOnceTheRecordHasRefusedOne() throws Exception {
    try (EvilPeer endpoint = answering(this::grant);
        EvilPeer record =
            answering(
                request ->
                    request.header("Authorization").endsWith("token-1")
                        ? status("401 Unauthorized", "")
                        : known(request))) {
      assertThat(ask(record, endpoint, TokenUse.CONTEXT, ROOM))
          .isEqualTo(missed(new Miss.Refused()));
      assertThat(ask(record, endpoint, TokenUse.CONTEXT, ROOM))
          .isInstanceOf(PeerAnswer.Answered.class);
      assertThat(endpoint.requests()).hasSize(2);
    }
  }

  @Test
  void endsWithTheEndpointsTimeWhileOtherRegionsAnswer() throws Exception {
    try (EvilPeer silent = silent();
        EvilPeer endpoint = answering(this::grant);
        EvilPeer record = record()) {
      CompletableFuture<PeerAnswer> stuck =
          begin(record, silent, TokenUse.QUERY, Duration.ofMillis(600));
      assertThat(ask(record, endpoint, TokenUse.QUERY, ROOM))
          .isInstanceOf(PeerAnswer.Answered.class);
      assertThat(stuck.get(20, TimeUnit.SECONDS)).isEqualTo(missed(new Miss.TimedOut()));
      assertThat(silent.lines().getFirst().isLeftWithin(10)).isTrue();
      assertThat(bearers(record)).containsOnly("token-1");
    }
  }

  @Test
  void endsWithTheQuestionsTimeWhereTheEndpointHasMore() throws Exception {
    try (EvilPeer silent = silent();
        EvilPeer record = record()) {
      long begun = System.nanoTime();
      Region region = region(record, silent, TokenUse.QUERY, ROOM);
      assertThat(
              peer.ask(search(region.answers().orElseThrow()), Deadline.in(Duration.ofMillis(500)))
                  .toCompletableFuture()
                  .get(20, TimeUnit.SECONDS))
          .isEqualTo(missed(new Miss.TimedOut()));
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(6));
      assertThat(record.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 Unauthorized|{\"error\":\"invalid_client\"}|refused",
        "400 Bad Request|{\"error\":\"invalid_client\"}|refused",
        "400 Bad Request|{\"error\":\"unauthorized_client\"}|refused",
        "400 Bad Request|{\"error\":\"invalid_scope\"}|refused",
        "403 Forbidden||refused",
        "400 Bad Request|{\"error\":\"invalid_request\"}|failing",
        "400 Bad Request|<html>|failing",
        "302 Found||failing",
        "500 Internal Server Error||failing",
        "503 Service Unavailable||failing",
        "429 Too Many Requests||throttled",
        "200 OK||failing",
        "200 OK|{\"access_token\":\"a b\",\"token_type\":\"Bearer\"}|failing",
        "200 OK|{\"access_token\":\"ab\",\"token_type\":\"mac\"}|failing",
      })
  void saysInOurWordsWhyThereIsNoToken(String status, String body, String account)
      throws Exception {
    String json = body == null ? "" : body;
    try (EvilPeer endpoint = answering(request -> status(status, json));
        EvilPeer record = record()) {
      PeerAnswer answer = ask(record, endpoint, TokenUse.QUERY, ROOM);
      assertThat(answer)
          .isInstanceOfSatisfying(
              PeerAnswer.Missed.class,
              missed ->
                  assertThat(dev.ermine.merge.Status.of(missed.miss()).code()).isEqualTo(account));
      assertThat(answer.toString()).doesNotContain("invalid_", "html");
      assertThat(record.lines()).isEmpty();
    }
  }

  @Test
  void tellsAnEndpointThatIsNotThere() throws Exception {
    EvilPeer gone = answering(this::grant);
    gone.close();
    try (EvilPeer record = record()) {
      assertThat(ask(record, gone, TokenUse.QUERY, ROOM))
          .isEqualTo(missed(new Miss.Unreachable("no connection")));
    }
  }

  private PeerAnswer ask(EvilPeer record, EvilPeer endpoint, TokenUse use, Duration timeout)
      throws Exception {
    return begin(record, endpoint, use, timeout).get(20, TimeUnit.SECONDS);
  }

  private CompletableFuture<PeerAnswer> begin(
      EvilPeer record, EvilPeer endpoint, TokenUse use, Duration timeout) {
    Region region = region(record, endpoint, use, timeout);
    return peer.ask(search(region.answers().orElseThrow(), "Condition"), Deadline.in(ROOM))
        .toCompletableFuture();
  }

  private static Region region(EvilPeer record, EvilPeer endpoint, TokenUse use, Duration timeout) {
    Region.Answers a = answers(record.base());
    Region.Answers demanding =
        new Region.Answers(
            a.base(),
            a.documents(),
            a.anchors(),
            a.revocation(),
            new Region.Token(
                a.token().audience(),
                a.token().algorithm(),
                use,
                Optional.of(
                    new Endpoint(
                        URI.create(endpoint.base() + "/token"),
                        "ermine-test-client",
                        List.of("system/Patient.rs", "system/Condition.rs"),
                        List.of(PKI.anchor()),
                        timeout))),
            a.lookup(),
            a.search(),
            a.read(),
            a.budget(),
            a.limits(),
            a.types());
    return search(demanding).region();
  }

  private String grant(Request request) {
    return status(
        "200 OK",
        "{\"access_token\":\"token-%d\",\"token_type\":\"bearer\",\"expires_in\":300}"
            .formatted(granted.incrementAndGet()));
  }

  private static EvilPeer silent() {
    return evil(
        line -> {
          line.next();
          line.awaitClose();
        });
  }

  private static EvilPeer record() {
    return answering((Function<Request, String>) TokenEndpointTest::known);
  }

  private static String known(Request request) {
    return ok(isLookup(request) ? searchset(patient("p1")) : searchset());
  }

  private static List<String> bearers(EvilPeer record) {
    return record.requests().stream()
        .map(request -> request.header("Authorization").substring("Bearer ".length()))
        .toList();
  }

  private static Map<String, String> form(Request request) {
    return Stream.of(request.body().split("&"))
        .map(field -> field.split("=", 2))
        .collect(
            Collectors.toMap(
                field -> field[0], field -> URLDecoder.decode(field[1], StandardCharsets.UTF_8)));
  }

  private static String status(String status, String body) {
    return "HTTP/1.1 "
        + status
        + "\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
