package dev.ermine.region;

import java.util.Optional;
import java.util.function.Predicate;

/**
 * How much of the trust that was in force a change takes away: a slip of an editor, or of a script,
 * must not take care away from most regions at once.
 *
 * <p>One region alone is no mass, however few there are: officers must always be able to part with
 * one. But that nobody is left who may ask is told in any case.
 *
 * @param regions how many that were active are not any more
 * @param of how many were active
 * @param leavesNoAsker whether some region could ask, and none can any more
 */
record TakenOut(int regions, int of, boolean leavesNoAsker) {

  private static final int PERCENT = 30;

  static TakenOut between(Regions before, Regions after) {
    Predicate<Region> gone = region -> after.region(region.id()).filter(Region::active).isEmpty();
    long active = before.regions().stream().filter(Region::active).count();
    long taken = before.regions().stream().filter(Region::active).filter(gone).count();
    return new TakenOut(
        Math.toIntExact(taken), Math.toIntExact(active), hasAsker(before) && !hasAsker(after));
  }

  private static boolean hasAsker(Regions version) {
    return version.regions().stream().anyMatch(TakenOut::mayAsk);
  }

  /** Whether the region may ask, and has a key that can prove it. */
  private static boolean mayAsk(Region region) {
    return region.active()
        && region
            .asks()
            .filter(
                asks ->
                    asks.published().isPresent()
                        || asks.keys().stream().anyMatch(set -> set.use().verifies()))
            .isPresent();
  }

  /** Whether so many must be meant. */
  boolean isMass() {
    return leavesNoAsker || isMostly();
  }

  /** Whether most are taken out, as officers see it. */
  boolean isMostly() {
    return regions > 1 && regions * 100 > of * PERCENT;
  }

  /** What the change from one version to the other does without saying that it is meant. */
  static Optional<String> unsaid(Regions before, Regions after) {
    TakenOut taken = between(before, after);
    return taken.isMass() && !after.edition().allowsMassChange()
        ? Optional.of(taken + "; needs `allow-mass-change: " + after.serial() + "`, if it is meant")
        : Optional.empty();
  }

  /** In words. */
  @Override
  public String toString() {
    String told = "takes out %d of %d regions".formatted(regions, of);
    return leavesNoAsker ? told + " and leaves none that may ask" : told;
  }
}
