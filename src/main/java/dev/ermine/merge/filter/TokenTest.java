package dev.ermine.merge.filter;

import dev.ermine.fhir.Coding;
import dev.ermine.fhir.Entry;
import java.util.List;

/**
 * Whether an entry carries a code as asked, or with {@code :not} whether it carries none.
 *
 * @see <a href="https://hl7.org/fhir/R4/search.html#token">FHIR R4: token search</a>
 */
final class TokenTest implements Filter.Test {

  private final Place place;
  private final List<Token> tokens;
  private final boolean not;

  TokenTest(Place place, List<String> values, boolean not) {
    this.place = place;
    this.tokens = values.stream().map(Token::of).toList();
    this.not = not;
  }

  /** What is not one of several may be all but each of them, or all but all of them. */
  @Override
  public boolean isExact() {
    return !not || tokens.size() == 1;
  }

  @Override
  public Verdict of(Entry entry) {
    List<Coding> codings = place.codings(entry);
    if (not) {
      return tokens.stream().anyMatch(token -> token.isAmong(codings, place))
          ? Verdict.FAILS
          : Verdict.PASSES;
    }
    if (codings.isEmpty()) {
      return place.isWhole() ? Verdict.FAILS : Verdict.UNTOLD;
    }
    Verdict verdict = Verdict.FAILS;
    for (Token token : tokens) {
      verdict = verdict.or(token.of(codings, place));
    }
    return verdict;
  }
}
