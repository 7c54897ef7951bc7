package dev.ermine.peer;

import dev.ermine.federation.Deadline;
import dev.ermine.federation.PeerQuestion;
import dev.ermine.merge.PeerAnswer.Miss;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Where the bearer tokens for a question come from.
 *
 * <p>{@link #of} is called once a question, on the asker's thread, and does not wait. What it
 * promises may take longer than the question has time.
 */
@FunctionalInterface
public interface PeerCredentials {

  /** What came of asking for tokens. */
  sealed interface Tokens {

    /**
     * Tokens.
     *
     * @param next called once an exchange, on an event loop: whether it then gives the same token
     *     or a new one is its matter
     * @param refused called when the region has refused one
     */
    record Held(Supplier<String> next, Runnable refused) implements Tokens {}

    /** None, and why. */
    record None(Miss miss) implements Tokens {}
  }

  /**
   * The tokens for the exchanges of {@code question}.
   *
   * @param certificate our client certificate on the connections that carry them
   * @param deadline the question's
   */
  CompletionStage<Tokens> of(PeerQuestion question, X509Certificate certificate, Deadline deadline);

  /** Credentials that are there at once, and stay what they are when they are refused. */
  static PeerCredentials plain(BiFunction<PeerQuestion, X509Certificate, Supplier<String>> tokens) {
    return (question, certificate, _) ->
        CompletableFuture.completedFuture(
            new Tokens.Held(tokens.apply(question, certificate), () -> {}));
  }
}
