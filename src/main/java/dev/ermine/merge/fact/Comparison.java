package dev.ermine.merge.fact;

import java.util.Optional;
import java.util.function.BiFunction;

/** How one detail of two entries compares. */
enum Comparison {
  /** Both say the same, or neither says anything. */
  SAME,
  /** They cannot both be right. */
  DIFFERENT,
  /** It cannot be told: one of them says nothing, or nothing that compares. */
  UNSAID;

  /** Of two details at once: different if one is, the same only if both are. */
  Comparison and(Comparison other) {
    if (this == DIFFERENT || other == DIFFERENT) {
      return DIFFERENT;
    }
    return this == SAME ? other : this;
  }

  /** Of what each may say or not, where {@code compare} tells it of what both say. */
  static <T> Comparison of(
      Optional<T> one, Optional<T> other, BiFunction<T, T, Comparison> compare) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.isEmpty() && other.isEmpty() ? SAME : UNSAID;
    }
    return compare.apply(one.get(), other.get());
  }

  /** Of codes of which one alone can be right. */
  static Comparison ofCodes(Optional<String> one, Optional<String> other) {
    return of(one, other, (a, b) -> a.equals(b) ? SAME : DIFFERENT);
  }
}
