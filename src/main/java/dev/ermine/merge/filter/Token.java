package dev.ermine.merge.filter;

import dev.ermine.fhir.Coding;
import java.util.List;
import java.util.Optional;

/**
 * A code that is asked for: {@code code}, {@code system|code}, {@code |code} or {@code system|}.
 *
 * @param system empty: any; an empty text: none
 * @param code empty: any
 * @see <a href="https://hl7.org/fhir/R4/search.html#token">FHIR R4: token search</a>
 */
record Token(Optional<String> system, Optional<String> code) {

  static Token of(String value) {
    List<String> parts = SearchValue.parts(value, '|');
    if (parts.size() == 1) {
      return new Token(Optional.empty(), Optional.of(SearchValue.plain(value)));
    }
    String code = SearchValue.plain(String.join("|", parts.subList(1, parts.size())));
    return new Token(
        Optional.of(CodeSystems.plain(SearchValue.plain(parts.getFirst()))),
        Optional.of(code).filter(any -> !any.isEmpty()));
  }

  /** Whether one of these codings surely is it. */
  boolean isAmong(List<Coding> codings, Place place) {
    return codings.stream().anyMatch(coding -> isCode(coding) && isOfSystem(coding, place));
  }

  /**
   * What some codings say. They do not tell where none of them is of the system asked for, be it
   * since the system was left out: the same thing may be said in another one.
   */
  Verdict of(List<Coding> codings, Place place) {
    boolean told = place.isWhole();
    boolean bare = false;
    for (Coding coding : codings) {
      boolean ofSystem = isOfSystem(coding, place);
      if (ofSystem && isCode(coding)) {
        return Verdict.PASSES;
      }
      told |= ofSystem || code.isEmpty() || isOfNone();
      // Of which system it is nobody says: it may be the one asked for.
      bare |= coding.system().isEmpty() && isCode(coding);
    }
    return told && !bare ? Verdict.FAILS : Verdict.UNTOLD;
  }

  /** {@code |code}: what has a system is not it. */
  private boolean isOfNone() {
    return system.equals(Optional.of(""));
  }

  /** What has no system of its own, as a status has none, is of the one that FHIR gives it. */
  private boolean isOfSystem(Coding coding, Place place) {
    return system.isEmpty()
        || (coding.system().isEmpty() && place.impliesSystem())
        || system.get().equals(CodeSystems.plain(coding.system()));
  }

  /** In doubt without case: what is shown too much does less harm than what is not shown. */
  private boolean isCode(Coding coding) {
    return code.isEmpty() || code.get().equalsIgnoreCase(coding.code());
  }
}
