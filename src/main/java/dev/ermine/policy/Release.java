package dev.ermine.policy;

import dev.ermine.region.Agreement;
import dev.ermine.region.Labelling;
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
 * @param labelling the lists that labels are derived from
 */
public record Release(
    Region region,
    Requester requester,
    Map<String, List<Agreement>> permits,
    Labelling labelling,
    Instant at) {

  public Release {
    permits = Collections.unmodifiableMap(new LinkedHashMap<>(permits));
  }

  /** The agreements in play, each once. */
  public List<Agreement> agreements() {
    return permits.values().stream().flatMap(List::stream).distinct().toList();
  }
}
