package dev.ermine.federation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.region.Agreement;
import dev.ermine.region.Denial;
import dev.ermine.region.Finding;
import dev.ermine.region.Region;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AgreementFindingsTest {

  private static final Region HWE =
      Worlds.region("hwe", Region.Status.ACTIVE, true, false, Set.of());
  private static final Region LONDON =
      Worlds.region("london", Region.Status.ACTIVE, false, true, Set.of("Flag"));
  private static final Agreement AGREEMENT = Worlds.agreement("DSA");

  @Test
  void findsNothingWhereAnAgreementApplies() {
    assertThat(findings(List.of(HWE, LONDON), List.of(), Worlds.TODAY)).isEmpty();
  }

  @Test
  void tellsAnAgreementThatHasEndedAndTheRegionsItLeavesAlone() {
    assertThat(findings(List.of(HWE, LONDON), List.of(), LocalDate.of(2027, 1, 1)))
        .extracting(Finding::path)
        .containsExactly("agreements.DSA", "regions.hwe.asks", "regions.london.answers");
  }

  @Test
  void doesNotTellOneThatIsYetToBegin() {
    assertThat(findings(List.of(HWE, LONDON), List.of(), LocalDate.of(2025, 1, 1))).isEmpty();
  }

  @Test
  void tellsAnAgreementWithoutAnActiveAsker() {
    Region suspended = Worlds.region("hwe", Region.Status.SUSPENDED, true, false, Set.of());

    assertThat(findings(List.of(suspended, LONDON), List.of(), Worlds.TODAY).getFirst().message())
        .contains("none of the regions in `to` may ask");
  }

  @Test
  void tellsAnAgreementOfARegionThatIsNotActive() {
    Region retired = Worlds.region("london", Region.Status.RETIRED, false, true, Set.of("Flag"));

    assertThat(findings(List.of(HWE, retired), List.of(), Worlds.TODAY).getFirst().message())
        .contains("`london` is not active");
  }

  @Test
  void tellsAnAgreementThatADenialTakesAwayWhole() {
    Denial whole = denial(Set.of("R1"), Optional.empty());

    assertThat(findings(List.of(HWE, LONDON), List.of(whole), Worlds.TODAY).getFirst().message())
        .contains("denials take away all of it", "`STOP`");
  }

  @Test
  void doesNotTellOneThatADenialTakesInPartOrForAWhile() {
    assertThat(
            findings(
                List.of(HWE, LONDON),
                List.of(denial(Set.of("R2"), Optional.empty())),
                Worlds.TODAY))
        .isEmpty();
    assertThat(
            findings(
                List.of(HWE, LONDON),
                List.of(denial(Set.of("R1"), Optional.of(LocalDate.of(2026, 7, 1)))),
                Worlds.TODAY))
        .isEmpty();
  }

  private static Denial denial(Set<String> roles, Optional<LocalDate> until) {
    return new Denial(
        "STOP",
        Set.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        roles,
        Set.of(),
        LocalDate.of(2026, 1, 1),
        until);
  }

  private static List<Finding> findings(
      List<Region> regions, List<Denial> denials, LocalDate today) {
    return AgreementFindings.of(Worlds.regions(regions, List.of(AGREEMENT), denials), today);
  }
}
