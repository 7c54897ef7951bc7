package dev.ermine.policy;

import static dev.ermine.policy.Parties.HWE;
import static dev.ermine.policy.Parties.LONDON;
import static dev.ermine.policy.Parties.role;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.region.Agreement;
import dev.ermine.region.Denial;
import dev.ermine.region.Region;
import dev.ermine.testing.Given;
import dev.ermine.trust.Requester;
import dev.ermine.trust.Scope;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is said of a region to who could see more of it by breaking the glass. */
class BreakGlassOfferTest {

  private static final Instant JUNE = Instant.parse("2022-06-01T12:00:00Z");
  private static final Region RELEASING = Parties.region(LONDON, "Patient", "Observation");
  private static final String SENTENCE =
      "More may be seen by breaking the glass, under DSA-BTG, if care cannot wait.";

  @Test
  void offersWhatAnAgreementWouldLetTheRequesterDo() {
    assertThat(offer(asker("R8000", "TREAT"), breakable("R8000"))).contains(SENTENCE);
    assertThat(offer(asker("R8000", "TREAT"), Parties.agreement("DSA"), breakable("R8000")))
        .contains(SENTENCE);
  }

  @Test
  void offersItWhicheverPatientTheTokenNamesOrNone() {
    Requester named =
        Parties.breaking(
            asker("R8000", "TREAT"), Optional.empty(), true, Requester.StepUp.NONE, true);

    assertThat(offer(named, breakable("R8000")))
        .isEqualTo(offer(asker("R8000", "TREAT"), breakable("R8000")));
  }

  @Test
  void offersNothingToRolesThatMayNot() {
    assertThat(offer(asker("R8001", "TREAT"), breakable("R8000"))).isEmpty();
  }

  @Test
  void offersNothingToWhoBreaksTheGlassAlready() {
    assertThat(offer(asker("R8000", "TREAT", "BTG"), breakable("R8000"))).isEmpty();
  }

  @Test
  void offersNothingToWhoDoesNotAskForCare() {
    assertThat(offer(asker("R8000", "HRESCH"), breakable("R8000"))).isEmpty();
    assertThat(offer(asker("R8000", "PATRQT"), breakable("R8000"))).isEmpty();
  }

  @Test
  void offersNothingThatADenialTakesAway() {
    Denial denial =
        new Denial(
            "STOP",
            Set.of(LONDON),
            Set.of(),
            Set.of(),
            Parties.purposes("BTG"),
            Set.of(),
            Set.of(),
            LocalDate.of(2022, 1, 1),
            Optional.empty());

    assertThat(
            new AgreementRules(Parties.regions(List.of(breakable("R8000")), List.of(denial)))
                .breakGlassOffer(asker("R8000", "TREAT"), RELEASING, JUNE))
        .isEmpty();
  }

  @Test
  void offersNothingThatTheScopeOfTheTokenLeavesOut() {
    Requester narrowed =
        Parties.within(asker("R8000", "TREAT"), new Scope(Optional.of(Set.of("Flag"))));

    assertThat(offer(narrowed, breakable("R8000"))).isEmpty();
  }

  @Test
  void offersNothingWhereNoAgreementDoes() {
    assertThat(offer(asker("R8000", "TREAT"), Parties.agreement("DSA"))).isEmpty();
  }

  private static Optional<String> offer(Requester requester, Agreement... agreements) {
    return new AgreementRules(Parties.regions(List.of(agreements)))
        .breakGlassOffer(requester, RELEASING, JUNE);
  }

  private static Requester asker(String role, String... purposes) {
    return Parties.requester(HWE, List.of(role(role)), Optional.of("encounter"), purposes);
  }

  private static Agreement breakable(String role) {
    Agreement plain = Parties.agreement("DSA-BTG");
    return new Agreement(
        plain.id(),
        plain.releases(),
        plain.to(),
        plain.organisations(),
        Parties.purposes("TREAT", "BTG"),
        plain.roles(),
        plain.types(),
        plain.relationship(),
        Optional.of(new Agreement.BreakGlass(Set.of(role), Given.STEP_UP, Optional.empty())),
        plain.from(),
        plain.until());
  }
}
