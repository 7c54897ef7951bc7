package dev.ermine.merge.filter;

import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Parameter;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One filter of a query, as it bears on entries of one type. Its values are alternatives: an entry
 * passes when one of them lets it by.
 *
 * <p>An entry that fails may be left out, so nothing fails that a server could have let by in good
 * faith. Where readings of FHIR differ (in whose time zone a plain date is, whether {@code ge}
 * covers what is still going on) the most generous one counts.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html">FHIR R4: Search</a>
 */
public final class Filter {

  private final Parameter asked;
  private final Optional<Test> test;

  /** What looks at an entry. */
  interface Test {

    Verdict of(Entry entry);

    /** Whether every server that applies the filter has the same understanding of it. */
    boolean isExact();
  }

  private Filter(Parameter asked, Optional<Test> test) {
    this.asked = asked;
    this.test = test;
  }

  static Filter of(String type, Parameter asked, Instant at) {
    String[] name = asked.name().split(":", 2);
    Optional<String> modifier = name.length == 1 ? Optional.empty() : Optional.of(name[1]);
    Optional<Place> place = Place.of(type, name[0]);
    List<String> values = SearchValue.alternatives(asked.value());
    return new Filter(asked, place.flatMap(of -> test(of, modifier, values, at)));
  }

  private static Optional<Test> test(
      Place place, Optional<String> modifier, List<String> values, Instant at) {
    if (modifier.isPresent() && place.wider()) {
      return Optional.empty();
    }
    return switch (modifier.orElse("")) {
      case "" -> plain(place, values, at);
      case "not" -> Optional.of(new TokenTest(place, values, true));
      case "missing" -> Optional.of(new MissingTest(place, values.equals(List.of("true"))));
      // Others ask for a terminology, or for words.
      default -> Optional.empty();
    };
  }

  private static Optional<Test> plain(Place place, List<String> values, Instant at) {
    return switch (place.way()) {
      case DATE, DAY -> DateTest.of(place, values, at);
      case URI -> Optional.of(new UriTest(place, values));
      case CODED, PLAIN, STATUS, CONTENT_TYPE, ID, IDENTIFIER, LABEL, TAG ->
          Optional.of(new TokenTest(place, values, false));
    };
  }

  /** It as it was asked. */
  public Parameter asked() {
    return asked;
  }

  /** Its name and modifier: a name of FHIR's, for the query was read by them. */
  public String name() {
    return asked.name();
  }

  /** Whether an entry tells if it passes, or has to be taken at the region's word. */
  public boolean canBeApplied() {
    return test.isPresent();
  }

  /** Whether a server may not understand it otherwise. */
  public boolean isExact() {
    return test.filter(Test::isExact).isPresent();
  }

  /** What it says of an entry; nothing of any where it cannot be applied. */
  public Verdict of(Entry entry) {
    return test.map(by -> by.of(entry)).orElse(Verdict.UNTOLD);
  }
}
