package dev.ermine.policy;

import dev.ermine.region.Agreement;
import dev.ermine.region.Region;
import dev.ermine.trust.Requester;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What agreements let one requester have of one region at one moment, entry by entry still to be
 * looked at.
 *
 * @param permits the agreements that permit each type
 * @param labels the rules that labels are derived by
 * @param optedOut whether the patient has opted out of what is asked for; {@link OptOuts#withhold}
 * @param relayed whether it is another region that has the entries, and the region's by origin
 */
public record Release(
    Region region,
    Requester requester,
    Map<String, List<Agreement>> permits,
    LabelRules labels,
    Instant at,
    boolean optedOut,
    boolean relayed) {

  /** What they let it have of the region's own record. */
  public Release(
      Region region,
      Requester requester,
      Map<String, List<Agreement>> permits,
      LabelRules labels,
      Instant at,
      boolean optedOut) {
    this(region, requester, permits, labels, at, optedOut, false);
  }

  public Release {
    permits = Collections.unmodifiableMap(new LinkedHashMap<>(permits));
  }

  /** The same of what another region relays of it. */
  public Release ofRelayed() {
    return new Release(region, requester, permits, labels, at, optedOut, true);
  }

  /** The agreements in play, each once. */
  public List<Agreement> agreements() {
    return permits.values().stream().flatMap(List::stream).distinct().toList();
  }

  /** Whether the record of a patient whose own is restricted may be shared: all of them say so. */
  public boolean releasesRestrictedPatients() {
    List<Agreement> agreements = agreements();
    return !agreements.isEmpty()
        && agreements.stream().allMatch(agreement -> agreement.terms().restrictedPatients());
  }

  /** What is said of the region to this asker, whoever the patient is. */
  public List<String> notices() {
    return agreements().stream()
        .flatMap(agreement -> agreement.terms().notice().stream())
        .distinct()
        .toList();
  }
}
