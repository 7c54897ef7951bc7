package dev.ermine.peer;

import dev.ermine.fhir.PeerBody.PeerIssue;
import dev.ermine.merge.PeerAnswer.Gap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A region's own warnings, in our words: its words may say more than it shares.
 *
 * @see <a href="https://simplifier.net/hl7fhirukcorer4/codesystem-ukcore-listwarningcode">UK Core
 *     list warning codes</a>
 */
final class Warnings {

  private static final String WITHHELD = "the region left out items that it does not share";

  private static final String OTHER = "the region warned that its answer may lack something";

  /** By {@code details.coding.code} or {@code issue.code}. */
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("confidential-items", WITHHELD),
          Map.entry("suppressed", WITHHELD),
          Map.entry(
              "data-in-transit", "the region has records still on their way between practices"),
          Map.entry("data-awaiting-filing", "the region has received data that is not yet filed"),
          Map.entry("timeout", "a source of the region did not answer it in time"),
          Map.entry("transient", "a source of the region could not be reached by it"),
          Map.entry("throttled", "a source of the region had no capacity left for it"),
          Map.entry("incomplete", "the region said that its answer is incomplete"),
          Map.entry("too-costly", "the region cut its search short"),
          Map.entry("not-supported", "the region did not apply a part of the search"));

  private Warnings() {}

  /** The gaps that {@code issues} tell of, each once. */
  static List<Gap> gaps(List<PeerIssue> issues) {
    return issues.stream()
        .filter(PeerIssue::tellsOfGap)
        .map(Warnings::words)
        .distinct()
        .map(words -> new Gap(Gap.Kind.PEER_WARNING, words))
        .toList();
  }

  /** Whether an issue says that the whole answer failed. */
  static boolean fails(PeerIssue issue) {
    return issue.severity().equals("error") || issue.severity().equals("fatal");
  }

  /** Whether {@code gap} tells of sharing rules, which for an unknown patient must not show. */
  static boolean isOfSharing(Gap gap) {
    return gap.kind() == Gap.Kind.PEER_WARNING && gap.why().equals(WITHHELD);
  }

  private static String words(PeerIssue issue) {
    return Stream.concat(issue.details().stream(), Stream.of(issue.code()))
        .map(WORDS::get)
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(OTHER);
  }
}
