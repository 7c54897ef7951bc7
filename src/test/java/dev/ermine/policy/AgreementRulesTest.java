package dev.ermine.policy;

import static dev.ermine.policy.Parties.HWE;
import static dev.ermine.policy.Parties.LONDON;
import static dev.ermine.policy.Parties.agreement;
import static dev.ermine.policy.Parties.doctor;
import static dev.ermine.policy.Parties.purposes;
import static dev.ermine.policy.Parties.region;
import static dev.ermine.policy.Parties.regions;
import static dev.ermine.policy.Parties.requester;
import static dev.ermine.policy.Parties.role;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.fhir.Coding;
import dev.ermine.policy.Decision.Deny;
import dev.ermine.policy.Decision.Permit;
import dev.ermine.region.Agreement;
import dev.ermine.region.Agreement.Relationship;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.testing.Given;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AgreementRulesTest {

  private static final Instant JUNE = Instant.parse("2022-06-01T12:00:00Z");
  private static final Region RELEASING = region(LONDON, "Patient", "Observation", "Condition");
  private static final Optional<String> ENCOUNTER = Optional.of("encounter");

  @Test
  void permitsWhatAnAgreementCovers() {
    assertThat(decide(doctor())).isEqualTo(new Permit(List.of("DSA")));
  }

  @Test
  void permitsWithEveryAgreementThatCoversIt() {
    Agreement narrow = terms(Set.of("BTG"), Set.of("R8000"), Set.of("Patient"), "DSA-2");
    AgreementRules rules = rules(agreement("DSA-1"), narrow, agreement("DSA-3"));

    assertThat(rules.decide(observation(doctor()), JUNE))
        .isEqualTo(new Permit(List.of("DSA-1", "DSA-3")));
  }

  @Test
  void permitsOneOfSeveralRoles() {
    Requester many = asker(List.of(role("R0001"), role("R8001")), ENCOUNTER, "TREAT");

    assertThat(decide(many)).isInstanceOf(Permit.class);
  }

  @Test
  void deniesByDefault() {
    assertThat(rules().decide(observation(doctor()), JUNE))
        .isEqualTo(new Deny(List.of("default-deny")));
  }

  @Test
  void deniesByDefaultWhenAgreementIsWithAnotherRegion() {
    Requester essex =
        requester(new RegionId("essex-suffolk"), List.of(role("R8000")), ENCOUNTER, "TREAT");

    assertThat(decide(essex)).isEqualTo(new Deny(List.of("default-deny")));
  }

  @Test
  void deniesTheOtherDirection() {
    Requester londoner = requester(LONDON, List.of(role("R8000")), ENCOUNTER, "TREAT");
    Question back = new Question(londoner, region(HWE, "Observation"), "Observation");

    assertThat(rules(agreement("DSA")).decide(back, JUNE))
        .isEqualTo(new Deny(List.of("default-deny")));
  }

  @Test
  void deniesPurposeThatIsNotAgreed() {
    assertThat(decide(asker(List.of(role("R8000")), ENCOUNTER, "BTG"))).isEqualTo(deny("#purpose"));
  }

  @Test
  void deniesWhenOneOfSeveralPurposesIsNotAgreed() {
    assertThat(decide(asker(List.of(role("R8000")), ENCOUNTER, "TREAT", "POPHLTH")))
        .isEqualTo(deny("#purpose"));
  }

  @Test
  void deniesRoleThatIsNotAgreed() {
    assertThat(decide(asker(List.of(role("R9999")), ENCOUNTER, "TREAT"))).isEqualTo(deny("#role"));
  }

  @Test
  void deniesAskerWithoutRole() {
    assertThat(decide(asker(List.of(), ENCOUNTER, "TREAT"))).isEqualTo(deny("#role"));
  }

  @Test
  void deniesAgreedRoleCodeOfAnotherCodeSystem() {
    Coding foreign = new Coding("https://example.org/roles", "R8000");

    assertThat(decide(asker(List.of(foreign), ENCOUNTER, "TREAT"))).isEqualTo(deny("#role"));
  }

  @Test
  void deniesEverybodyWhenAgreementNamesNoRole() {
    Agreement nobody = terms(Set.of("TREAT"), Set.of(), Set.of("Observation"), "DSA");

    assertThat(rules(nobody).decide(observation(doctor()), JUNE)).isEqualTo(deny("#role"));
  }

  @Test
  void deniesWithoutLegitimateRelationship() {
    assertThat(decide(asker(List.of(role("R8000")), Optional.empty(), "TREAT")))
        .isEqualTo(deny("#relationship"));
  }

  @Test
  void deniesRelationshipWithBlankBasis() {
    assertThat(decide(asker(List.of(role("R8000")), Optional.of(" \t"), "TREAT")))
        .isEqualTo(deny("#relationship"));
  }

  @Test
  void permitsWithoutRelationshipWhereItIsOptional() {
    Requester stranger = asker(List.of(role("R8000")), Optional.empty(), "TREAT");

    assertThat(rules(optional(agreement("DSA"))).decide(observation(stranger), JUNE))
        .isInstanceOf(Permit.class);
  }

  @Test
  void deniesTypeThatIsNotAgreed() {
    assertThat(rules(agreement("DSA")).decide(question(doctor(), "Condition"), JUNE))
        .isEqualTo(deny("#type"));
  }

  @Test
  void deniesWhenAgreementHasExpired() {
    // The last day, 31 December 2022, ends at midnight GMT.
    assertThat(decideAt("2022-12-31T23:59:59.999Z")).isInstanceOf(Permit.class);
    assertThat(decideAt("2023-01-01T00:00:00Z")).isEqualTo(deny("#expired"));
  }

  @Test
  void deniesBeforeAgreementBegins() {
    assertThat(decideAt("2021-12-31T23:59:59.999Z")).isEqualTo(deny("#not-yet"));
    assertThat(decideAt("2022-01-01T00:00:00Z")).isInstanceOf(Permit.class);
  }

  @Test
  void countsDaysByTheClockOfLondonInSummer() {
    // 1 July begins at 23:00 UTC of 30 June.
    Agreement july = valid(LocalDate.of(2022, 7, 1), LocalDate.of(2022, 7, 1));
    AgreementRules rules = rules(july);
    Question question = observation(doctor());

    assertThat(rules.decide(question, Instant.parse("2022-06-30T22:59:59Z")))
        .isEqualTo(deny("#not-yet"));
    assertThat(rules.decide(question, Instant.parse("2022-06-30T23:00:00Z")))
        .isInstanceOf(Permit.class);
    assertThat(rules.decide(question, Instant.parse("2022-07-01T22:59:59Z")))
        .isInstanceOf(Permit.class);
    assertThat(rules.decide(question, Instant.parse("2022-07-01T23:00:00Z")))
        .isEqualTo(deny("#expired"));
  }

  @Test
  void countsTheDayOnWhichTheClocksChangeWhole() {
    // 27 March 2022 has 23 hours in London, 30 October 25.
    LocalDate forward = LocalDate.of(2022, 3, 27);
    AgreementRules spring = rules(valid(forward, forward));
    LocalDate back = LocalDate.of(2022, 10, 30);
    AgreementRules autumn = rules(valid(back, back));
    Question question = observation(doctor());

    assertThat(spring.decide(question, Instant.parse("2022-03-27T00:00:00Z")))
        .isInstanceOf(Permit.class);
    assertThat(spring.decide(question, Instant.parse("2022-03-27T22:59:59Z")))
        .isInstanceOf(Permit.class);
    assertThat(spring.decide(question, Instant.parse("2022-03-27T23:00:00Z")))
        .isEqualTo(deny("#expired"));
    assertThat(autumn.decide(question, Instant.parse("2022-10-29T22:59:59Z")))
        .isEqualTo(deny("#not-yet"));
    assertThat(autumn.decide(question, Instant.parse("2022-10-29T23:00:00Z")))
        .isInstanceOf(Permit.class);
    assertThat(autumn.decide(question, Instant.parse("2022-10-30T23:59:59Z")))
        .isInstanceOf(Permit.class);
  }

  @Test
  void namesTheFirstUnmetTermOfEachAgreement() {
    Agreement otherPurpose = terms(Set.of("BTG"), Set.of(), Set.of(), "DSA-1");
    Agreement otherRole = terms(Set.of("TREAT"), Set.of("R1"), Set.of(), "DSA-2");
    Agreement otherType = terms(Set.of("TREAT"), Set.of("R8000"), Set.of("Flag"), "DSA-3");

    assertThat(rules(otherPurpose, otherRole, otherType).decide(observation(doctor()), JUNE))
        .isEqualTo(new Deny(List.of("DSA-1#purpose", "DSA-2#role", "DSA-3#type")));
  }

  @Test
  void deniesAgreedTypeThatTheRegionDoesNotHave() {
    Question question = new Question(doctor(), region(LONDON, "Patient"), "Observation");

    assertThat(rules(agreement("DSA")).decide(question, JUNE))
        .isEqualTo(new Deny(List.of("london#type")));
  }

  @Test
  void deniesAgreedTypeOfRegionThatDoesNotAnswer() {
    Question question = new Question(doctor(), Parties.silent(LONDON), "Observation");

    assertThat(rules(agreement("DSA")).decide(question, JUNE))
        .isEqualTo(new Deny(List.of("london#answers")));
  }

  @Test
  void decidesSeveralTypesInTheOrderAsked() {
    RegionDecision decision =
        rules(agreement("DSA"))
            .standing(doctor(), JUNE, false)
            .apply(RELEASING)
            .decide(List.of("Observation", "Condition", "Patient"));

    assertThat(decision.region()).isEqualTo(RELEASING);
    assertThat(decision.types()).containsExactly("Observation", "Condition", "Patient");
    assertThat(decision.permitted()).containsExactly("Observation", "Patient");
    assertThat(decision.rules()).containsExactly("DSA");
  }

  @Test
  void namesTheRulesThatDenyWhenNoTypeIsPermitted() {
    RegionDecision decision =
        rules(agreement("DSA"))
            .standing(doctor(), JUNE, false)
            .apply(RELEASING)
            .decide(List.of("Condition", "Flag"));

    assertThat(decision.permitted()).isEmpty();
    assertThat(decision.rules()).containsExactly("DSA#type");
  }

  @Test
  void deniesOrganisationThatIsNotAgreed() {
    assertThat(decide(with(Set.of("RQW"), Relationship.REQUIRED, Optional.empty()), doctor()))
        .isInstanceOf(Permit.class);
    assertThat(decide(with(Set.of("RXX"), Relationship.REQUIRED, Optional.empty()), doctor()))
        .isEqualTo(deny("#organisation"));
  }

  @Test
  void deniesBasisThatIsNotAgreed() {
    Relationship referred = new Relationship(true, Set.of("referral"));

    assertThat(decide(with(Set.of(), referred, Optional.empty()), doctor()))
        .isEqualTo(deny("#relationship"));
    assertThat(
            decide(
                with(Set.of(), referred, Optional.empty()),
                asker(List.of(role("R8000")), Optional.of("referral"), "TREAT")))
        .isInstanceOf(Permit.class);
  }

  @Test
  void letsTheGlassBeBrokenWithReasonAboutOnePatientInRoleThatMay() {
    Agreement agreement = breakGlass("R8000");

    assertThat(decide(agreement, breaking("R8000", Optional.of("unconscious"), true)))
        .isInstanceOf(Permit.class);
    assertThat(decide(agreement, breaking("R8001", Optional.of("unconscious"), true)))
        .isEqualTo(deny("#break-glass"));
    assertThat(decide(agreement, breaking("R8000", Optional.of(" "), true)))
        .isEqualTo(deny("#break-glass"));
    assertThat(decide(agreement, breaking("R8000", Optional.empty(), true)))
        .isEqualTo(deny("#break-glass"));
    assertThat(decide(agreement, breaking("R8000", Optional.of("unconscious"), false)))
        .isEqualTo(deny("#break-glass"));
  }

  @Test
  void letsTheGlassBeBrokenByAUserWhoHasJustProvenWhoTheyAre() {
    Agreement agreement = breakGlass("R8000");

    assertThat(decide(agreement, proven("AAL3_ANY", JUNE.minusSeconds(900))))
        .isInstanceOf(Permit.class);
    assertThat(decide(agreement, proven("AAL3_ANY", JUNE.plusSeconds(60))))
        .isInstanceOf(Permit.class);
    assertThat(decide(agreement, proven("AAL3_ANY", JUNE.minusSeconds(901))))
        .isEqualTo(deny("#step-up"));
    assertThat(decide(agreement, proven("AAL3_ANY", JUNE.plusSeconds(61))))
        .isEqualTo(deny("#step-up"));
    assertThat(decide(agreement, proven("AAL2_ANY", JUNE))).isEqualTo(deny("#step-up"));
    assertThat(decide(agreement, breaking(Requester.StepUp.NONE, false)))
        .isEqualTo(deny("#step-up"));
  }

  @Test
  void letsNobodyBreakTheGlassToSeeTheirOwnRecord() {
    Requester.StepUp now = new Requester.StepUp(Optional.of("AAL3_ANY"), Optional.of(JUNE));

    assertThat(decide(breakGlass("R8000"), breaking(now, true))).isEqualTo(deny("#own-record"));
  }

  @Test
  void asksNoStepUpOfOrdinaryCare() {
    assertThat(decide(doctor())).isInstanceOf(Permit.class);
  }

  private static Requester proven(String context, Instant at) {
    return breaking(new Requester.StepUp(Optional.of(context), Optional.of(at)), false);
  }

  private static Requester breaking(Requester.StepUp stepUp, boolean ownRecord) {
    return Parties.breaking(
        asker(List.of(role("R8000")), ENCOUNTER, "BTG"),
        Optional.of("unconscious"),
        true,
        stepUp,
        ownRecord);
  }

  @Test
  void neverLetsTheGlassBeBrokenWithoutTerms() {
    Agreement agreement =
        new Agreement(
            "DSA",
            LONDON,
            Set.of(HWE),
            Set.of(),
            purposes("BTG"),
            Set.of("R8000"),
            Set.of("Observation"),
            Relationship.OPTIONAL,
            Optional.empty(),
            LocalDate.of(2022, 1, 1),
            LocalDate.of(2022, 12, 31));

    assertThat(decide(agreement, breaking("R8000", Optional.of("unconscious"), true)))
        .isEqualTo(deny("#break-glass"));
  }

  private static Agreement breakGlass(String role) {
    Agreement agreement = agreement("DSA");
    return new Agreement(
        agreement.id(),
        agreement.releases(),
        agreement.to(),
        Set.of(),
        purposes("BTG"),
        agreement.roles(),
        agreement.types(),
        agreement.relationship(),
        Optional.of(new Agreement.BreakGlass(Set.of(role), Given.STEP_UP, Optional.empty())),
        agreement.from(),
        agreement.until());
  }

  private static Requester breaking(String role, Optional<String> reason, boolean namesPatient) {
    return Parties.breaking(
        asker(List.of(role(role)), ENCOUNTER, "BTG"), reason, namesPatient, JUNE);
  }

  private static Agreement with(
      Set<String> organisations,
      Relationship relationship,
      Optional<Agreement.BreakGlass> breakGlass) {
    Agreement agreement = agreement("DSA");
    return new Agreement(
        agreement.id(),
        agreement.releases(),
        agreement.to(),
        organisations,
        agreement.purposes(),
        agreement.roles(),
        agreement.types(),
        relationship,
        breakGlass,
        agreement.from(),
        agreement.until());
  }

  private static Decision decide(Agreement agreement, Requester requester) {
    return rules(agreement).decide(observation(requester), JUNE);
  }

  private static AgreementRules rules(Agreement... agreements) {
    return new AgreementRules(regions(List.of(agreements)));
  }

  private static Decision decide(Requester requester) {
    return rules(agreement("DSA")).decide(observation(requester), JUNE);
  }

  private static Decision decideAt(String instant) {
    return rules(agreement("DSA")).decide(observation(doctor()), Instant.parse(instant));
  }

  private static Question observation(Requester requester) {
    return question(requester, "Observation");
  }

  private static Question question(Requester requester, String type) {
    return new Question(requester, RELEASING, type);
  }

  private static Requester asker(List<Coding> roles, Optional<String> basis, String... purposes) {
    return requester(HWE, roles, basis, purposes);
  }

  private static Deny deny(String term) {
    return new Deny(List.of("DSA" + term));
  }

  private static Agreement terms(
      Set<String> purposes, Set<String> roles, Set<String> types, String id) {
    return new Agreement(
        id,
        LONDON,
        Set.of(HWE),
        Set.of(),
        purposes(purposes.toArray(String[]::new)),
        roles,
        types,
        Relationship.REQUIRED,
        Optional.empty(),
        LocalDate.of(2022, 1, 1),
        LocalDate.of(2022, 12, 31));
  }

  private static Agreement optional(Agreement agreement) {
    return new Agreement(
        agreement.id(),
        agreement.releases(),
        agreement.to(),
        agreement.organisations(),
        agreement.purposes(),
        agreement.roles(),
        agreement.types(),
        Relationship.OPTIONAL,
        Optional.empty(),
        agreement.from(),
        agreement.until());
  }

  private static Agreement valid(LocalDate from, LocalDate until) {
    Agreement agreement = agreement("DSA");
    return new Agreement(
        agreement.id(),
        agreement.releases(),
        agreement.to(),
        agreement.organisations(),
        agreement.purposes(),
        agreement.roles(),
        agreement.types(),
        agreement.relationship(),
        Optional.empty(),
        from,
        until);
  }
}
