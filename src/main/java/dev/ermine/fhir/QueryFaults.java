package dev.ermine.fhir;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is found wrong with one query, and what is left out of it since it is not supported.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#errors">FHIR R4: strict and lenient</a>
 */
final class QueryFaults {

  private final boolean strict;
  private final Set<Issue> faults = new LinkedHashSet<>();
  private final Set<String> dropped = new LinkedHashSet<>();

  /**
   * @param strict whether what is not supported is a fault, or left out and named
   */
  QueryFaults(boolean strict) {
    this.strict = strict;
  }

  void add(Issue fault) {
    faults.add(fault);
  }

  void add(Issue.Code code, String text) {
    add(Issue.error(code, text));
  }

  /** What is asked so is not supported, and nothing can take its place. */
  void notSupported(String name, String what) {
    notSupported(name, what + " is not supported", "leave it out");
  }

  /**
   * The same where it can be mended.
   *
   * @param name how it is named where it is left out
   * @param why in words
   * @param remedy what to do, other than to have it left out
   */
  void notSupported(String name, String why, String remedy) {
    if (strict) {
      add(
          Issue.Code.NOT_SUPPORTED,
          "%s; %s, or send `Prefer: handling=lenient` to have it ignored".formatted(why, remedy));
    } else {
      dropped.add(name);
    }
  }

  boolean none() {
    return faults.isEmpty();
  }

  /** All of them, in the order in which they were found. */
  List<Issue> all() {
    return List.copyOf(faults);
  }

  /** What was left out, in order, each once. */
  List<String> dropped() {
    return List.copyOf(dropped);
  }
}
