package dev.ermine.merge.fact;

import dev.ermine.fhir.Value.Quantity;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * Numbers with units, compared in base units.
 *
 * <p>Two measurements agree when they do to the precision of the one that is told with fewer
 * decimals: 70 kg is told to the kilogram, which 154.32 lb, 69.998 kg, is as well; a record that
 * rounds does not contradict the one that it was rounded from. Just half a unit of the last decimal
 * is a difference, so that 2 is not 2.5; the exponent of {@code 1.5e3} is a notation and says
 * nothing of precision. A dose is prescribed and not measured: there nothing is rounded, and 1 mg
 * is not 1.4 mg.
 *
 * <p>Where units are of different kinds, such as mmol/L and mg/dL, or one is not known, nothing is
 * guessed: it depends on the substance.
 *
 * @see <a href="https://hl7.org/fhir/R4/datatypes.html#decimal">FHIR R4: precision of decimals</a>
 */
final class Quantities {

  /** What is left over from conversions, as a part of the whole. */
  private static final BigDecimal REST = new BigDecimal("1e-9");

  private static final BigDecimal HALF = new BigDecimal("0.5");

  /** {@code 1e999999999} would be written out with as many digits. */
  private static final int LONGEST = 64;

  private static final int SCALE = 40;

  /** A number in base units, and how far off the true one may be from what is written. */
  private record Measured(BigDecimal number, BigDecimal half) {}

  private Quantities() {}

  /** Of two measurements. */
  static Comparison measured(Quantity one, Quantity other) {
    return compare(one, other, true);
  }

  /** Of two amounts that are exactly as they are written. */
  static Comparison exact(Quantity one, Quantity other) {
    return compare(one, other, false);
  }

  private static Comparison compare(Quantity one, Quantity other, boolean rounded) {
    Optional<BigDecimal> first = one.number().flatMap(Quantities::number);
    Optional<BigDecimal> second = other.number().flatMap(Quantities::number);
    if (first.isEmpty() || second.isEmpty()) {
      return Comparison.UNSAID;
    }
    Optional<Unit> unit = Optional.empty();
    Optional<Unit> otherUnit = Optional.empty();
    if (!sameUnit(one, other)) {
      unit = one.ucum().flatMap(Unit::of);
      otherUnit = other.ucum().flatMap(Unit::of);
      if (unit.isEmpty()
          || otherUnit.isEmpty()
          || !unit.get().kind().equals(otherUnit.get().kind())) {
        return Comparison.UNSAID;
      }
    }
    return compare(
        one,
        measured(first.get(), unit, rounded),
        other,
        measured(second.get(), otherUnit, rounded));
  }

  /** By code, else by name; two that both lack a unit have the same. */
  private static boolean sameUnit(Quantity one, Quantity other) {
    if (one.ucum().isPresent() && other.ucum().isPresent()) {
      return one.ucum().equals(other.ucum());
    }
    Optional<String> name = one.unit().or(one::ucum).map(Wording::plain);
    Optional<String> otherName = other.unit().or(other::ucum).map(Wording::plain);
    return name.equals(otherName);
  }

  private static Measured measured(BigDecimal number, Optional<Unit> unit, boolean rounded) {
    BigDecimal base = inBase(unit, number);
    if (!rounded) {
      return new Measured(base, BigDecimal.ZERO);
    }
    BigDecimal half = HALF.scaleByPowerOfTen(-Math.max(0, number.scale()));
    return new Measured(base, inBase(unit, number.add(half)).subtract(base).abs());
  }

  private static BigDecimal inBase(Optional<Unit> unit, BigDecimal number) {
    return unit.isEmpty() ? number : unit.get().scale().inBase(number);
  }

  private static Comparison compare(Quantity one, Measured a, Quantity other, Measured b) {
    boolean agree = agree(a, b);
    if (one.comparator().equals(other.comparator())) {
      boolean open = one.comparator().isPresent();
      return agree ? Comparison.SAME : open ? Comparison.UNSAID : Comparison.DIFFERENT;
    }
    boolean below = a.number().compareTo(b.number()) < 0;
    Quantity lower = below ? one : other;
    Quantity higher = below ? other : one;
    boolean reach = reachesUp(lower) || reachesDown(higher);
    return agree || reach ? Comparison.UNSAID : Comparison.DIFFERENT;
  }

  private static boolean agree(Measured a, Measured b) {
    BigDecimal apart = a.number().subtract(b.number()).abs();
    BigDecimal rest = a.number().abs().max(b.number().abs()).multiply(REST);
    return apart.compareTo(rest) <= 0 || apart.add(rest).compareTo(a.half().max(b.half())) < 0;
  }

  /** Whether the true value may be above the number, by a comparator that is or is not known. */
  private static boolean reachesUp(Quantity quantity) {
    return quantity.comparator().filter(sign -> !sign.startsWith("<")).isPresent();
  }

  private static boolean reachesDown(Quantity quantity) {
    return quantity.comparator().filter(sign -> !sign.startsWith(">")).isPresent();
  }

  /** The number, where it is one that can be reckoned with. */
  static Optional<BigDecimal> number(String text) {
    if (text.length() > LONGEST) {
      return Optional.empty();
    }
    try {
      BigDecimal number = new BigDecimal(text);
      return Math.abs((long) number.scale()) <= SCALE ? Optional.of(number) : Optional.empty();
    } catch (NumberFormatException e) {
      // An exponent beyond all bounds; what the exception says quotes the peer.
      return Optional.empty();
    }
  }
}
