package dev.ermine.merge.fact;

import dev.ermine.fhir.Dose;
import dev.ermine.fhir.Dose.Timing;
import dev.ermine.fhir.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Doses, compared: what is structured with what is structured, words with words. What is said in
 * words alone is never held against a structure.
 */
final class Doses {

  /** Directions with more parts than these are not taken apart. */
  static final int PARTS = 8;

  private static final Map<String, BigDecimal> HOURS =
      Map.of(
          "min",
          new BigDecimal("0.016666666666666666"),
          "h",
          BigDecimal.ONE,
          "d",
          BigDecimal.valueOf(24),
          "wk",
          BigDecimal.valueOf(168));

  /**
   * Hours from one dose to the next that codes stand for.
   *
   * @see <a href="https://hl7.org/fhir/R4/valueset-timing-abbreviation.html">FHIR R4:
   *     TimingAbbreviation</a>
   */
  private static final Map<String, BigDecimal> CODES =
      Map.of(
          "QD", BigDecimal.valueOf(24),
          "AM", BigDecimal.valueOf(24),
          "PM", BigDecimal.valueOf(24),
          "BED", BigDecimal.valueOf(24),
          "BID", BigDecimal.valueOf(12),
          "TID", BigDecimal.valueOf(8),
          "QID", BigDecimal.valueOf(6),
          "QOD", BigDecimal.valueOf(48),
          "WK", BigDecimal.valueOf(168));

  private static final BigDecimal REST = new BigDecimal("0.000001");

  private Doses() {}

  /** Of all that two entries say of it. */
  static Comparison compare(List<Dose> ones, List<Dose> others) {
    if (ones.isEmpty() || others.isEmpty()) {
      return ones.isEmpty() && others.isEmpty() ? Comparison.SAME : Comparison.UNSAID;
    }
    if (ones.size() > PARTS || others.size() > PARTS) {
      return Comparison.UNSAID;
    }
    if (ones.size() == others.size() && sameInOrder(ones, others)) {
      return Comparison.SAME;
    }
    return hasNoLike(ones, others) || hasNoLike(others, ones)
        ? Comparison.DIFFERENT
        : Comparison.UNSAID;
  }

  private static boolean sameInOrder(List<Dose> ones, List<Dose> others) {
    for (int i = 0; i < ones.size(); i++) {
      if (compare(ones.get(i), others.get(i)) != Comparison.SAME) {
        return false;
      }
    }
    return true;
  }

  /** Whether one of them differs from each of the others. */
  private static boolean hasNoLike(List<Dose> ones, List<Dose> others) {
    return ones.stream()
        .anyMatch(
            one -> others.stream().allMatch(other -> compare(one, other) == Comparison.DIFFERENT));
  }

  private static Comparison compare(Dose one, Dose other) {
    if (one.whole().equals(other.whole())) {
      return Comparison.SAME;
    }
    Comparison words = Comparison.of(one.text(), other.text(), Wording::directions);
    if (!one.structured() && !other.structured()) {
      return one.text().isEmpty() || one.more() || other.more()
          ? words.and(Comparison.UNSAID)
          : words.and(rest(one, other));
    }
    if (!one.structured() || !other.structured()) {
      return Comparison.UNSAID;
    }
    Comparison same =
        Comparison.of(one.amount(), other.amount(), Doses::amounts)
            .and(Comparison.of(one.rate(), other.rate(), Doses::amounts))
            .and(timings(one.timing(), other.timing()))
            .and(rest(one, other));
    // Words beside a structure may add to it; they are not held against it.
    boolean more =
        one.more() || other.more() || (words != Comparison.SAME && one.text().isPresent());
    return more ? same.and(Comparison.UNSAID) : same;
  }

  private static Comparison rest(Dose one, Dose other) {
    return Terms.compare(one.route(), other.route())
        .and(
            Comparison.of(
                one.asNeeded(),
                other.asNeeded(),
                (a, b) -> a.equals(b) ? Comparison.SAME : Comparison.DIFFERENT));
  }

  private static Comparison amounts(Value one, Value other) {
    return Values.compare(one, other, Quantities::exact);
  }

  private static Comparison timings(Timing one, Timing other) {
    if (one.equals(other)) {
      return Comparison.SAME;
    }
    Optional<BigDecimal> hours = hours(one);
    Optional<BigDecimal> others = hours(other);
    return hours.isEmpty() || others.isEmpty()
        ? Comparison.UNSAID
        : hours.get().subtract(others.get()).abs().compareTo(REST) < 0
            ? Comparison.SAME
            : Comparison.DIFFERENT;
  }

  /** From one dose to the next. */
  private static Optional<BigDecimal> hours(Timing timing) {
    Optional<BigDecimal> unit = timing.periodUnit().map(HOURS::get);
    Optional<BigDecimal> period = timing.period().flatMap(Quantities::number);
    Optional<BigDecimal> frequency =
        Quantities.number(timing.frequency().orElse("1")).filter(number -> number.signum() > 0);
    if (unit.isPresent() && period.isPresent() && frequency.isPresent()) {
      return Optional.of(
          unit.get()
              .multiply(period.get())
              .divide(frequency.get(), java.math.MathContext.DECIMAL64));
    }
    return timing.code().stream()
        .flatMap(term -> term.codings().stream())
        .flatMap(coding -> Optional.ofNullable(CODES.get(coding.code())).stream())
        .findFirst();
  }
}
