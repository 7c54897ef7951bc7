package dev.ermine.region;

import dev.ermine.region.Finding.Severity;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Regions whose privacy officers nobody tells that the glass was broken, though it may be. */
public final class PrivacyOfficeFindings {

  private PrivacyOfficeFindings() {}

  /** The findings, in the file's order. */
  public static List<Finding> of(Regions regions, LocalDate today) {
    return regions.regions().stream()
        .filter(region -> region.privacyOffice().isEmpty())
        .flatMap(region -> finding(region, regions, today))
        .toList();
  }

  private static Stream<Finding> finding(Region region, Regions regions, LocalDate today) {
    String agreements =
        regions.agreements().stream()
            .filter(agreement -> agreement.breakGlass().isPresent())
            .filter(agreement -> !agreement.until().isBefore(today))
            .filter(agreement -> isParty(region.id(), agreement))
            .map(agreement -> "`" + agreement.id() + "`")
            .collect(Collectors.joining(", "));
    return agreements.isEmpty()
        ? Stream.empty()
        : Stream.of(
            new Finding(
                Severity.WARNING,
                "regions." + region.id(),
                "has no `privacy-office`, so nobody there is told when the glass is broken under "
                    + agreements
                    + "; give it one"));
  }

  private static boolean isParty(RegionId region, Agreement agreement) {
    return agreement.releases().equals(region) || agreement.to().contains(region);
  }
}
