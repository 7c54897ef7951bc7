package dev.ermine.merge.fact;

import dev.ermine.fhir.Coding;
import java.util.List;

/** What an entry is about, in codes that compare: one system for each, none that means nothing. */
final class Subject {

  private Subject() {}

  /** The codes of what that fact is about: empty when it says so in words alone, or not at all. */
  static List<Coding> of(Fact fact) {
    return fact.medication();
  }
}
