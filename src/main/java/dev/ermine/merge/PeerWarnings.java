package dev.ermine.merge;

import dev.ermine.merge.PeerAnswer.Gap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a region's own warnings come to, in our words: its words may say more than it shares.
 *
 * @see <a href="https://simplifier.net/hl7fhirukcorer4/codesystem-ukcore-listwarningcode">UK Core
 *     list warning codes</a>
 * @see <a href="https://hl7.org/fhir/R4/valueset-issue-type.html">FHIR R4: issue type</a>
 */
public final class PeerWarnings {

  private static final String WITHHELD = "the region left out items that it does not share";

  private static final String OTHER = "the region warned that its answer may lack something";

  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("confidential-items", WITHHELD),
          Map.entry("suppressed", WITHHELD),
          Map.entry("withheld", WITHHELD),
          Map.entry(
              "data-in-transit", "the region has records still on their way between practices"),
          Map.entry("data-awaiting-filing", "the region has received data that is not yet filed"),
          Map.entry("timeout", "a source of the region did not answer it in time"),
          Map.entry("transient", "a source of the region could not be reached by it"),
          Map.entry("timed-out", "a region behind it did not answer it in time"),
          Map.entry("unreachable", "a region behind it could not be reached by it"),
          Map.entry("failing", "a region behind it failed"),
          Map.entry("refused", "a region behind it refused this asker"),
          Map.entry(
              "quarantined", "of a region behind it nothing is shown: its patient may be another"),
          Map.entry(
              "consent-unknown",
              "whether the patient objects could not be established at a region behind it"),
          Map.entry("suspended", "a region behind it was not asked: trust in it is suspended"),
          Map.entry("part-answered", "a region behind it answered with known gaps"),
          Map.entry("conflict", "the region says that entries of its contradict each other"),
          Map.entry("throttled", "a source of the region had no capacity left for it"),
          Map.entry("incomplete", "the region said that its answer is incomplete"),
          Map.entry("too-costly", "the region cut its search short"),
          Map.entry("not-supported", "the region did not apply a part of the search"));

  private PeerWarnings() {}

  /** The gap that the first code known tells of; codes that none is known of tell of one, too. */
  public static Gap gap(Stream<String> codes) {
    String words = codes.map(WORDS::get).filter(Objects::nonNull).findFirst().orElse(OTHER);
    return new Gap(Gap.Kind.PEER_WARNING, words);
  }

  /** Whether {@code gap} tells of sharing rules, which for an unknown patient must not show. */
  public static boolean isOfSharing(Gap gap) {
    return gap.kind() == Gap.Kind.PEER_WARNING && gap.why().equals(WITHHELD);
  }
}
