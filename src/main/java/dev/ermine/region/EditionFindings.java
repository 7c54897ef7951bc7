package dev.ermine.region;

import dev.ermine.region.Finding.Severity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What officers should look at in a version's own terms: when it ends, and what it lacks. */
public final class EditionFindings {

  private static final Duration NOTICE = Duration.ofDays(90);

  private EditionFindings() {}

  /** The findings: a version that is not in its time now, soon will not be, or cannot be signed. */
  public static List<Finding> of(Regions regions, Instant now) {
    List<Finding> findings = new ArrayList<>();
    BaseRules.lacking(regions.edition())
        .forEach(
            fault ->
                findings.add(
                    new Finding(
                        Severity.WARNING,
                        fault.path(),
                        fault.message() + ". Production refuses a file without")));
    regions.edition().valid().ifPresent(valid -> tell(valid, now, findings));
    return findings;
  }

  private static void tell(Period valid, Instant now, List<Finding> findings) {
    if (valid.hasEnded(now)) {
      findings.add(
          new Finding(
              Severity.ERROR,
              "valid.until",
              "was `%s`: every query is refused; bring the next version".formatted(valid.until())));
    } else if (now.isBefore(valid.from())) {
      findings.add(
          new Finding(
              Severity.WARNING,
              "valid.from",
              "is `%s`: it comes into force then".formatted(valid.from())));
    } else if (valid.hasEnded(now.plus(NOTICE))) {
      findings.add(
          new Finding(
              Severity.WARNING,
              "valid.until",
              "is `%s`, in %d days, and every query is refused then; have the next version signed"
                  .formatted(valid.until(), Duration.between(now, valid.until()).toDays())));
    }
  }
}
