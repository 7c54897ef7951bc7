package dev.ermine.fhir;

import java.util.Optional;

/**
 * A value as a resource states it: nothing of it is converted or rounded.
 *
 * @see <a href="https://hl7.org/fhir/R4/observation-definitions.html#Observation.value_x_">FHIR R4:
 *     Observation.value[x]</a>
 */
public sealed interface Value {

  /**
   * A number with its unit, or without one.
   *
   * @param number as it is written; FHIR's decimals tell their precision
   * @param comparator {@code < | <= | >= | >}: the true value is on that side of the number
   * @param ucum the unit's code, where it is one of UCUM
   * @param unit the unit for people, or a code of another system
   * @see <a href="https://hl7.org/fhir/R4/datatypes.html#Quantity">FHIR R4: Quantity</a>
   */
  record Quantity(
      Optional<String> number,
      Optional<String> comparator,
      Optional<String> ucum,
      Optional<String> unit)
      implements Value {

    /** Nothing of it. */
    @Override
    public String toString() {
      return "Quantity";
    }
  }

  /** From one quantity to another; without bound where there is none. */
  record Range(Optional<Quantity> low, Optional<Quantity> high) implements Value {}

  /** One quantity to another, such as a titre. */
  record Ratio(Optional<Quantity> numerator, Optional<Quantity> denominator) implements Value {}

  /** A finding in codes or words. */
  record Coded(Term term) implements Value {}

  /** Free text. */
  record Words(String text) implements Value {

    /** Nothing of it. */
    @Override
    public String toString() {
      return "Words";
    }
  }

  /** A date, a dateTime or a time of day. */
  record Moment(String text) implements Value {

    /** Nothing of it. */
    @Override
    public String toString() {
      return "Moment";
    }
  }

  record Flag(boolean set) implements Value {}

  /** Why there is none: a code of {@code dataAbsentReason}. */
  record Absent(Term reason) implements Value {}

  /** One that is not read here: a curve, a Period, or something that is not as FHIR has it. */
  record Other() implements Value {}

  /** It as people write it; empty where there is nothing to write. */
  default Optional<String> inWords() {
    return switch (this) {
      case Quantity(var number, var comparator, var ucum, var unit) ->
          number.map(
              n -> comparator.orElse("") + n + unit.or(() -> ucum).map(" "::concat).orElse(""));
      case Coded coded -> coded.term().text();
      case Words words -> Optional.of(words.text());
      case Moment moment -> Optional.of(moment.text());
      case Flag flag -> Optional.of(flag.set() ? "yes" : "no");
      case Range range -> Optional.of(inWords(range.low()) + " to " + inWords(range.high()));
      case Ratio ratio ->
          Optional.of(inWords(ratio.numerator()) + " : " + inWords(ratio.denominator()));
      case Absent _, Other _ -> Optional.empty();
    };
  }

  private static String inWords(Optional<Quantity> quantity) {
    return quantity.flatMap(Quantity::inWords).orElse("");
  }
}
