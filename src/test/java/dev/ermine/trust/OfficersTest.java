package dev.ermine.trust;

import static dev.ermine.trust.TestCertificates.certificate;
import static dev.ermine.trust.World.HWE_CERTIFICATE;
import static dev.ermine.trust.World.NOW;
import static dev.ermine.trust.World.regions;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.ermine.region.RegionId;
import dev.ermine.testing.Responders;
import dev.ermine.trust.OfficerTrust.Admitted;
import dev.ermine.trust.OfficerTrust.Reason;
import dev.ermine.trust.OfficerTrust.Refused;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.Test;

class OfficersTest {

  private static final LocalDate TODAY = LocalDate.of(2026, 11, 21);
  private static final X509Certificate OWN = certificate().make();
  private static final Officer ASH = officer("ash", OWN, OfficerRole.values());

  @Test
  void admitsAnOfficerOfTheRole() {
    assertThat(verify(ASH, OWN, OfficerRole.EXPLAINER)).isEqualTo(new Admitted(ASH));
  }

  @Test
  void refusesAnOfficerWithoutTheRoleAndSaysWhich() {
    Officer viewer = officer("bo", OWN, OfficerRole.VIEWER);

    assertThat(verify(viewer, OWN, OfficerRole.VIEWER)).isInstanceOf(Admitted.class);
    assertThat(verify(viewer, OWN, OfficerRole.EXPLAINER))
        .isEqualTo(
            new Refused(
                Reason.OFFICER_ROLE_MISSING,
                Optional.of(viewer),
                Optional.empty(),
                Optional.of(OfficerRole.EXPLAINER)));
  }

  @Test
  void refusesARegionsCertificate() {
    Refused refused = refused(ASH, HWE_CERTIFICATE);

    assertThat(refused.reason()).isEqualTo(Reason.NOT_AN_OFFICER);
    assertThat(refused.region()).contains(new RegionId("hwe"));
  }

  @Test
  void takesACertificateThatBothHaveForTheRegions() {
    assertThat(refused(officer("ash", HWE_CERTIFICATE, OfficerRole.VIEWER), HWE_CERTIFICATE))
        .extracting(Refused::reason)
        .isEqualTo(Reason.NOT_AN_OFFICER);
  }

  @Test
  void refusesStrangersAndNobody() {
    assertThat(refused(ASH, certificate().make()).reason())
        .isEqualTo(Reason.OFFICER_CERTIFICATE_UNKNOWN);
    assertThat(verifier(ASH, NOW).verify(List.of(), OfficerRole.VIEWER))
        .extracting(trust -> ((Refused) trust).reason())
        .isEqualTo(Reason.OFFICER_CERTIFICATE_MISSING);
  }

  @Test
  void looksAtTheDaysOnEachRequest() {
    assertThat(reason(days(TODAY, TODAY, TODAY.plusDays(1)))).isEmpty();
    assertThat(reason(days(TODAY.plusDays(1), null, null))).contains(Reason.OFFICER_NOT_IN_FORCE);
    assertThat(reason(days(null, TODAY.minusDays(1), null))).contains(Reason.OFFICER_NOT_IN_FORCE);
    assertThat(reason(days(null, null, TODAY))).contains(Reason.OFFICER_NOT_IN_FORCE);
    assertThat(reason(days(null, null, TODAY.minusDays(1)))).contains(Reason.OFFICER_NOT_IN_FORCE);
  }

  @Test
  void looksAtTheCertificatesValidityOnEachRequest() {
    Instant later = OWN.getNotAfter().toInstant().plusSeconds(1);

    assertThat(verifier(ASH, later).verify(List.of(OWN), OfficerRole.VIEWER))
        .extracting(trust -> ((Refused) trust).reason())
        .isEqualTo(Reason.OFFICER_CERTIFICATE_NOT_VALID_NOW);
  }

  @Test
  void findsNoFaultInGoodOfficers() {
    assertThat(faults(ASH, officer("bo", certificate().make(), OfficerRole.VIEWER))).isEmpty();
  }

  @Test
  void findsCertificatesThatARegionOrAnotherOfficerHas() {
    assertThat(faults(officer("ash", HWE_CERTIFICATE, OfficerRole.VIEWER)))
        .containsExactly(
            "ash.certificate: region `hwe` has it too; a certificate proves one party");
    assertThat(faults(ASH, officer("bo", OWN, OfficerRole.VIEWER)))
        .containsExactly(
            "bo.certificate: officer `ash` has it too; a certificate proves one party");
  }

  @Test
  void findsCertificatesThatCannotServe() {
    Duration day = Duration.ofDays(1);
    assertThat(
            faults(
                officer("weak", certificate().key("RSA", 1024).make()),
                officer("sha1", certificate().signature("SHA1withECDSA").make()),
                officer("old", certificate().valid(NOW.minus(day), NOW.minusSeconds(1)).make()),
                officer("server", certificate().purposes(KeyPurposeId.id_kp_serverAuth).make())))
        .satisfiesExactly(
            fault -> assertThat(fault).startsWith("weak.certificate: its key is weak"),
            fault -> assertThat(fault).startsWith("sha1.certificate: it is signed with a weak"),
            fault -> assertThat(fault).startsWith("old.certificate: it expired at"),
            fault -> assertThat(fault).startsWith("server.certificate: its key usage does not"));
  }

  @Test
  void shakesHandsWithOfficersInTheirValidityAlone() {
    PinnedClients clients =
        new PinnedClients(
            World::regions, new Officers(List.of(ASH)), Responders.silent(() -> NOW), () -> NOW);
    X509Certificate[] chain = {OWN};
    assertThatCode(() -> clients.checkClientTrusted(chain, "EC")).doesNotThrowAnyException();

    Instant later = OWN.getNotAfter().toInstant().plusSeconds(1);
    PinnedClients then =
        new PinnedClients(
            World::regions,
            new Officers(List.of(ASH)),
            Responders.silent(() -> later),
            () -> later);
    assertThatExceptionOfType(CertificateException.class)
        .isThrownBy(() -> then.checkClientTrusted(chain, "EC"));
  }

  @Test
  void anOfficersCertificateProvesNoRequester() {
    TrustVerifier trust = new TrustVerifier(World.basis(World::regions, () -> NOW));

    assertThat(trust.verify(new Credentials(List.of(OWN), Optional.of("x"))))
        .isEqualTo(new Trust.Untrusted(Trust.Reason.UNKNOWN_CERTIFICATE, Optional.empty()));
  }

  private static List<String> faults(Officer... officers) {
    return new Officers(List.of(officers)).faults(regions(), NOW);
  }

  private static Optional<Reason> reason(Officer officer) {
    return verify(officer, OWN, OfficerRole.VIEWER) instanceof Refused refused
        ? Optional.of(refused.reason())
        : Optional.empty();
  }

  private static Refused refused(Officer officer, X509Certificate shown) {
    return (Refused) verify(officer, shown, OfficerRole.VIEWER);
  }

  private static OfficerTrust verify(Officer officer, X509Certificate shown, OfficerRole role) {
    return verifier(officer, NOW).verify(List.of(shown), role);
  }

  private static OfficerVerifier verifier(Officer officer, Instant now) {
    return new OfficerVerifier(new Officers(List.of(officer)), World::regions, () -> now);
  }

  private static Officer officer(String id, X509Certificate certificate, OfficerRole... roles) {
    return new Officer(id, certificate, Set.of(roles), Tenure.ALWAYS);
  }

  private static Officer days(LocalDate from, LocalDate until, LocalDate revoked) {
    return new Officer(
        "ash",
        OWN,
        Set.of(OfficerRole.VIEWER),
        new Tenure(
            Optional.ofNullable(from), Optional.ofNullable(until), Optional.ofNullable(revoked)));
  }
}
