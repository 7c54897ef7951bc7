package dev.ermine.federation;

import dev.ermine.region.Agreement;
import dev.ermine.region.Denial;
import dev.ermine.region.Finding;
import dev.ermine.region.Finding.Severity;
import dev.ermine.region.Region;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Agreements that can never apply, and regions that none speaks for: found by deciding all that
 * they could permit from today on.
 */
public final class AgreementFindings {

  private final Regions regions;
  private final LocalDate today;

  private AgreementFindings(Regions regions, LocalDate today) {
    this.regions = regions;
    this.today = today;
  }

  /** The findings: agreements first, then regions, in the file's order. */
  public static List<Finding> of(Regions regions, LocalDate today) {
    AgreementFindings look = new AgreementFindings(regions, today);
    List<Finding> findings = new ArrayList<>();
    regions.agreements().stream()
        .filter(agreement -> look.opened(List.of(agreement)).isEmpty())
        .forEach(agreement -> findings.add(look.idle(agreement)));
    findings.addAll(look.alone(look.opened(regions.agreements())));
    return findings;
  }

  /** All that these agreements permit, under the denials of the file. */
  private List<Sharing> opened(List<Agreement> agreements) {
    return DecisionChanges.between(with(List.of()), with(agreements), today).gained();
  }

  private Regions with(List<Agreement> agreements) {
    return new Regions(
        regions.serial(),
        regions.hash(),
        regions.gateway(),
        regions.regions(),
        agreements,
        regions.denials());
  }

  private Finding idle(Agreement agreement) {
    return new Finding(
        Severity.WARNING, "agreements." + agreement.id(), "permits nothing: " + why(agreement));
  }

  private String why(Agreement agreement) {
    if (agreement.until().isBefore(today)) {
      return "it ended with " + agreement.until() + "; take it out, or have it renewed";
    } else if (agreement.to().stream().noneMatch(this::mayAsk)) {
      return "none of the regions in `to` may ask; activate one, or take the agreement out";
    } else if (regions.region(agreement.releases()).filter(Region::active).isEmpty()) {
      return "`" + agreement.releases() + "` is not active; activate it, or take the agreement out";
    }
    String denials =
        regions.denials().stream()
            .filter(denial -> denial.until().filter(today::isAfter).isEmpty())
            .map(Denial::id)
            .map(id -> "`" + id + "`")
            .collect(Collectors.joining(", "));
    return denials.isEmpty()
        ? "no purpose, role and type of it can be asked for together; look at its terms"
        : "denials take away all of it; look at it beside " + denials;
  }

  private boolean mayAsk(RegionId id) {
    return regions.region(id).filter(Region::mayAsk).isPresent();
  }

  private List<Finding> alone(List<Sharing> opened) {
    Set<RegionId> releasing = opened.stream().map(Sharing::releasing).collect(Collectors.toSet());
    Set<RegionId> asking = opened.stream().map(Sharing::asking).collect(Collectors.toSet());
    List<Finding> findings = new ArrayList<>();
    for (Region region : regions.regions()) {
      String path = "regions." + region.id();
      if (region.active() && region.answers().isPresent() && !releasing.contains(region.id())) {
        findings.add(
            new Finding(
                Severity.WARNING,
                path + ".answers",
                "nobody may ask it; agree on something, or take `answers` out"));
      }
      if (region.mayAsk() && !asking.contains(region.id())) {
        findings.add(
            new Finding(
                Severity.WARNING,
                path + ".asks",
                "it may ask nobody; agree on something, or take `asks` out"));
      }
    }
    return findings;
  }
}
