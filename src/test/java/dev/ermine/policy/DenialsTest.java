package dev.ermine.policy;

import static dev.ermine.policy.DenialTerms.denial;
import static dev.ermine.policy.Parties.HWE;
import static dev.ermine.policy.Parties.LONDON;
import static dev.ermine.policy.Parties.agreement;
import static dev.ermine.policy.Parties.doctor;
import static dev.ermine.policy.Parties.region;
import static dev.ermine.policy.Parties.regions;
import static dev.ermine.policy.Parties.requester;
import static dev.ermine.policy.Parties.role;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.policy.Decision.Deny;
import dev.ermine.policy.Decision.Permit;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DenialsTest {

  private static final Instant JUNE = Instant.parse("2022-06-01T12:00:00Z");
  private static final Region RELEASING = region(LONDON, "Patient", "Observation");
  private static final RegionId WESSEX = new RegionId("wessex");

  @Test
  void overridesWhatAnAgreementPermits() {
    assertThat(decide(denial("STOP").types("Observation"), "Observation"))
        .isEqualTo(new Deny(List.of("STOP")));
  }

  @Test
  void leavesWhatItDoesNotName() {
    assertThat(decide(denial("STOP").types("Observation"), "Patient")).isInstanceOf(Permit.class);
  }

  @ParameterizedTest
  @CsvSource({"TREAT,true", "COC,false", "ETREAT,false", "HRESCH,false"})
  void meansThePurposesBeneathItsOwn(String denied, boolean denies) {
    assertThat(decide(denial("STOP").purposes(denied), "Observation") instanceof Deny)
        .isEqualTo(denies);
  }

  @Test
  void deniesEmergencyTreatmentWhereTreatmentIsDenied() {
    Requester asker = requester(HWE, List.of(role("R8000")), Optional.of("encounter"), "ETREAT");

    assertThat(decide(asker, denial("STOP").purposes("TREAT"), "Observation"))
        .isEqualTo(new Deny(List.of("STOP")));
  }

  @Test
  void onePurposeOfSeveralIsEnough() {
    Requester asker =
        requester(HWE, List.of(role("R8000")), Optional.of("encounter"), "TREAT", "ETREAT");

    assertThat(decide(asker, denial("STOP").purposes("ETREAT"), "Observation"))
        .isInstanceOf(Deny.class);
  }

  @Test
  void oneRoleOfSeveralIsEnough() {
    Requester asker =
        requester(HWE, List.of(role("R8000"), role("R0001")), Optional.of("encounter"), "TREAT");

    assertThat(decide(asker, denial("STOP").roles("R0001"), "Observation"))
        .isInstanceOf(Deny.class);
    assertThat(decide(doctor(), denial("STOP").roles("R0001"), "Observation"))
        .isInstanceOf(Permit.class);
  }

  @Test
  void appliesToTheRegionsItNames() {
    assertThat(decide(denial("STOP").releases(LONDON), "Observation")).isInstanceOf(Deny.class);
    assertThat(decide(denial("STOP").releases(WESSEX), "Observation")).isInstanceOf(Permit.class);
    assertThat(decide(denial("STOP").to(HWE), "Observation")).isInstanceOf(Deny.class);
    assertThat(decide(denial("STOP").to(WESSEX), "Observation")).isInstanceOf(Permit.class);
  }

  @Test
  void appliesToTheOrganisationsItNames() {
    assertThat(decide(denial("STOP").organisations("RQW"), "Observation")).isInstanceOf(Deny.class);
    assertThat(decide(denial("STOP").organisations("RXX"), "Observation"))
        .isInstanceOf(Permit.class);
  }

  @Test
  void appliesWhereEveryTermIsMetAlone() {
    assertThat(decide(denial("STOP").types("Observation").to(WESSEX), "Observation"))
        .isInstanceOf(Permit.class);
  }

  @ParameterizedTest
  @CsvSource({
    "2022-06-01,,true",
    "2022-06-02,,false",
    "2022-01-01,2022-06-01,true",
    "2022-01-01,2022-05-31,false"
  })
  void isInForceOnItsDays(LocalDate from, LocalDate until, boolean denies) {
    DenialTerms denial =
        denial("STOP").types("Observation").valid(from, Optional.ofNullable(until));

    assertThat(decide(denial, "Observation") instanceof Deny).isEqualTo(denies);
  }

  @Test
  void namesEachDenialThatApplies() {
    AgreementRules rules =
        new AgreementRules(
            regions(
                List.of(agreement("DSA")),
                List.of(
                    denial("STOP-1").types("Observation").denial(),
                    denial("STOP-2").types("Flag").denial(),
                    denial("STOP-3").to(HWE).denial())));

    assertThat(rules.decide(new Question(doctor(), RELEASING, "Observation"), JUNE).rules())
        .containsExactly("STOP-1", "STOP-3");
  }

  @Test
  void permitsNothingWhereThereIsNoAgreement() {
    AgreementRules rules =
        new AgreementRules(regions(List.of(), List.of(denial("STOP").types("Flag").denial())));

    assertThat(rules.decide(new Question(doctor(), RELEASING, "Observation"), JUNE))
        .isEqualTo(new Deny(List.of("default-deny")));
  }

  private static Decision decide(DenialTerms denial, String type) {
    return decide(doctor(), denial, type);
  }

  private static Decision decide(Requester asker, DenialTerms denial, String type) {
    return new AgreementRules(regions(List.of(agreement("DSA")), List.of(denial.denial())))
        .decide(new Question(asker, RELEASING, type), JUNE);
  }
}
