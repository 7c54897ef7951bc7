package dev.ermine.merge.filter;

import dev.ermine.fhir.Entry;

/**
 * Whether an entry says anything where a parameter looks, or with {@code true} whether it does not.
 * That nothing is found there tells only where nothing else could stand, such as words.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#modifiers">FHIR R4: the modifier missing</a>
 */
final class MissingTest implements Filter.Test {

  private final Place place;
  private final boolean missing;

  MissingTest(Place place, boolean missing) {
    this.place = place;
    this.missing = missing;
  }

  @Override
  public boolean isExact() {
    return true;
  }

  @Override
  public Verdict of(Entry entry) {
    boolean found =
        switch (place.way()) {
          case DATE, DAY -> !place.dates(entry).isEmpty();
          default -> !place.codings(entry).isEmpty();
        };
    if (!found && !place.isWhole()) {
      return Verdict.UNTOLD;
    }
    return found == missing ? Verdict.FAILS : Verdict.PASSES;
  }
}
