package dev.ermine.merge.fact;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import javax.measure.IncommensurableException;
import javax.measure.MetricPrefix;
import javax.measure.UnitConverter;
import systems.uom.ucum.UCUM;
import tech.units.indriya.AbstractUnit;
import tech.units.indriya.format.SymbolMap;

/**
 * A unit atom of UCUM, with its prefix where it has one: {@code mol}, {@code mg}, {@code [lb_av]}.
 *
 * @param kind exponents of base units; units that nothing else is measured in, such as {@code [iU]}
 *     and {@code eq}, are bases of their own: how many millimoles a milliequivalent is depends on
 *     the substance
 * @param factor how much of base units one is, where the scale is {@code linear}
 */
record Atom(Map<String, Integer> kind, BigDecimal factor, Scale scale, boolean isLinear) {

  /** From a number of a unit to one of base units. */
  @FunctionalInterface
  interface Scale {
    BigDecimal inBase(BigDecimal number);
  }

  private static final SymbolMap SYMBOLS =
      SymbolMap.of(
          ResourceBundle.getBundle(
              "systems.uom.ucum.format.UCUMFormat_CS",
              java.util.Locale.ROOT,
              UCUM.class.getClassLoader()));

  private static final Map<String, MetricPrefix> PREFIXES = prefixes();

  /** As many as there are atoms with prefixes: what is none is never kept. */
  private static final Map<String, Atom> KNOWN = new ConcurrentHashMap<>();

  Atom {
    kind = Map.copyOf(kind);
  }

  /** The atom of that code. */
  static Optional<Atom> of(String code) {
    Atom known = KNOWN.get(code);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Atom> atom = plain(code).or(() -> prefixed(code, 1)).or(() -> prefixed(code, 2));
    atom.ifPresent(found -> KNOWN.put(code, found));
    return atom;
  }

  private static Optional<Atom> prefixed(String code, int length) {
    MetricPrefix prefix = code.length() > length ? PREFIXES.get(code.substring(0, length)) : null;
    return prefix == null
        ? Optional.empty()
        : plain(code.substring(length))
            .filter(Atom::isLinear)
            .map(atom -> linear(atom.kind, atom.factor.scaleByPowerOfTen(prefix.getExponent())));
  }

  private static Optional<Atom> plain(String code) {
    javax.measure.Unit<?> unit = SYMBOLS.getUnit(code.equals("[IU]") ? "[iU]" : code);
    if (unit == null) {
      return Optional.empty();
    }
    try {
      javax.measure.Unit<?> base = unit.getSystemUnit();
      UnitConverter converter = unit.getConverterToAny(base);
      Map<String, Integer> kind = new TreeMap<>();
      measure(base, 1, kind);
      if (converter.isLinear()) {
        return Optional.of(linear(kind, decimal(converter.convert(BigDecimal.ONE))));
      }
      // Of the scales that are not linear, those of temperature have a zero of their own and
      // nothing else; logarithms are left alone.
      return kind.equals(Map.of("K", 1))
          ? Optional.of(
              new Atom(kind, BigDecimal.ONE, number -> decimal(converter.convert(number)), false))
          : Optional.empty();
    } catch (IncommensurableException e) {
      throw new IllegalStateException("a unit is of another kind than its own base", e);
    }
  }

  private static Atom linear(Map<String, Integer> kind, BigDecimal factor) {
    return new Atom(
        kind, factor, number -> number.multiply(factor, java.math.MathContext.DECIMAL128), true);
  }

  private static void measure(javax.measure.Unit<?> unit, int power, Map<String, Integer> kind) {
    Map<? extends javax.measure.Unit<?>, Integer> bases = unit.getBaseUnits();
    if (bases != null && !bases.isEmpty()) {
      bases.forEach((base, exponent) -> measure(base, power * exponent, kind));
    } else if (!unit.equals(AbstractUnit.ONE)) {
      kind.merge(unit.toString(), power, Integer::sum);
    }
  }

  private static BigDecimal decimal(Number number) {
    return number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
  }

  private static Map<String, MetricPrefix> prefixes() {
    Map<String, MetricPrefix> prefixes = new HashMap<>();
    for (MetricPrefix prefix : MetricPrefix.values()) {
      prefixes.put(SYMBOLS.getSymbol(prefix), prefix);
    }
    return Map.copyOf(prefixes);
  }
}
