package dev.ermine.merge;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Issue;
import dev.ermine.region.Region;
import java.util.List;
import java.util.Optional;

/**
 * One line of the account: what is known of one region, or of some types of it where types differ.
 *
 * @param types that it speaks of, where it does not speak of all that the region was asked for
 * @param text in words, for a clinician
 * @param origin who says so
 * @param rules ids of the rules that spoke
 * @param types the types that it is about; none: all that are asked for
 */
public record AccountLine(
    Region region,
    Status status,
    List<String> types,
    String text,
    Origin origin,
    List<String> rules) {

  /** The code systems of the account. */
  public static final String STATUS_SYSTEM = "https://ermine.dev/fhir/CodeSystem/account";

  public static final String REGION_SYSTEM = "https://ermine.dev/fhir/CodeSystem/region";
  public static final String ORIGIN_SYSTEM = "https://ermine.dev/fhir/CodeSystem/origin";

  private static final String CHANGED =
      "its record has changed since the first page; ask again from the first page to be sure of all"
          + " of it";

  /** Who says it. */
  public enum Origin {
    GATEWAY,
    REGION;

    String code() {
      return this == GATEWAY ? "gateway" : "region";
    }
  }

  /** One that speaks of all. */
  public AccountLine(Region region, Status status, String text, Origin origin, List<String> rules) {
    this(region, status, List.of(), text, origin, rules);
  }

  public AccountLine {
    types = List.copyOf(types);
    rules = List.copyOf(rules);
  }

  /** The line of a region whose record was another one when the first page was made. */
  AccountLine changed() {
    return switch (status) {
      case ANSWERED, EMPTY, NOT_MATCHED -> saying(Status.PART_ANSWERED, "; known gaps: ");
      case PART_ANSWERED, WITHHELD -> saying(status, "; ");
      case TIMED_OUT,
          UNREACHABLE,
          FAILING,
          THROTTLED,
          REFUSED,
          QUARANTINED,
          CONSENT_UNKNOWN,
          SUSPENDED,
          NOT_ASKED ->
          this;
    };
  }

  private AccountLine saying(Status other, String before) {
    return new AccountLine(region, other, types, text + before + CHANGED, origin, rules);
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
