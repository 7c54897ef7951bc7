package dev.ermine.merge.quality;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many entries of one region were looked at in one answer, and how many have which flaw.
 *
 * @param seen those that are disclosed or set aside, and none that is withheld
 * @param flawed by flaw; an entry with several counts for each
 */
public record Census(int seen, Map<Flaw, Integer> flawed) {
  public Census {
    flawed = flawed.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(flawed));
  }
}
