package dev.ermine.merge.fact;

import dev.ermine.fhir.Clinical;
import dev.ermine.fhir.Clinical.Component;
import dev.ermine.fhir.Value;
import dev.ermine.fhir.Value.Coded;
import dev.ermine.fhir.Value.Flag;
import dev.ermine.fhir.Value.Quantity;
import dev.ermine.fhir.Value.Range;
import dev.ermine.fhir.Value.Ratio;
import dev.ermine.fhir.Value.Words;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** Values of observations, compared: only those of one kind can be, words with findings aside. */
final class Values {

  private Values() {}

  /** Of two observations, their components included. */
  static Comparison compare(Clinical one, Clinical other) {
    return Comparison.of(one.value(), other.value(), Values::compare)
        .and(components(one.components(), other.components()));
  }

  private static Comparison compare(Value one, Value other) {
    return compare(one, other, Quantities::measured);
  }

  /** With another way to compare quantities. */
  static Comparison compare(
      Value one, Value other, BiFunction<Quantity, Quantity, Comparison> quantities) {
    if (one instanceof Quantity a && other instanceof Quantity b) {
      return quantities.apply(a, b);
    }
    if (one instanceof Range a && other instanceof Range b) {
      return Comparison.of(a.low(), b.low(), quantities)
          .and(Comparison.of(a.high(), b.high(), quantities));
    }
    if (one instanceof Ratio a && other instanceof Ratio b) {
      return ratios(a, b, quantities);
    }
    if (one instanceof Flag a && other instanceof Flag b) {
      return a.set() == b.set() ? Comparison.SAME : Comparison.DIFFERENT;
    }
    if (one instanceof Value.Moment a && other instanceof Value.Moment b) {
      return moments(a, b);
    }
    if (one instanceof Value.Absent a && other instanceof Value.Absent b) {
      return Terms.compare(a.reason(), b.reason()) == Comparison.SAME
          ? Comparison.SAME
          : Comparison.UNSAID;
    }
    return findings(one, other);
  }

  private static Comparison findings(Value one, Value other) {
    if (one instanceof Coded a && other instanceof Coded b) {
      return Terms.compare(a.term(), b.term());
    }
    return Comparison.of(words(one), words(other), Wording::findings)
        .and(said(one) && said(other) ? Comparison.SAME : Comparison.UNSAID);
  }

  private static boolean said(Value value) {
    return words(value).isPresent();
  }

  private static Optional<String> words(Value value) {
    return switch (value) {
      case Words words -> Optional.of(words.text());
      case Coded coded -> coded.term().text();
      default -> Optional.empty();
    };
  }

  /** Two ratios with other numerators and denominators may still come to the same. */
  private static Comparison ratios(
      Ratio one, Ratio other, BiFunction<Quantity, Quantity, Comparison> quantities) {
    Comparison numerators = Comparison.of(one.numerator(), other.numerator(), quantities);
    Comparison denominators = Comparison.of(one.denominator(), other.denominator(), quantities);
    return numerators == Comparison.SAME || denominators == Comparison.SAME
        ? numerators.and(denominators)
        : Comparison.UNSAID;
  }

  /** Only what is said as exactly on both sides can differ. */
  private static Comparison moments(Value.Moment one, Value.Moment other) {
    if (one.text().equals(other.text())) {
      return Comparison.SAME;
    }
    Optional<Moment> first = Moment.parse(one.text());
    Optional<Moment> second = Moment.parse(other.text());
    if (first.isEmpty() || second.isEmpty()) {
      return Comparison.UNSAID;
    }
    boolean exact = first.get().day() % 100 > 0 && second.get().day() % 100 > 0;
    if (first.get().meets(second.get())) {
      return first.get().equals(second.get()) ? Comparison.SAME : Comparison.UNSAID;
    }
    return exact ? Comparison.DIFFERENT : Comparison.UNSAID;
  }

  private static Comparison components(List<Component> ones, List<Component> others) {
    return eachOf(ones, others).and(eachOf(others, ones));
  }

  /** Each with the one of its code; where one has no like, nothing is said of it. */
  private static Comparison eachOf(List<Component> ones, List<Component> others) {
    Map<String, Component> byCode = new TreeMap<>();
    for (Component component : others) {
      Terms.codes(component.code()).forEach(code -> byCode.putIfAbsent(code, component));
    }
    Comparison all = ones.size() == others.size() ? Comparison.SAME : Comparison.UNSAID;
    for (Component component : ones) {
      Optional<Component> like =
          Terms.codes(component.code()).stream()
              .filter(byCode::containsKey)
              .findFirst()
              .map(byCode::get);
      all =
          all.and(
              like.map(found -> Comparison.of(component.value(), found.value(), Values::compare))
                  .orElse(Comparison.UNSAID));
    }
    return all;
  }
}
