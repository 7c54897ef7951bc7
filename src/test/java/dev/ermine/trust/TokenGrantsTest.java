package dev.ermine.trust;

import static dev.ermine.trust.World.HWE;
import static dev.ermine.trust.World.HWE_CERTIFICATE;
import static dev.ermine.trust.World.HWE_KEY;
import static dev.ermine.trust.World.LONDON_CERTIFICATE;
import static dev.ermine.trust.World.NOW;
import static dev.ermine.trust.World.OWN_KEY;
import static dev.ermine.trust.World.P384_KEY;
import static dev.ermine.trust.World.RSA_KEY;
import static dev.ermine.trust.World.asking;
import static dev.ermine.trust.World.assertion;
import static dev.ermine.trust.World.form;
import static dev.ermine.trust.World.gatewayKeys;
import static dev.ermine.trust.World.hwe;
import static dev.ermine.trust.World.keys;
import static dev.ermine.trust.World.regions;
import static dev.ermine.trust.World.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.ermine.fhir.Coding;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.KeySet.KeyUse;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.testing.Responders;
import dev.ermine.testing.TestTokens;
import dev.ermine.trust.Grant.Granted;
import dev.ermine.trust.Trust.Reason;
import dev.ermine.trust.Trust.Trusted;
import dev.ermine.trust.Trust.Untrusted;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** From a client assertion to the requester whom its access token proves, again and again. */
class TokenGrantsTest {

  private final World.Clock clock = new World.Clock();
  private final AtomicReference<Regions> live = new AtomicReference<>(regions());
  private final AtomicReference<GatewayKeys> own = new AtomicReference<>(gatewayKeys(OWN_KEY));
  private final KeyUses uses = new KeyUses();
  private final TrustBasis basis = pod();
  private final TokenGrants grants = new TokenGrants(basis);
  private final TrustVerifier verifier = new TrustVerifier(basis);

  /** A gateway that shares files with the others, and nothing else. */
  private TrustBasis pod() {
    return new TrustBasis(
        live::get,
        own::get,
        PublishedKeys.none(),
        World.BASE,
        clock,
        new ReplayCache(clock),
        uses,
        Responders.silent(clock));
  }

  @Test
  void givesATokenThatProvesTheRequesterOfTheAssertion() {
    Granted granted = granted(assertion());
    Requester proven = trusted(granted.token());
    assertThat(proven).isEqualTo(granted.requester());
    assertThat(proven.region()).isEqualTo(new RegionId("hwe"));
    assertThat(proven.issuer()).isEqualTo(HWE);
    assertThat(proven.subject()).isEqualTo("10019");
    assertThat(proven.certificate()).isEqualTo(Thumbprints.x5tS256(HWE_CERTIFICATE));
    assertThat(proven.expires()).isEqualTo(NOW.plusSeconds(300));
    assertThat(proven.scope()).isEqualTo(Scope.ALL);
    assertThat(granted.trustHash()).isEqualTo("0".repeat(64));
  }

  @Test
  void carriesAllThatABearerForOneRequestWouldSay() {
    TestTokens rich =
        assertion()
            .with("break_glass_reason", "unconscious on arrival")
            .with("acr", "AAL3_ANY")
            .with("auth_time", NOW.minusSeconds(60).getEpochSecond())
            .with("time_left", 1200);
    live.set(World.handingOn(Region.Status.ACTIVE));
    Requester given = trusted(granted(World.handedOn(rich, "ermine-west")).token());
    Requester direct =
        ((Trusted)
                verifier.verify(
                    hwe(
                        World.handedOn(World.token(), "ermine-west")
                            .with("break_glass_reason", "unconscious on arrival")
                            .with("acr", "AAL3_ANY")
                            .with("auth_time", NOW.minusSeconds(60).getEpochSecond())
                            .with("time_left", 1200)
                            .sign(HWE_KEY))))
            .requester();
    assertThat(given)
        .usingRecursiveComparison()
        .ignoringFields("tokenId", "expires")
        .isEqualTo(direct);
    assertThat(given.tokenId()).isNotEqualTo(direct.tokenId());
  }

  @Test
  void saysWhatTheProfileOfAccessTokensAsksFor() throws Exception {
    SignedJWT token = SignedJWT.parse(granted(assertion()).token());
    JWTClaimsSet claims = token.getJWTClaimsSet();
    assertThat(token.getHeader().getType().getType()).isEqualTo("at+jwt");
    assertThat(token.getHeader().getKeyID()).isEqualTo("ermine-1");
    assertThat(claims.getIssuer()).isEqualTo(World.BASE);
    assertThat(claims.getAudience()).containsExactly(World.AUDIENCE);
    assertThat(claims.getClaim("client_id")).isEqualTo(HWE);
    assertThat(claims.getClaim("scope")).isEqualTo("system/*.rs");
    assertThat(claims.getSubject()).isEqualTo("10019");
    assertThat(claims.getIssueTime().toInstant()).isEqualTo(NOW);
    assertThat(claims.getExpirationTime().toInstant()).isEqualTo(NOW.plusSeconds(300));
    assertThat(claims.getJSONObjectClaim("cnf"))
        .isEqualTo(Map.of("x5t#S256", Thumbprints.x5tS256(HWE_CERTIFICATE)));
  }

  @Test
  void readsTheUserAndTheRestFromHl7B2b() {
    Map<String, Object> b2b =
        Map.of(
            "version", "1",
            "subject_name", "Dr Claire Jones",
            "subject_id", "https://fhir.nhs.uk/Id/sds-user-id|111222333444",
            "subject_role", "https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName|R8000",
            "organization_id", Organisation.SYSTEM + "|RQW",
            "organization_name", "Princess Alexandra Hospital",
            "purpose_of_use", List.of("urn:oid:2.16.840.1.113883.5.8#TREAT"));
    TestTokens udap =
        assertion()
            .without("purpose_of_use")
            .without("subject_role")
            .without("requesting_organization")
            .without("requesting_practitioner")
            .without("cnf")
            .with("extensions", Map.of("hl7-b2b", b2b));
    Requester proven = trusted(granted(udap).token());
    assertThat(proven.userId()).contains("111222333444");
    assertThat(proven.name()).contains("Dr Claire Jones");
    assertThat(proven.roles()).extracting(Coding::code).containsExactly("R8000");
    assertThat(proven.purposes()).containsExactly(new PurposeOfUse("TREAT"));
    assertThat(proven.organisation().ods()).isEqualTo("RQW");
  }

  @TestFactory
  Stream<DynamicTest> takesEachOfTheAlgorithms() {
    return Stream.of(Algorithm.ES384, Algorithm.RS384, Algorithm.PS256, Algorithm.ES256)
        .map(
            algorithm ->
                DynamicTest.dynamicTest(
                    algorithm.code(),
                    () -> {
                      var key =
                          switch (algorithm) {
                            case ES384 -> P384_KEY;
                            case ES256 -> HWE_KEY;
                            default -> RSA_KEY;
                          };
                      live.set(
                          regions(
                              asking(
                                  "hwe",
                                  HWE,
                                  algorithm,
                                  HWE_CERTIFICATE,
                                  keys(KeyUse.ACTIVE, key))));
                      String assertion =
                          assertion().sign(key, JWSAlgorithm.parse(algorithm.code()));
                      trusted(((Granted) grant(assertion)).token());
                    }));
  }

  @Test
  void takesTheOtherTypesAndNone() {
    granted(assertion().header("typ", "client-authentication+jwt"));
    granted(assertion().withoutHeader("typ"));
  }

  /** As stock clients make it. */
  @Test
  void takesAnAssertionThatSaysOnlyWhenItExpires() {
    granted(assertion().without("iat"));
    granted(assertion().without("iat").with("exp", NOW.plusSeconds(90).getEpochSecond()));
    granted(assertion().without("iat").with("exp", NOW.minusSeconds(29).getEpochSecond()));
  }

  @Test
  void leavesUnknownParametersAlone() {
    Map<String, String> request = request(assertion().sign(HWE_KEY));
    request.put("client_id", HWE);
    request.put("udap", "1");
    request.put("resource", "");
    assertThat(grants.grant(List.of(HWE_CERTIFICATE), form(request))).isInstanceOf(Granted.class);
  }

  @Test
  void narrowsTheTokenToItsScope() {
    Map<String, String> request = request(assertion().sign(HWE_KEY));
    request.put("scope", "system/Observation.read system/Condition.rs system/Observation.rs");
    Granted granted = (Granted) grants.grant(List.of(HWE_CERTIFICATE), form(request));
    Scope scope = trusted(granted.token()).scope();
    assertThat(scope.text()).isEqualTo("system/Condition.rs system/Observation.rs");
    assertThat(scope.covers("Condition")).isTrue();
    assertThat(scope.covers("Patient")).isFalse();
  }

  @Test
  void letsATokenBeUsedUntilItExpires() {
    String token = granted(assertion()).token();
    trusted(token);
    clock.forward(Duration.ofMillis(299_999));
    trusted(token);
    clock.forward(Duration.ofMillis(1));
    assertThat(refused(token, HWE_CERTIFICATE)).isEqualTo(Reason.TOKEN_TIMES);
  }

  @Test
  @DisplayName("A19: an access token is good on any pod, with the certificate it is bound to alone")
  void isGoodOnAnyPodForItsHolder() {
    String token = granted(assertion()).token();
    TrustVerifier elsewhere = new TrustVerifier(pod());
    for (TrustVerifier pod : List.of(verifier, elsewhere)) {
      assertThat(pod.verify(hwe(token))).isInstanceOf(Trusted.class);
      assertThat(pod.verify(new Credentials(List.of(LONDON_CERTIFICATE), Optional.of(token))))
          .isEqualTo(new Untrusted(Reason.TOKEN_ISSUER, Optional.of(new RegionId("london"))));
    }
  }

  @Test
  @DisplayName(
      "A19: what is good once is 401 on the same pod, and on another or after a restart good once"
          + " more, with the certificate it is bound to alone: the residual risk")
  void whatIsGoodOnceIsGoodOnceForEachPod() {
    String token = World.token().sign(HWE_KEY);
    String assertion = assertion().sign(HWE_KEY);
    assertThat(verifier.verify(hwe(token))).isInstanceOf(Trusted.class);
    assertThat(refused(token, HWE_CERTIFICATE)).isEqualTo(Reason.TOKEN_REPLAYED);
    assertThat(grant(assertion)).isInstanceOf(Granted.class);
    assertThat(reason(grant(assertion))).isEqualTo(Reason.TOKEN_REPLAYED);

    TrustBasis other = pod();
    TrustVerifier elsewhere = new TrustVerifier(other);
    assertThat(
            reason(
                elsewhere.verify(new Credentials(List.of(LONDON_CERTIFICATE), Optional.of(token)))))
        .isEqualTo(Reason.TOKEN_KEY);
    assertThat(elsewhere.verify(hwe(token))).isInstanceOf(Trusted.class);
    assertThat(reason(elsewhere.verify(hwe(token)))).isEqualTo(Reason.TOKEN_REPLAYED);
    TokenGrants there = new TokenGrants(other);
    assertThat(reason(there.grant(List.of(LONDON_CERTIFICATE), form(request(assertion)))))
        .isEqualTo(Reason.TOKEN_KEY);
    assertThat(there.grant(List.of(HWE_CERTIFICATE), form(request(assertion))))
        .isInstanceOf(Granted.class);
  }

  @Test
  @DisplayName("A19: the jti of an assertion and that of a bearer are two")
  void keepsTheIdsOfAssertionsAndBearersApart() {
    granted(assertion().with("jti", "0f1c2d3e4b5a"));
    assertThat(verifier.verify(hwe(World.token().with("jti", "0f1c2d3e4b5a").sign(HWE_KEY))))
        .isInstanceOf(Trusted.class);
    assertThat(reason(grant(assertion().with("jti", "0f1c2d3e4b5a").sign(HWE_KEY))))
        .isEqualTo(Reason.TOKEN_REPLAYED);
  }

  @Test
  @DisplayName("A11: each of the three kinds of token is good at its own address alone")
  void takesEachKindOfTokenAtItsOwnAddressAlone() {
    String access = granted(assertion()).token();
    assertThat(reason(grant(access))).isEqualTo(Reason.TOKEN_HEADER);
    assertThat(reason(grant(World.token().sign(HWE_KEY)))).isEqualTo(Reason.TOKEN_ISSUER);
    assertThat(refused(assertion().sign(HWE_KEY), HWE_CERTIFICATE))
        .isEqualTo(Reason.TOKEN_AUDIENCE);
    trusted(access);
    assertThat(verifier.verify(hwe(World.token().sign(HWE_KEY)))).isInstanceOf(Trusted.class);
  }

  @Test
  void usesUpNoAssertionThatIsRefusedForAnythingElse() {
    String assertion = assertion().sign(HWE_KEY);
    Map<String, String> wrong = request(assertion);
    wrong.put("scope", "openid");
    grants.grant(List.of(HWE_CERTIFICATE), form(wrong));
    assertThat(grant(assertion)).isInstanceOf(Granted.class);
  }

  @Test
  void refusesATokenOfARegionFromTheMomentItIsSuspended() {
    String token = granted(assertion()).token();
    trusted(token);
    live.set(
        regions(
            asking(
                "hwe",
                HWE,
                Algorithm.ES256,
                HWE_CERTIFICATE,
                Region.Status.SUSPENDED,
                keys(KeyUse.ACTIVE, HWE_KEY))));
    assertThat(refused(token, HWE_CERTIFICATE)).isEqualTo(Reason.REGION_NOT_ACTIVE);
    assertThat(reason(grant(assertion().sign(HWE_KEY)))).isEqualTo(Reason.REGION_NOT_ACTIVE);
    live.set(regions());
    trusted(token);
  }

  @Test
  void refusesATokenWhoseCertificateIsPinnedNoMore() {
    String token = granted(assertion()).token();
    trusted(token);
    X509Certificate renewed = TestCertificates.certificate().make();
    live.set(regions(asking("hwe", HWE, Algorithm.ES256, renewed, keys(KeyUse.ACTIVE, HWE_KEY))));
    assertThat(refused(token, HWE_CERTIFICATE)).isEqualTo(Reason.UNKNOWN_CERTIFICATE);
    assertThat(refused(token, renewed)).isEqualTo(Reason.TOKEN_BINDING);
  }

  @Test
  @DisplayName("A24: a token got with a key of the region's that is revoked since is refused")
  void refusesATokenThatWasGotWithARevokedKey() {
    String token = granted(assertion()).token();
    trusted(token);
    for (KeyUse use : List.of(KeyUse.RETIRING, KeyUse.REVOKED)) {
      live.set(regions(asking("hwe", HWE, Algorithm.ES256, HWE_CERTIFICATE, keys(use, HWE_KEY))));
      if (use == KeyUse.RETIRING) {
        trusted(token);
      } else {
        assertThat(refused(token, HWE_CERTIFICATE)).isEqualTo(Reason.TOKEN_KEY);
      }
    }
  }

  @Test
  void refusesATokenWhoseOwnKeyIsGone() {
    String token = granted(assertion()).token();
    trusted(token);
    ECKey next = World.ec("ermine-2", Curve.P_256);
    own.set(gatewayKeys(next, OWN_KEY));
    trusted(token);
    String later = granted(assertion()).token();
    own.set(gatewayKeys(next));
    assertThat(refused(token, HWE_CERTIFICATE)).isEqualTo(Reason.TOKEN_KEY);
    trusted(later);
  }

  /** What was verified of the one region is not taken for the other's. */
  @Test
  void readsASeenTokenAnewWhenItsRegionIsAnother() {
    String token = granted(assertion()).token();
    trusted(token);
    live.set(
        regions(
            asking("hwe-2", HWE, Algorithm.ES256, HWE_CERTIFICATE, keys(KeyUse.ACTIVE, HWE_KEY))));
    assertThat(trusted(token).region()).isEqualTo(new RegionId("hwe-2"));
  }

  @Test
  void refusesASeenTokenInAnyOtherSpelling() {
    String token = granted(assertion()).token();
    trusted(token);
    char last = (char) (token.charAt(token.length() - 1) + 1);
    for (String other :
        List.of(token + "=", token + "\n", token.substring(0, token.length() - 1) + last)) {
      assertThat(refused(other, HWE_CERTIFICATE)).isEqualTo(Reason.TOKEN_NOT_CANONICAL);
    }
  }

  @Test
  void provesWhatIsHandedOnForAsLongAsTheSenderMayHandItOn() {
    live.set(World.handingOn(Region.Status.ACTIVE));
    String token = granted(World.handedOn(assertion(), "ermine-west")).token();
    Requester first = trusted(token);
    assertThat(first.region()).isEqualTo(new RegionId("wessex"));
    assertThat(first.forwarder()).contains(new RegionId("hwe"));
    assertThat(trusted(token)).isEqualTo(first);
    assertThat(refused(token, World.WESSEX_CERTIFICATE))
        .isIn(Reason.TOKEN_ISSUER, Reason.FORWARDING);

    live.set(World.handingOn(Region.Status.SUSPENDED));
    assertThat(refused(token, HWE_CERTIFICATE)).isEqualTo(Reason.ORIGINATOR_NOT_ACTIVE);
    live.set(
        regions(
            regions().regions().getFirst(),
            World.handingOn(Region.Status.ACTIVE).regions().getLast()));
    assertThat(refused(token, HWE_CERTIFICATE)).isEqualTo(Reason.FORWARDING);
    live.set(World.handingOn(Region.Status.ACTIVE));
    trusted(token);
  }

  @Test
  void refusesAfterTheOriginatorsIssuerHasBecomeAnotherRegions() {
    live.set(World.handingOn(Region.Status.ACTIVE));
    String token = granted(World.handedOn(assertion(), "ermine-west")).token();
    trusted(token);
    live.set(
        regions(
            World.forwarding(regions().regions().getFirst(), "dorset"),
            asking("dorset", World.WESSEX, Algorithm.ES256, World.WESSEX_CERTIFICATE)));
    assertThat(refused(token, HWE_CERTIFICATE)).isEqualTo(Reason.TOKEN_ISSUER);
  }

  @Test
  void refusesAfterTheGatewayHasGotTheIdOfAHop() {
    live.set(World.handingOn(Region.Status.ACTIVE));
    String token = granted(World.handedOn(assertion(), "ermine-west")).token();
    trusted(token);
    live.set(
        new Regions(
            1,
            "1",
            new Regions.Gateway(
                "ermine-west", World.GATEWAY.organisation(), World.GATEWAY.deadline()),
            live.get().regions(),
            List.of(),
            List.of()));
    assertThat(refused(token, HWE_CERTIFICATE)).isEqualTo(Reason.LOOP);
  }

  @Test
  void notesTheUseOfKeys() {
    assertThat(uses.lastUse("hwe", "hwe-1")).isEmpty();
    grant(assertion().sign(World.ec("hwe-1", Curve.P_256)));
    assertThat(uses.lastUse("hwe", "hwe-1")).as("a forged signature is no use").isEmpty();
    String token = granted(assertion()).token();
    assertThat(uses.lastUse("hwe", "hwe-1")).contains(NOW);
    assertThat(uses.lastUse(KeyUses.GATEWAY, "ermine-1")).contains(NOW);
    clock.forward(Duration.ofSeconds(7));
    trusted(token);
    assertThat(uses.lastUse(KeyUses.GATEWAY, "ermine-1")).contains(NOW.plusSeconds(7));
    verifier.verify(hwe(World.token().sign(HWE_KEY)));
    assertThat(uses.lastUse("hwe", "hwe-1")).contains(NOW.plusSeconds(7));
  }

  @Test
  void neverShowsAToken() {
    Granted granted = granted(assertion());
    assertThat(granted).hasToString("Granted[Requester[hwe, RQW]]");
  }

  @Test
  void carriesWhateverAnAssertionMaySay() {
    TestTokens odd =
        assertion()
            .with("reason_for_request", "<\u00e9 \u2028 \ud83d\ude00 \" \\ & >")
            .with(
                "requesting_practitioner",
                Map.of("id", "10019", "x", List.of(1.5, -7, true, Map.of("y", "1e3"))));
    Granted granted = granted(odd);
    assertThat(trusted(granted.token())).isEqualTo(granted.requester());
  }

  @Test
  void refusesANumberThatNoTokenCouldCarry() {
    String payload = assertion().payloadJson().replaceFirst("\\{", "{\"x\":1e400,");
    String assertion =
        TestTokens.compact(
            assertion().headerJson(HWE_KEY, JWSAlgorithm.ES256),
            payload,
            HWE_KEY,
            JWSAlgorithm.ES256);
    assertThat(reason(grant(assertion))).isEqualTo(Reason.TOKEN_CLAIMS);
  }

  private Grant grant(String assertion) {
    return grants.grant(List.of(HWE_CERTIFICATE), form(request(assertion)));
  }

  private Granted granted(TestTokens assertion) {
    Grant grant = grant(assertion.sign(HWE_KEY));
    assertThat(grant).isInstanceOf(Granted.class);
    return (Granted) grant;
  }

  private Requester trusted(String token) {
    Trust trust = verifier.verify(hwe(token));
    assertThat(trust).isInstanceOf(Trusted.class);
    return ((Trusted) trust).requester();
  }

  private Reason refused(String token, X509Certificate certificate) {
    return reason(verifier.verify(new Credentials(List.of(certificate), Optional.of(token))));
  }

  private static Reason reason(Object answer) {
    assertThat(answer).isInstanceOf(Untrusted.class);
    return ((Untrusted) answer).reason();
  }
}
