package dev.ermine.trust;

import static dev.ermine.trust.World.AUDIENCE;
import static dev.ermine.trust.World.HWE;
import static dev.ermine.trust.World.HWE_CERTIFICATE;
import static dev.ermine.trust.World.HWE_KEY;
import static dev.ermine.trust.World.NOW;
import static dev.ermine.trust.World.RSA_KEY;
import static dev.ermine.trust.World.asking;
import static dev.ermine.trust.World.hwe;
import static dev.ermine.trust.World.keys;
import static dev.ermine.trust.World.regions;
import static dev.ermine.trust.World.token;
import static dev.ermine.trust.World.verifier;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import dev.ermine.fhir.Coding;
import dev.ermine.fhir.NhsNumber;
import dev.ermine.fhir.PurposeOfUse;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.KeySet.KeyUse;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.testing.TestTokens;
import dev.ermine.trust.Trust.Reason;
import dev.ermine.trust.Trust.Trusted;
import dev.ermine.trust.Trust.Untrusted;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class TrustVerifierTest {

  private static final String SDS_ROLES =
      "https://fhir.hl7.org.uk/CodeSystem/UKCore-SDSJobRoleName";

  @Test
  void readsTheRequesterFromTheToken() {
    Requester requester = trusted(token().with("jti", "0f1c2d3e4b5a").sign(HWE_KEY));

    assertThat(requester.region()).isEqualTo(new RegionId("hwe"));
    assertThat(requester.issuer()).isEqualTo(HWE);
    assertThat(requester.subject()).isEqualTo("10019");
    assertThat(requester.organisation())
        .isEqualTo(new Organisation("RQW", "Princess Alexandra Hospital"));
    assertThat(requester.userId()).contains("111222333444");
    assertThat(requester.name()).contains("Dr Claire Jones");
    assertThat(requester.roles()).containsExactly(new Coding(SDS_ROLES, "R8000"));
    assertThat(requester.purposes()).containsExactly(new PurposeOfUse("TREAT"));
    assertThat(requester.reason()).contains("directcare");
    assertThat(requester.relationship())
        .contains(new Requester.Relationship("encounter", Optional.of("attending A&E at RQW")));
    assertThat(requester.patient())
        .contains(
            new Requester.Patient(
                new NhsNumber("9000000009"),
                Optional.of("Okafor"),
                List.of("Ada"),
                Optional.of("1961-04-02"),
                Optional.of("female")));
    assertThat(requester.practitioner()).contains(TestTokens.practitioner("10019"));
    assertThat(requester.hops()).isEmpty();
    assertThat(requester.tokenId()).isEqualTo("0f1c2d3e4b5a");
    assertThat(requester.certificate()).isEqualTo(Thumbprints.x5tS256(HWE_CERTIFICATE));
    assertThat(requester.expires()).isEqualTo(NOW.plusSeconds(300));
  }

  @Test
  void trustsATokenThatSaysOnlyWhatItMust() {
    Requester requester =
        trusted(
            token()
                .without("reason_for_request")
                .without("subject_role")
                .without("legitimate_relationship")
                .without("patient")
                .without("requesting_practitioner")
                .sign(HWE_KEY));

    assertThat(requester.roles()).isEmpty();
    assertThat(requester.relationship()).isEmpty();
    assertThat(requester.patient()).isEmpty();
    assertThat(requester.practitioner()).isEmpty();
    assertThat(requester.userId()).isEmpty();
    assertThat(requester.name()).isEmpty();
  }

  @Test
  void readsTheReasonForBreakingTheGlass() {
    Requester requester =
        trusted(token().with("break_glass_reason", "unconscious on arrival").sign(HWE_KEY));

    assertThat(requester.breakGlassReason()).contains("unconscious on arrival");
  }

  @Test
  void readsHowAndWhenTheUserProvedWhoTheyAre() {
    Requester requester =
        trusted(
            token().with("acr", "AAL3_ANY").with("auth_time", NOW.getEpochSecond()).sign(HWE_KEY));

    assertThat(requester.stepUp())
        .isEqualTo(new Requester.StepUp(Optional.of("AAL3_ANY"), Optional.of(NOW)));
    assertThat(trusted(token().sign(HWE_KEY)).stepUp()).isEqualTo(Requester.StepUp.NONE);
  }

  @Test
  void refusesAnAuthenticationThatIsNotWrittenAsOne() {
    List.of("AAL3_ANY AAL2_ANY", "a".repeat(129), List.of("AAL3_ANY"), "")
        .forEach(acr -> refused("acr", acr));
    List.of("now", -1, 1.5, "1795000000").forEach(time -> refused("auth_time", time));
  }

  private static void refused(String claim, Object value) {
    assertThat(verifier(regions()).verify(hwe(token().with(claim, value).sign(HWE_KEY))))
        .as("%s of a %s", claim, value.getClass().getSimpleName())
        .isInstanceOfSatisfying(
            Untrusted.class, no -> assertThat(no.reason()).isEqualTo(Reason.TOKEN_CLAIMS));
  }

  @Test
  void knowsTheUserForThePatientByTheirNhsNumber() {
    assertThat(trusted(token().sign(HWE_KEY)).ownRecord()).isFalse();
    assertThat(identifiedBy("9000000009").ownRecord()).isTrue();
    assertThat(identifiedBy("9000000017").ownRecord()).isFalse();
    for (String user : List.of("9000000009", NhsNumber.SYSTEM + "|9000000009")) {
      TestTokens named = token().with("sub", user).without("requesting_practitioner");
      assertThat(trusted(named.sign(HWE_KEY)).ownRecord()).isTrue();
    }
  }

  /** A number in another spelling would not be known for the patient's. */
  @Test
  void refusesAUserWhoseNhsNumberIsNone() {
    Map<String, Object> odd = practitioner(NhsNumber.SYSTEM, "900 000 0009");

    refused("requesting_practitioner", odd);
  }

  private static Requester identifiedBy(String number) {
    return trusted(
        token()
            .with("requesting_practitioner", practitioner(NhsNumber.SYSTEM, number))
            .sign(HWE_KEY));
  }

  private static Map<String, Object> practitioner(String system, String value) {
    return Map.of("id", "10019", "identifier", List.of(Map.of("system", system, "value", value)));
  }

  @Test
  void readsPurposesBareAndAsUdapWritesThemEachOnce() {
    Requester requester =
        trusted(
            token()
                .with(
                    "purpose_of_use",
                    List.of("TREAT", "urn:oid:2.16.840.1.113883.5.8#ETREAT", "TREAT"))
                .sign(HWE_KEY));
    assertThat(requester.purposes())
        .containsExactly(new PurposeOfUse("TREAT"), new PurposeOfUse("ETREAT"));
  }

  @Test
  void readsUdapWhereTheClaimsOfGpConnectAreAbsent() {
    Map<String, Object> b2b =
        Map.of(
            "version", "1",
            "subject_name", "Dr Claire Jones",
            "subject_id", "https://fhir.nhs.uk/Id/sds-user-id|111222333444",
            "subject_role", SDS_ROLES + "|R8000",
            "organization_id", Organisation.SYSTEM + "|RQW",
            "organization_name", "Princess Alexandra Hospital",
            "purpose_of_use", List.of("urn:oid:2.16.840.1.113883.5.8#TREAT"));
    Requester requester =
        trusted(
            token()
                .without("purpose_of_use")
                .without("subject_role")
                .without("requesting_organization")
                .without("requesting_practitioner")
                .with("extensions", Map.of("hl7-b2b", b2b))
                .sign(HWE_KEY));

    assertThat(requester.purposes()).containsExactly(new PurposeOfUse("TREAT"));
    assertThat(requester.roles()).containsExactly(new Coding(SDS_ROLES, "R8000"));
    assertThat(requester.organisation())
        .isEqualTo(new Organisation("RQW", "Princess Alexandra Hospital"));
    assertThat(requester.userId()).contains("111222333444");
    assertThat(requester.name()).contains("Dr Claire Jones");
  }

  @Test
  void letsTheClaimsOfGpConnectStandBeforeUdap() {
    Map<String, Object> b2b =
        Map.of(
            "version",
            "1",
            "organization_id",
            Organisation.SYSTEM + "|RJ6",
            "purpose_of_use",
            List.of("PUBHLTH"));
    Requester requester = trusted(token().with("extensions", Map.of("hl7-b2b", b2b)).sign(HWE_KEY));
    assertThat(requester.organisation().ods()).isEqualTo("RQW");
    assertThat(requester.purposes()).containsExactly(new PurposeOfUse("TREAT"));
  }

  @Test
  void knowsNoUserIdWithoutASmartcard() {
    Map<String, Object> practitioner =
        Map.of(
            "id",
            "10019",
            "identifier",
            List.of(Map.of("system", "https://fhir.nhs.uk/Id/sds-user-id", "value", "UNK")));
    assertThat(
            trusted(token().with("requesting_practitioner", practitioner).sign(HWE_KEY)).userId())
        .isEmpty();
  }

  @Test
  void trustsAnAudienceInAnArrayOfOne() {
    trusted(token().with("aud", List.of(AUDIENCE)).sign(HWE_KEY));
  }

  @Test
  void trustsPs256WhereItIsAgreed() {
    Regions regions =
        regions(asking("hwe", HWE, Algorithm.PS256, HWE_CERTIFICATE, keys(KeyUse.ACTIVE, RSA_KEY)));
    assertThat(verifier(regions).verify(hwe(token().sign(RSA_KEY)))).isInstanceOf(Trusted.class);
  }

  @Test
  void trustsARetiringKeyBesideTheActiveOne() {
    Regions regions =
        regions(
            asking(
                "hwe",
                HWE,
                Algorithm.ES256,
                HWE_CERTIFICATE,
                keys(KeyUse.ACTIVE, World.ec("hwe-2", Curve.P_256)),
                keys(KeyUse.RETIRING, HWE_KEY)));
    assertThat(verifier(regions).verify(hwe(token().sign(HWE_KEY)))).isInstanceOf(Trusted.class);
  }

  @Test
  void trustsUpToTheEdgesOfTime() {
    trusted(token().at(NOW.plusSeconds(60)).sign(HWE_KEY));
    trusted(token().at(NOW.minusSeconds(329)).sign(HWE_KEY));
    trusted(token().with("nbf", NOW.plusSeconds(60).getEpochSecond()).sign(HWE_KEY));
  }

  @Test
  void carriesTheHopsOfOtherGateways() {
    String token =
        World.handedOn(token(), "ermine-north", "ermine-west")
            .with("time_left", 1200)
            .sign(HWE_KEY);
    Requester requester =
        ((Trusted) verifier(World.handingOn(Region.Status.ACTIVE)).verify(hwe(token))).requester();
    assertThat(requester.hops()).containsExactly("ermine-north", "ermine-west");
    assertThat(requester.timeLeft()).contains(Duration.ofMillis(1200));
  }

  @Test
  void whatIsHandedOnIsTheOriginatorsQuestionByTheSendersCertificate() {
    String token = World.handedOn(token(), "ermine-west").sign(HWE_KEY);
    Requester requester =
        ((Trusted) verifier(World.handingOn(Region.Status.ACTIVE)).verify(hwe(token))).requester();
    assertThat(requester.region()).isEqualTo(new RegionId("wessex"));
    assertThat(requester.issuer()).isEqualTo(World.WESSEX);
    assertThat(requester.forwarder()).contains(new RegionId("hwe"));
    assertThat(requester.sender()).isEqualTo(new RegionId("hwe"));
    assertThat(requester.certificate()).isEqualTo(Thumbprints.x5tS256(HWE_CERTIFICATE));
  }

  @Test
  void whatIsAskedStraightHasNoForwarderAndNeedsNoOriginator() {
    Requester requester =
        ((Trusted)
                verifier(World.handingOn(Region.Status.SUSPENDED))
                    .verify(hwe(token().with("hops", List.of()).sign(HWE_KEY))))
            .requester();
    assertThat(requester.region()).isEqualTo(new RegionId("hwe"));
    assertThat(requester.forwarder()).isEmpty();
    assertThat(requester.timeLeft()).isEmpty();
  }

  @Test
  void namesTheRegionOfARefusalOnceItsCertificateIsKnown() {
    assertThat(verifier(regions()).verify(hwe("x")))
        .isEqualTo(new Untrusted(Reason.TOKEN_NOT_CANONICAL, Optional.of(new RegionId("hwe"))));
  }

  @Test
  void usesUpNoIdOfATokenThatIsRefusedForAnythingElse() {
    TrustVerifier verifier = verifier(regions());
    TestTokens one = token().with("jti", "0f1c2d3e4b5a");
    verifier.verify(hwe(one.with("hops", List.of("ermine-east")).sign(HWE_KEY)));
    verifier.verify(hwe(one.without("purpose_of_use").sign(HWE_KEY)));
    assertThat(verifier.verify(hwe(one.sign(HWE_KEY)))).isInstanceOf(Trusted.class);
  }

  @Test
  void refusesAReplayForAsLongAsTheTokenWouldBeTrusted() {
    World.Clock clock = new World.Clock();
    TrustVerifier verifier = verifier(regions(), clock);
    String token = token().sign(HWE_KEY);
    verifier.verify(hwe(token));
    clock.forward(Duration.ofSeconds(329));
    assertThat(reason(verifier.verify(hwe(token)))).isEqualTo(Reason.TOKEN_REPLAYED);
    clock.forward(Duration.ofSeconds(1));
    assertThat(reason(verifier.verify(hwe(token)))).isEqualTo(Reason.TOKEN_TIMES);
  }

  /** The stated limit of one-use tokens: only the holder of the bound key can do it. */
  @Test
  void cannotTellAReplayOnAnotherPod() {
    String token = token().sign(HWE_KEY);
    assertThat(verifier(regions()).verify(hwe(token))).isInstanceOf(Trusted.class);
    assertThat(verifier(regions()).verify(hwe(token))).isInstanceOf(Trusted.class);
  }

  @Test
  void looksAtTheLiveRegionsOnEachRequest() {
    AtomicReference<Regions> live = new AtomicReference<>(regions());
    TrustVerifier verifier = new TrustVerifier(World.basis(live::get, () -> NOW));
    assertThat(verifier.verify(hwe(token().sign(HWE_KEY)))).isInstanceOf(Trusted.class);
    live.set(
        regions(
            asking("hwe", HWE, Algorithm.ES256, HWE_CERTIFICATE, keys(KeyUse.REVOKED, HWE_KEY))));
    assertThat(reason(verifier.verify(hwe(token().sign(HWE_KEY))))).isEqualTo(Reason.TOKEN_KEY);
    live.set(regions());
    assertThat(verifier.verify(hwe(token().sign(HWE_KEY)))).isInstanceOf(Trusted.class);
  }

  @Test
  void readsTheKeysOfAVersionOnce() {
    Regions regions = regions();
    var known = KnownRegions.live(() -> regions);
    assertThat(known.get()).isSameAs(known.get());
  }

  private static Requester trusted(String token) {
    Trust trust = verifier(regions()).verify(hwe(token));
    assertThat(trust).isInstanceOf(Trusted.class);
    return ((Trusted) trust).requester();
  }

  private static Reason reason(Trust trust) {
    assertThat(trust).isInstanceOf(Untrusted.class);
    return ((Untrusted) trust).reason();
  }
}
