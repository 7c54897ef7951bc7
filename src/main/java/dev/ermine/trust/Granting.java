package dev.ermine.trust;

/**
 * What came of asking for an access token.
 *
 * @param <F> why there may be none, in the words of whoever asks
 */
public sealed interface Granting<F> {

  /** A token. */
  record Granted<F>(GrantedToken token) implements Granting<F> {}

  /** None. */
  record Denied<F>(F why) implements Granting<F> {}
}
