package dev.ermine.trust;

import static dev.ermine.trust.World.AUDIENCE;
import static dev.ermine.trust.World.ED_KEY;
import static dev.ermine.trust.World.GATEWAY;
import static dev.ermine.trust.World.HWE_KEY;
import static dev.ermine.trust.World.NOW;
import static dev.ermine.trust.World.P384_KEY;
import static dev.ermine.trust.World.RSA_KEY;
import static dev.ermine.trust.World.answering;
import static dev.ermine.trust.World.asking;
import static dev.ermine.trust.World.hwe;
import static dev.ermine.trust.World.regions;
import static dev.ermine.trust.World.token;
import static dev.ermine.trust.World.verifier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.AsymmetricJWK;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.KeySet;
import dev.ermine.region.Region.KeySet.KeyUse;
import dev.ermine.region.Region.Token.TokenUse;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.testing.EdwardsKeys;
import dev.ermine.testing.Responders;
import dev.ermine.testing.TestTokens;
import dev.ermine.trust.Trust.Reason;
import dev.ermine.trust.Trust.Trusted;
import dev.ermine.trust.Trust.Untrusted;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerTokensTest {

  private static final Duration LEFT = Duration.ofMillis(1200);

  private static final String BASE = "https://gateway.example";
  private static final X509Certificate OURS = TestCertificates.certificate().make();
  private static final NhsNumber PATIENT = new NhsNumber("9000000009");

  @TempDir Path directory;

  private final World.Clock clock = new World.Clock();
  private final KeyUses uses = new KeyUses();
  private GatewayKeys keys;
  private PeerTokens tokens;

  @BeforeEach
  void readKeys() throws Exception {
    Path file = directory.resolve("signing.jwks.json");
    JWKSet set = new JWKSet(List.of(World.ec("ours-256", Curve.P_256), P384_KEY, RSA_KEY, ED_KEY));
    Files.writeString(file, set.toString(false));
    keys = GatewayKeys.read(file);
    tokens = new PeerTokens(() -> keys, BASE, uses, clock);
  }

  @Test
  void saysWhoAsksOnWhoseBehalfAndNothingElse() throws Exception {
    Region london = answering("london", Algorithm.ES256, TokenUse.QUERY);
    Requester requester = handedOn();

    JWTClaimsSet claims =
        verified(tokens.tokenFor(requester, london, GATEWAY, PATIENT, OURS, () -> LEFT));

    assertThat(claims.getJWTID()).hasSizeBetween(8, 128);
    assertThat(claims.getClaims().keySet())
        .containsExactlyInAnyOrder(
            "iss",
            "sub",
            "aud",
            "iat",
            "exp",
            "jti",
            "cnf",
            "act",
            "hops",
            "purpose_of_use",
            "reason_for_request",
            "subject_role",
            "legitimate_relationship",
            "patient",
            "requesting_organization",
            "requesting_practitioner");
    assertThat(claims.getIssuer()).isEqualTo(BASE);
    assertThat(claims.getSubject()).isEqualTo("10019");
    assertThat(claims.getAudience()).containsExactly("https://record.london.example.nhs.uk/fhir");
    assertThat(claims.getIssueTime().toInstant()).isEqualTo(NOW);
    assertThat(claims.getExpirationTime().toInstant()).isEqualTo(NOW.plusSeconds(300));
    assertThat(claims.getClaim("cnf")).isEqualTo(Map.of("x5t#S256", Thumbprints.x5tS256(OURS)));
    assertThat(claims.getClaim("act"))
        .isEqualTo(Map.of("sub", "ermine-east", "iss", BASE, "organization", "QM7"));
    assertThat(claims.getClaim("hops")).isEqualTo(List.of("ermine-west", "ermine-east"));
    assertThat(claims.getClaim("purpose_of_use")).isEqualTo(List.of("TREAT"));
    assertThat(claims.getClaim("patient")).isEqualTo(TestTokens.patient("9000000009"));
    assertThat(claims.getClaim("requesting_organization"))
        .isEqualTo(TestTokens.organisation("RQW", "Princess Alexandra Hospital"));
    assertThat(claims.getClaim("requesting_practitioner"))
        .isEqualTo(TestTokens.practitioner("10019"));
    assertThat(claims.getClaim("legitimate_relationship"))
        .isEqualTo(Map.of("basis", "encounter", "reason", "attending A&E at RQW"));
  }

  @Test
  void saysHowTheUserProvedWhoTheyAreWhereTheGlassIsBroken() throws Exception {
    UnaryOperator<TestTokens> proven =
        t -> t.with("acr", "AAL3_ANY").with("auth_time", NOW.getEpochSecond());
    JWTClaimsSet broken =
        claims(
            requester(t -> proven.apply(t).with("purpose_of_use", List.of("BTG"))), TokenUse.QUERY);

    assertThat(broken.getClaim("acr")).isEqualTo("AAL3_ANY");
    assertThat(broken.getClaim("auth_time")).isEqualTo(NOW.getEpochSecond());
    assertThat(claims(requester(proven), TokenUse.QUERY).getClaims())
        .doesNotContainKeys("acr", "auth_time");
  }

  @Test
  void namesThePatientByNumberAloneWhereTheAskerGaveNoDemographics() throws Exception {
    Requester requester = requester(t -> t.without("patient"));
    assertThat(claims(requester, TokenUse.QUERY).getClaim("patient"))
        .isEqualTo(Map.of("identifier", "9000000009"));
  }

  @Test
  void asksForNobodyButThePatientOfTheToken() {
    Region london = answering("london", Algorithm.ES256, TokenUse.QUERY);
    Requester requester = requester(t -> t);
    NhsNumber other = new NhsNumber("9000000017");
    assertThatThrownBy(() -> tokens.tokenFor(requester, london, GATEWAY, other, OURS, () -> LEFT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContainingAny("9000000017", "9000000009");
  }

  @Test
  void namesTheUserThatUdapNamed() throws Exception {
    Requester requester =
        requester(
            t ->
                t.without("requesting_practitioner")
                    .with(
                        "extensions",
                        Map.of(
                            "hl7-b2b",
                            Map.of(
                                "version",
                                "1",
                                "subject_name",
                                "Dr Claire Jones",
                                "subject_id",
                                "https://fhir.nhs.uk/Id/sds-user-id|111222333444"))));
    assertThat(claims(requester, TokenUse.QUERY).getClaim("requesting_practitioner"))
        .isEqualTo(
            Map.of(
                "resourceType",
                "Practitioner",
                "id",
                "10019",
                "identifier",
                List.of(
                    Map.of(
                        "system", "https://fhir.nhs.uk/Id/sds-user-id", "value", "111222333444")),
                "name",
                List.of(Map.of("text", "Dr Claire Jones"))));
  }

  @Test
  void signsWithTheAlgorithmThatTheRegionDemands() throws Exception {
    for (Algorithm algorithm : Algorithm.values()) {
      Region region = answering("london", algorithm, TokenUse.QUERY);
      String token = tokens.tokenFor(requester(t -> t), region, GATEWAY, PATIENT, OURS, () -> LEFT);
      verified(token);
      assertThat(SignedJWT.parse(token).getHeader().toJSONObject())
          .containsOnlyKeys("alg", "typ", "kid")
          .containsEntry("alg", algorithm.code())
          .containsEntry("typ", "JWT");
    }
  }

  @Test
  void tellsOfARegionWhoseAlgorithmNoKeyServes() throws Exception {
    Path file = Files.writeString(directory.resolve("one.json"), set(P384_KEY));
    GatewayKeys few = GatewayKeys.read(file);
    PeerTokens poor = new PeerTokens(() -> few, BASE, uses, clock);
    Region london = answering("london", Algorithm.ES256, TokenUse.QUERY);
    Region wessex = answering("wessex", Algorithm.ES384, TokenUse.QUERY);
    String fault =
        "regions.london.answers.token.algorithm: no key in `%s` signs with `ES256`; add one"
            .formatted(file);
    assertThat(few.faults(regions(london, wessex))).containsExactly(fault);
    assertThatThrownBy(
            () -> poor.tokenFor(requester(t -> t), london, GATEWAY, PATIENT, OURS, () -> LEFT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(fault);
  }

  @Test
  void tellsAGatewayWhereTheQuestionBeganAndHowLongThereIsNow() throws Exception {
    AtomicReference<Duration> left = new AtomicReference<>(Duration.ofNanos(1_499_999_999));
    Region north = World.gateway("north", TokenUse.REQUEST);
    Supplier<String> source = tokens.forQuery(handedOn(), north, GATEWAY, PATIENT, OURS, left::get);
    JWTClaimsSet first = verified(source.get());
    left.set(Duration.ofMillis(700));
    JWTClaimsSet second = verified(source.get());
    left.set(Duration.ZERO);
    JWTClaimsSet last = verified(source.get());

    assertThat(first.getClaim("originator")).isEqualTo(World.WESSEX);
    assertThat(first.getClaim("hops")).isEqualTo(List.of("ermine-west", "ermine-east"));
    assertThat(first.getClaim("time_left")).isEqualTo(1499L);
    assertThat(second.getClaim("time_left")).isEqualTo(700L);
    assertThat(last.getClaim("time_left")).isEqualTo(1L);
  }

  @Test
  void tellsAGatewayThatTheAskersOwnRegionIsWhereTheQuestionBegan() throws Exception {
    Region north = World.gateway("north", TokenUse.REQUEST);
    JWTClaimsSet claims =
        verified(tokens.tokenFor(requester(t -> t), north, GATEWAY, PATIENT, OURS, () -> LEFT));
    assertThat(claims.getClaim("originator")).isEqualTo(World.HWE);
    assertThat(claims.getClaim("hops")).isEqualTo(List.of("ermine-east"));
    assertThat(claims.getJSONObjectClaim("act")).containsEntry("sub", "ermine-east");
  }

  @Test
  void isTrustedByAPeerThatRunsErmineAndRefusedWhenItComesBack() {
    Region london = World.gateway("london", TokenUse.REQUEST);
    Credentials ours =
        new Credentials(
            List.of(OURS),
            Optional.of(
                tokens.tokenFor(requester(t -> t), london, GATEWAY, PATIENT, OURS, () -> LEFT)));
    assertThat(londonsVerifier("ermine-london").verify(ours))
        .isInstanceOfSatisfying(
            Trusted.class,
            trusted -> {
              assertThat(trusted.requester().organisation().ods()).isEqualTo("RQW");
              assertThat(trusted.requester().hops()).containsExactly("ermine-east");
              assertThat(trusted.requester().region()).isEqualTo(new RegionId("hwe"));
              assertThat(trusted.requester().issuer()).isEqualTo(World.HWE);
              assertThat(trusted.requester().forwarder()).contains(new RegionId("east"));
              assertThat(trusted.requester().timeLeft()).contains(LEFT);
            });
    assertThat(londonsVerifier("ermine-east").verify(ours))
        .isInstanceOfSatisfying(
            Untrusted.class, untrusted -> assertThat(untrusted.reason()).isEqualTo(Reason.LOOP));
  }

  @Test
  void carriesNothingOfTheTokenThatItWasAskedWith() {
    String inbound = token().with("jti", "inbound-canary").sign(HWE_KEY);
    Requester requester = trusted(inbound);
    String outbound =
        tokens.tokenFor(
            requester,
            answering("london", Algorithm.ES256, TokenUse.QUERY),
            GATEWAY,
            PATIENT,
            OURS,
            () -> LEFT);
    for (String part : inbound.split("\\.", -1)) {
      assertThat(outbound).doesNotContain(part);
    }
    assertThat(
            new String(
                Base64.getUrlDecoder().decode(outbound.split("\\.", -1)[1]),
                StandardCharsets.UTF_8))
        .doesNotContain("inbound-canary", requester.certificate(), AUDIENCE);
  }

  @Test
  void givesEachExchangeATokenOfItsOwnWhereTheRegionSaysRequest() {
    Supplier<String> source = source(TokenUse.REQUEST);
    assertThat(source.get()).isNotEqualTo(source.get());
  }

  @Test
  void givesAllExchangesOfAQueryOneTokenWhereTheRegionSaysQuery() {
    Supplier<String> source = source(TokenUse.QUERY);
    assertThat(source.get()).isEqualTo(source.get()).isNotEqualTo(source(TokenUse.QUERY).get());
  }

  @Test
  void givesQueriesOfOneContextOneTokenWhereTheRegionSaysContext() {
    assertThat(source(TokenUse.CONTEXT).get()).isEqualTo(source(TokenUse.CONTEXT).get());
  }

  @Test
  void givesNoTokenThatHasLessThanAMinuteToLive() throws Exception {
    Supplier<String> source = source(TokenUse.CONTEXT);
    String first = source.get();
    clock.forward(Duration.ofSeconds(239));
    assertThat(source.get()).isEqualTo(first);
    clock.forward(Duration.ofSeconds(1));
    assertThat(source.get()).isNotEqualTo(first);
    assertThat(verified(source.get()).getIssueTime().toInstant()).isEqualTo(clock.instant());
  }

  @Test
  void sharesNoTokenBetweenContextsThatDifferInAnything() {
    Set<String> different = new HashSet<>();
    List<UnaryOperator<TestTokens>> contexts =
        List.of(
            t -> t,
            t -> t.with("sub", "10020").without("requesting_practitioner"),
            t -> t.without("requesting_practitioner"),
            t -> t.with("purpose_of_use", List.of("ETREAT")),
            t -> t.with("reason_for_request", "migration"),
            t -> t.without("subject_role"),
            t -> t.without("legitimate_relationship"),
            t -> t.with("legitimate_relationship", Map.of("basis", "referral")),
            t -> t.with("requesting_organization", TestTokens.organisation("RJ6", "Croydon")),
            t -> t.without("patient"));
    List<Requester> requesters =
        Stream.concat(contexts.stream().map(PeerTokensTest::requester), Stream.of(handedOn()))
            .toList();
    for (Requester requester : requesters) {
      different.add(
          tokens.tokenFor(
              requester,
              answering("london", Algorithm.ES256, TokenUse.CONTEXT),
              GATEWAY,
              PATIENT,
              OURS,
              () -> LEFT));
    }
    assertThat(different).hasSameSizeAs(requesters);
  }

  @Test
  void sharesNoTokenBetweenRegionsPatientsAlgorithmsGatewaysOrCertificates() {
    Requester requester = requester(t -> t.without("patient"));
    Regions.Gateway moved =
        new Regions.Gateway("ermine-east", new Organisation("QMJ", "x"), GATEWAY.deadline());
    Region london = answering("london", Algorithm.ES256, TokenUse.CONTEXT);
    assertThat(
            Set.of(
                tokens.tokenFor(requester, london, GATEWAY, PATIENT, OURS, () -> LEFT),
                tokens.tokenFor(
                    requester, london, GATEWAY, new NhsNumber("9000000017"), OURS, () -> LEFT),
                tokens.tokenFor(requester, london, moved, PATIENT, OURS, () -> LEFT),
                tokens.tokenFor(
                    requester,
                    london,
                    GATEWAY,
                    PATIENT,
                    TestCertificates.certificate().make(),
                    () -> LEFT),
                tokens.tokenFor(
                    requester,
                    answering("london", Algorithm.ES384, TokenUse.CONTEXT),
                    GATEWAY,
                    PATIENT,
                    OURS,
                    () -> LEFT),
                tokens.tokenFor(
                    requester,
                    answering("wessex", Algorithm.ES256, TokenUse.CONTEXT),
                    GATEWAY,
                    PATIENT,
                    OURS,
                    () -> LEFT)))
        .hasSize(6);
  }

  @Test
  void sharesNoTokenBetweenUsersOfOneNameInTwoRegions() {
    Requester one = requester(t -> t);
    Requester other =
        new Requester(
            new RegionId("london"),
            World.LONDON,
            one.subject(),
            one.organisation(),
            one.userId(),
            one.name(),
            one.roles(),
            one.purposes(),
            one.reason(),
            one.breakGlassReason(),
            one.relationship(),
            one.patient(),
            one.practitioner(),
            one.hops(),
            one.tokenId(),
            one.certificate(),
            one.expires(),
            Scope.ALL);
    Region wessex = answering("wessex", Algorithm.ES256, TokenUse.CONTEXT);
    assertThat(tokens.tokenFor(one, wessex, GATEWAY, PATIENT, OURS, () -> LEFT))
        .isNotEqualTo(tokens.tokenFor(other, wessex, GATEWAY, PATIENT, OURS, () -> LEFT));
  }

  @Test
  void showsOnATokenOfAKeyThatRetiresButNoneOfOneThatIsRevoked() throws Exception {
    JWK old = World.ec("old", Curve.P_256);
    JWK successor = World.ec("successor", Curve.P_256);
    inForce(file(KeyUse.ACTIVE, old));
    String first = source(TokenUse.CONTEXT).get();
    inForce(file(KeyUse.ACTIVE, successor), file(KeyUse.RETIRING, old));
    assertThat(source(TokenUse.CONTEXT).get()).as("retiring").isEqualTo(first);
    assertThat(keyId(source(TokenUse.QUERY).get())).isEqualTo("successor");
    inForce(file(KeyUse.ACTIVE, successor), file(KeyUse.REVOKED, old));
    String anew = source(TokenUse.CONTEXT).get();
    assertThat(keyId(anew)).as("revoked").isEqualTo("successor");
    assertThat(source(TokenUse.CONTEXT).get()).as("and then shared again").isEqualTo(anew);
  }

  @Test
  void showsNoTokenOfAnotherKeyThatHadTheSameId() throws Exception {
    inForce(file(KeyUse.ACTIVE, World.ec("same", Curve.P_256)));
    String first = source(TokenUse.CONTEXT).get();
    inForce(file(KeyUse.ACTIVE, World.ec("same", Curve.P_256)));
    assertThat(source(TokenUse.CONTEXT).get()).isNotEqualTo(first);
  }

  @Test
  void notesWhenEachKeySignedLast() {
    assertThat(uses.lastUse(KeyUses.GATEWAY, "ours-256")).isEmpty();
    var _ = source(TokenUse.QUERY).get();
    clock.forward(Duration.ofSeconds(3));
    var _ = source(TokenUse.QUERY).get();
    assertThat(uses.lastUse(KeyUses.GATEWAY, "ours-256")).contains(NOW.plusSeconds(3));
    assertThat(uses.lastUse(KeyUses.GATEWAY, "p384-1")).isEmpty();
  }

  private void inForce(SigningKeyFile... files) {
    keys = GatewayKeys.of(List.of(files));
  }

  private SigningKeyFile file(KeyUse use, JWK key) throws Exception {
    return SigningKeyFile.read(
        Files.writeString(directory.resolve(use + ".jwks.json"), set(key)), use);
  }

  private static String keyId(String token) throws ParseException {
    return SignedJWT.parse(token).getHeader().getKeyID();
  }

  private Supplier<String> source(TokenUse use) {
    return tokens.forQuery(
        requester(t -> t),
        answering("london", Algorithm.ES256, use),
        GATEWAY,
        PATIENT,
        OURS,
        () -> LEFT);
  }

  private JWTClaimsSet claims(Requester requester, TokenUse use) throws Exception {
    return verified(
        tokens.tokenFor(
            requester,
            answering("london", Algorithm.ES256, use),
            GATEWAY,
            PATIENT,
            OURS,
            () -> LEFT));
  }

  /** As a peer that has read our public JWK Set would. */
  private JWTClaimsSet verified(String token) throws Exception {
    SignedJWT jwt = SignedJWT.parse(token);
    JWK key = JWKSet.parse(keys.publicJwks()).getKeyByKeyId(jwt.getHeader().getKeyID());
    assertThat(isSigned(jwt, key)).isTrue();
    return jwt.getJWTClaimsSet();
  }

  private static boolean isSigned(SignedJWT jwt, JWK key) throws Exception {
    return key instanceof OctetKeyPair pair
        ? EdwardsKeys.hasSigned(pair, jwt)
        : jwt.verify(
            new DefaultJWSVerifierFactory()
                .createJWSVerifier(jwt.getHeader(), ((AsymmetricJWK) key).toPublicKey()));
  }

  private TrustVerifier londonsVerifier(String gateway) {
    Regions regions =
        new Regions(
            1,
            "0",
            new Regions.Gateway(gateway, new Organisation("QMJ", "London"), GATEWAY.deadline()),
            List.of(
                World.forwarding(
                    asking(
                        "east",
                        BASE,
                        Algorithm.ES256,
                        OURS,
                        new KeySet(
                            "ermine.jwks.json",
                            new JWKSet(publicKey("ours-256")).toString(),
                            KeyUse.ACTIVE)),
                    "hwe"),
                regions().regions().getFirst()),
            List.of(),
            List.of());
    return new TrustVerifier(
        new TrustBasis(
            () -> regions,
            () -> keys,
            PublishedKeys.none(),
            "https://record.london.example.nhs.uk",
            clock,
            new ReplayCache(clock),
            new KeyUses(),
            Responders.silent(clock)));
  }

  private JWK publicKey(String keyId) {
    try {
      return JWKSet.parse(keys.publicJwks()).getKeyByKeyId(keyId);
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String set(JWK key) {
    return new JWKSet(key).toString(false);
  }

  private static Requester requester(UnaryOperator<TestTokens> with) {
    return trusted(with.apply(token()).sign(HWE_KEY));
  }

  /** One of Wessex, whose question HWE has handed on. */
  private static Requester handedOn() {
    String token = World.handedOn(token(), "ermine-west").sign(HWE_KEY);
    return ((Trusted) verifier(World.handingOn(Region.Status.ACTIVE)).verify(hwe(token)))
        .requester();
  }

  private static Requester trusted(String token) {
    return ((Trusted) verifier(regions()).verify(hwe(token))).requester();
  }
}
