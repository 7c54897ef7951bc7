package dev.ermine.merge.filter;

import dev.ermine.fhir.DateText;
import dev.ermine.fhir.Entry;
import dev.ermine.fhir.Facets.Dated;
import dev.ermine.fhir.TimeSpan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether an entry's dates are as asked. A plain date is one of a clock that it does not name: both
 * sides are read by UTC, then by London's, and the entry passes when it does by either.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#date">FHIR R4: date search</a>
 */
final class DateTest implements Filter.Test {

  private final Place place;
  private final List<Bound> bounds;

  private DateTest(Place place, List<Bound> bounds) {
    this.place = place;
    this.bounds = bounds;
  }

  /** The test for one of these values; empty where one of them is no date. */
  static Optional<Filter.Test> of(Place place, List<String> values, Instant at) {
    List<Bound> bounds = values.stream().flatMap(value -> Bound.of(value, at).stream()).toList();
    return bounds.size() == values.size()
        ? Optional.of(new DateTest(place, bounds))
        : Optional.empty();
  }

  /** A date that is asked for, by UTC and by London's clock. */
  private record Bound(Relation relation, TimeSpan utc, TimeSpan london) {

    static Optional<Bound> of(String value, Instant now) {
      Relation relation = Relation.of(value);
      return DateText.parse(value.substring(relation.prefixIn(value)))
          .map(
              date ->
                  new Bound(
                      relation, relation.of(date.inUtc(), now), relation.of(date.inLondon(), now)));
    }

    boolean admits(Span span) {
      return relation.holds(span.utc, utc) || relation.holds(span.london, london);
    }
  }

  /** When something was, by UTC and by London's clock. */
  private record Span(TimeSpan utc, TimeSpan london) {

    /** Empty where it is open at both ends or not a date: it does not tell. */
    static Optional<Span> of(Optional<String> start, Optional<String> end) {
      Optional<DateText> first = start.flatMap(DateText::parse);
      Optional<DateText> last = end.flatMap(DateText::parse);
      boolean garbled =
          start.isPresent() != first.isPresent() || end.isPresent() != last.isPresent();
      return garbled || (first.isEmpty() && last.isEmpty())
          ? Optional.empty()
          : Optional.of(
              new Span(
                  between(first, last, DateText::inUtc), between(first, last, DateText::inLondon)));
    }

    private static TimeSpan between(
        Optional<DateText> first, Optional<DateText> last, Function<DateText, TimeSpan> clock) {
      return TimeSpan.between(first.map(clock), last.map(clock));
    }
  }

  @Override
  public boolean isExact() {
    return bounds.stream().noneMatch(bound -> bound.relation == Relation.AP);
  }

  @Override
  public Verdict of(Entry entry) {
    List<Optional<Span>> spans = spans(entry);
    Verdict verdict = spans.isEmpty() ? Verdict.UNTOLD : Verdict.FAILS;
    for (Optional<Span> span : spans) {
      verdict = verdict.or(span.map(this::of).orElse(Verdict.UNTOLD));
    }
    return verdict;
  }

  private Verdict of(Span span) {
    return bounds.stream().anyMatch(bound -> bound.admits(span)) ? Verdict.PASSES : Verdict.FAILS;
  }

  private List<Optional<Span>> spans(Entry entry) {
    List<Optional<Span>> spans = new ArrayList<>();
    for (Dated dated : place.dates(entry)) {
      spans.add(Span.of(dated.start(), dated.end()));
    }
    return spans;
  }
}
