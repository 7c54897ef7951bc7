package dev.ermine.merge;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Issue;
import dev.ermine.region.Region;
import java.util.List;
import java.util.Optional;

/**
 * One line of the account: what is known of one region, or of some types of it where types differ.
 *
 * @param text in words, for a clinician
 * @param origin who says so
 * @param rules ids of the rules that spoke
 */
public record AccountLine(
    Region region, Status status, String text, Origin origin, List<String> rules) {

  /** The code systems of the account. */
  public static final String STATUS_SYSTEM = "https://ermine.dev/fhir/CodeSystem/account";

  public static final String REGION_SYSTEM = "https://ermine.dev/fhir/CodeSystem/region";
  public static final String ORIGIN_SYSTEM = "https://ermine.dev/fhir/CodeSystem/origin";

  /** Who says it. */
  public enum Origin {
    GATEWAY,
    REGION;

    String code() {
      return this == GATEWAY ? "gateway" : "region";
    }
  }

  public AccountLine {
    rules = List.copyOf(rules);
  }

  /** The line as an issue of the OperationOutcome. */
  public Issue issue() {
    return new Issue(
        status.severity(),
        status.issue(),
        region.name() + ": " + text,
        List.of(
            new Coding(STATUS_SYSTEM, status.code()),
            new Coding(REGION_SYSTEM, region.id().value()),
            new Coding(ORIGIN_SYSTEM, origin.code())),
        rules.isEmpty() ? Optional.empty() : Optional.of("rules: " + String.join(", ", rules)),
        List.of());
  }
}
