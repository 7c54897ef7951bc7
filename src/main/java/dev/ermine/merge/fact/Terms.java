package dev.ermine.merge.fact;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Term;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What is said in codes and words, compared: displays never matter where there are codes. */
final class Terms {

  private Terms() {}

  static Comparison compare(Optional<Term> one, Optional<Term> other) {
    return Comparison.of(one, other, Terms::compare);
  }

  /**
   * The same where they share a code; different where they are coded in the same system and share
   * none. Words are looked at only where there is no code to compare.
   */
  static Comparison compare(Term one, Term other) {
    Set<String> codes = codes(one);
    Set<String> others = codes(other);
    for (String code : codes) {
      if (others.contains(code)) {
        return Comparison.SAME;
      }
    }
    if (shareSystem(one, other)) {
      return Comparison.DIFFERENT;
    }
    return one.text().isPresent() && other.text().isPresent()
        ? Wording.findings(one.text().get(), other.text().get())
        : Comparison.UNSAID;
  }

  private static boolean shareSystem(Term one, Term other) {
    Set<String> systems = new TreeSet<>();
    for (Coding coding : one.codings()) {
      systems.add(Subject.plain(coding).system());
    }
    for (Coding coding : other.codings()) {
      String system = Subject.plain(coding).system();
      if (!system.isEmpty() && systems.contains(system)) {
        return true;
      }
    }
    return false;
  }

  /** Its codes, each with its one system; a tree, since a peer can make hashes meet. */
  static Set<String> codes(Term term) {
    Set<String> codes = new TreeSet<>();
    for (Coding coding : term.codings()) {
      codes.add(key(coding));
    }
    return codes;
  }

  /** The same for the same code of the same system, and for no other. */
  static String key(Coding coding) {
    Coding plain = Subject.plain(coding);
    return plain.code() + "|" + plain.system();
  }

  /** Of sets of terms: the same where each has its like. */
  static Comparison compareAll(List<Term> ones, List<Term> others) {
    if (ones.isEmpty() || others.isEmpty()) {
      return ones.isEmpty() && others.isEmpty() ? Comparison.SAME : Comparison.UNSAID;
    }
    return names(ones).equals(names(others)) ? Comparison.SAME : Comparison.UNSAID;
  }

  private static Set<String> names(List<Term> terms) {
    Set<String> names = new TreeSet<>();
    for (Term term : terms) {
      if (term.codings().isEmpty()) {
        term.text().map(Wording::plain).ifPresent(names::add);
      } else {
        names.addAll(codes(term));
      }
    }
    return names;
  }
}
