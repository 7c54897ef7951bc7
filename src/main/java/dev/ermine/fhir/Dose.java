package dev.ermine.fhir;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How much of a medicine is taken, how often and by which route.
 *
 * @param whole the dosage as the bytes that came
 * @param text in words, where it is said in words at all
 * @param amount a quantity or a range
 * @param rate a quantity, a range or a ratio
 * @param timing how often
 * @param asNeeded {@code asNeededBoolean}; true for {@code asNeededCodeableConcept} as well
 * @param more whether it says anything beyond these, such as a maximum or a time of day
 * @see <a href="https://hl7.org/fhir/R4/dosage.html">FHIR R4: Dosage</a>
 */
public record Dose(
    Slice whole,
    Optional<String> text,
    Optional<Value> amount,
    Optional<Value> rate,
    Timing timing,
    Optional<Term> route,
    Optional<Boolean> asNeeded,
    boolean more) {

  /**
   * How often: {@code frequency} times in each {@code period} of {@code periodUnit}s.
   *
   * @param frequency as it is written
   * @param period as it is written
   * @param code such as {@code BID}
   * @see <a href="https://hl7.org/fhir/R4/datatypes.html#Timing">FHIR R4: Timing</a>
   */
  public record Timing(
      Optional<String> frequency,
      Optional<String> period,
      Optional<String> periodUnit,
      Optional<Term> code) {

    /** Nothing. */
    public static final Timing NONE =
        new Timing(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private Optional<String> inWords() {
      Optional<String> named = code.flatMap(it -> it.text().or(it::code));
      return named.or(
          () ->
              periodUnit.map(
                  unit -> frequency.orElse("1") + " in " + period.orElse("1") + " " + unit));
    }
  }

  /** Whether anything is said beyond words. */
  public boolean structured() {
    return amount.isPresent() || rate.isPresent() || !timing.equals(Timing.NONE);
  }

  /** It as people write it: in the words it came with, or else put together of its parts. */
  public Optional<String> inWords() {
    return text.or(
        () -> {
          List<String> parts = new ArrayList<>();
          amount.flatMap(Value::inWords).ifPresent(parts::add);
          rate.flatMap(Value::inWords).ifPresent(it -> parts.add("at " + it));
          timing.inWords().ifPresent(parts::add);
          route.flatMap(Term::text).ifPresent(parts::add);
          asNeeded.filter(it -> it).ifPresent(_ -> parts.add("as needed"));
          return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", parts));
        });
  }

  /** Nothing of it. */
  @Override
  public String toString() {
    return "Dose";
  }
}
