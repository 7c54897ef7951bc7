package dev.ermine.federation;

import dev.ermine.merge.Duplicates;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What an asker wishes of the way a query is answered.
 *
 * @param regions {@code Ermine-Regions}: the only regions to ask, by id; none named means all
 * @param require {@code Ermine-Require}: without these there shall be no answer
 * @param deadline {@code Ermine-Deadline}: the time allowed, never more than the gateway's own
 * @param duplicates {@code Ermine-Duplicates}: what to do with entries that record the same fact
 */
public record Wishes(
    Optional<List<String>> regions,
    Require require,
    Optional<Duration> deadline,
    Duplicates duplicates) {

  /** No wishes. */
  public static final Wishes NONE =
      new Wishes(Optional.empty(), new Require.Nothing(), Optional.empty(), Duplicates.SHOW);

  public Wishes {
    regions = regions.map(List::copyOf);
  }

  /** The same, with another time allowed. */
  Wishes within(Optional<Duration> other) {
    return new Wishes(regions, require, other, duplicates);
  }

  /** Which regions must have been reached for there to be an answer. */
  public sealed interface Require {
    /** None. */
    record Nothing() implements Require {}

    /** Every region asked. */
    record All() implements Require {}

    /** These, by id. */
    record These(List<String> regions) implements Require {
      public These {
        regions = List.copyOf(regions);
      }
    }
  }
}
