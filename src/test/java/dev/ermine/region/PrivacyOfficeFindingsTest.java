package dev.ermine.region;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.testing.Given;
import dev.ermine.testing.SelfSigned;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PrivacyOfficeFindingsTest {

  private static final LocalDate TODAY = LocalDate.of(2026, 6, 1);
  private static final X509Certificate CERTIFICATE =
      SelfSigned.certificate(Given.NOON.minusSeconds(60), Given.NOON.plusSeconds(3600));

  @Test
  void tellsOfEachPartyToAnAgreementThatLetsTheGlassBeBroken() {
    Regions regions = regions(List.of(Given.breakable("london", "R8000")), Optional.empty());

    assertThat(PrivacyOfficeFindings.of(regions, TODAY))
        .extracting(Finding::path)
        .containsExactly("regions.hwe", "regions.london");
    assertThat(PrivacyOfficeFindings.of(regions, TODAY).getFirst().message())
        .contains("`privacy-office`", "`DSA-london`");
  }

  @Test
  void findsNothingWhereThereAreOffices() {
    PrivacyOffice office = new PrivacyOffice(URI.create("https://office.example"), List.of());

    assertThat(
            PrivacyOfficeFindings.of(
                regions(List.of(Given.breakable("london", "R8000")), Optional.of(office)), TODAY))
        .isEmpty();
  }

  @Test
  void findsNothingWhereNobodyMayBreakTheGlassAnyMore() {
    assertThat(
            PrivacyOfficeFindings.of(
                regions(List.of(Given.agreement("london", Given.TYPES)), Optional.empty()), TODAY))
        .isEmpty();
    assertThat(
            PrivacyOfficeFindings.of(
                regions(List.of(Given.breakable("london", "R8000")), Optional.empty()),
                LocalDate.of(2027, 12, 1)))
        .isEmpty();
  }

  private static Regions regions(List<Agreement> agreements, Optional<PrivacyOffice> office) {
    Regions plain = Given.regions(CERTIFICATE, Given.region("london"), Given.region("wessex"));
    return new Regions(
        plain.serial(),
        plain.hash(),
        plain.gateway(),
        plain.regions().stream().map(region -> with(region, office)).toList(),
        agreements,
        List.of());
  }

  private static Region with(Region region, Optional<PrivacyOffice> office) {
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        region.status(),
        region.publicText(),
        region.asks(),
        region.answers(),
        region.consents(),
        office);
  }
}
