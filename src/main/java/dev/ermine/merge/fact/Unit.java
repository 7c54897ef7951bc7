package dev.ermine.merge.fact;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A unit of UCUM: of which kind it is, and what one of it comes to in base units.
 *
 * <p>The codes come from peers, so this reads the part of UCUM's grammar that results and doses are
 * written in, in one pass over at most {@value #LONGEST} characters, and looks up only the atoms:
 * the library's own parser runs out of stack on {@code km999999} and knows no {@code 10*9}. A unit
 * that is more (brackets, long exponents) is none that compares. Words in braces mean nothing in
 * UCUM; a unit that is nothing else, such as <code>{tablet}</code>, is a kind of its own, so that
 * tablets are not puffs.
 *
 * @param kind exponents of base units, by name
 * @param scale from a number of this unit to one of base units
 * @see <a href="https://ucum.org/ucum">The Unified Code for Units of Measure</a>
 */
record Unit(Map<String, Integer> kind, Atom.Scale scale) {

  /** {@code mL/min/{1.73_m2}} has 18; results in use have up to 30. */
  private static final int LONGEST = 40;

  private static final MathContext PRECISION = MathContext.DECIMAL128;

  Unit {
    kind = Map.copyOf(kind);
  }

  /** The unit of that code; empty when there is none, or none that compares. */
  static Optional<Unit> of(String code) {
    return code.isEmpty() || code.length() > LONGEST ? Optional.empty() : new Reading(code).unit();
  }

  /** The product of a code's components, as far as it is read. */
  private static final class Reading {

    private final String code;
    private int at;
    private final Map<String, Integer> kind = new TreeMap<>();
    private BigDecimal factor = BigDecimal.ONE;
    private Optional<Atom> only = Optional.empty();
    private int components;
    private boolean readable = true;

    Reading(String code) {
      this.code = code;
    }

    Optional<Unit> unit() {
      int sign = passes('/') ? -1 : 1;
      component(sign);
      while (readable && at < code.length()) {
        sign = passes('/') ? -1 : 1;
        readable &= sign < 0 || passes('.');
        component(sign);
      }
      return readable ? Optional.of(product()) : Optional.empty();
    }

    /** A scale with a zero of its own, such as degrees Celsius, makes no products. */
    private Unit product() {
      keepRatios();
      BigDecimal product = factor;
      return new Unit(
          kind,
          only.filter(_ -> components == 1)
              .map(Atom::scale)
              .orElse(number -> number.multiply(product, PRECISION)));
    }

    /**
     * What cancels out is still a ratio of its kind: HbA1c in mmol/mol is no percentage of it, and
     * mg/kg/d no mere rate.
     */
    private void keepRatios() {
      Set<String> ratios = new TreeSet<>();
      kind.forEach(
          (base, exponent) -> {
            if (exponent == 0) {
              ratios.add(base);
            }
          });
      kind.keySet().removeAll(ratios);
      ratios.forEach(base -> kind.put(base + "/" + base, 1));
    }

    private void component(int sign) {
      components++;
      if (at == code.length()) {
        readable = false;
      } else if (code.charAt(at) == '{') {
        annotated();
      } else if (isDigit(at)) {
        number(sign);
      } else {
        atom(sign);
      }
    }

    private void annotated() {
      int from = at;
      annotation();
      if (from == 0 && at == code.length()) {
        kind.put(code, 1);
      }
    }

    private void annotation() {
      if (passes('{')) {
        int end = code.indexOf('}', at);
        readable &= end > 0;
        at = end < 0 ? code.length() : end + 1;
      }
    }

    /** A factor, or a power of ten such as {@code 10*9}. */
    private void number(int sign) {
      String digits = digits(4);
      if (digits.equals("10") && (passes('*') || passes('^'))) {
        int minus = passes('-') ? -1 : 1;
        String power = digits(2);
        readable &= !power.isEmpty();
        if (readable) {
          factor = factor.scaleByPowerOfTen(sign * minus * Integer.parseInt(power));
        }
      } else {
        times(new BigDecimal(digits), sign);
      }
      annotation();
    }

    private void atom(int sign) {
      int from = at;
      int end = at;
      boolean bracket = false;
      while (end < code.length() && (bracket || isOfAtom(code.charAt(end)))) {
        char c = code.charAt(end++);
        bracket = c == '[' || (bracket && c != ']');
      }
      at = end;
      Optional<Atom> atom = Atom.of(code.substring(from, end));
      int exponent = sign * exponent();
      annotation();
      only = exponent == 1 ? atom : Optional.empty();
      boolean plain = atom.filter(Atom::isLinear).isPresent();
      readable &= atom.isPresent() && (plain || (exponent == 1 && code.length() == end));
      if (readable) {
        atom.get()
            .kind()
            .forEach((base, power) -> kind.merge(base, power * exponent, Integer::sum));
        if (plain) {
          times(atom.get().factor().pow(Math.abs(exponent), PRECISION), exponent);
        }
      }
    }

    private int exponent() {
      int sign = passes('-') ? -1 : 1;
      boolean signed = sign < 0 || passes('+');
      String digits = digits(1);
      readable &= !signed || !digits.isEmpty();
      return digits.isEmpty() ? 1 : sign * Integer.parseInt(digits);
    }

    private void times(BigDecimal number, int sign) {
      readable &= number.signum() > 0;
      if (readable) {
        factor = sign > 0 ? factor.multiply(number, PRECISION) : factor.divide(number, PRECISION);
      }
    }

    /** The digits that come; more than there may be are none. */
    private String digits(int most) {
      int from = at;
      while (at < code.length() && isDigit(at)) {
        at++;
      }
      readable &= at - from <= most;
      return readable ? code.substring(from, at) : "0";
    }

    private boolean isDigit(int place) {
      return code.charAt(place) >= '0' && code.charAt(place) <= '9';
    }

    private static boolean isOfAtom(char c) {
      return (c >= 'a' && c <= 'z')
          || (c >= 'A' && c <= 'Z')
          || c == '['
          || c == ']'
          || c == '%'
          || c == '_'
          || c == '\'';
    }

    private boolean passes(char c) {
      boolean there = at < code.length() && code.charAt(at) == c;
      at += there ? 1 : 0;
      return there;
    }
  }
}
