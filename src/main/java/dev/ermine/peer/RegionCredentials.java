package dev.ermine.peer;

import dev.ermine.federation.Deadline;
import dev.ermine.federation.PeerQuestion;
import dev.ermine.merge.PeerAnswer.Miss;
import dev.ermine.trust.GrantedToken;
import dev.ermine.trust.GrantedTokens;
import dev.ermine.trust.Granting;
import dev.ermine.trust.PeerTokens;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The tokens that each region demands: signed by us, or granted by its own token endpoint.
 *
 * @param signed those that we sign
 * @param granted those that endpoints grant
 */
public record RegionCredentials(PeerTokens signed, GrantedTokens<Miss> granted)
    implements PeerCredentials {

  @Override
  public CompletionStage<Tokens> of(
      PeerQuestion question, X509Certificate certificate, Deadline deadline) {
    return question.region().answers().orElseThrow().token().endpoint().isPresent()
        ? granted(question, certificate, deadline)
        : CompletableFuture.completedFuture(
            new Tokens.Held(signed(question, certificate, deadline), () -> {}));
  }

  private Supplier<String> signed(
      PeerQuestion question, X509Certificate certificate, Deadline deadline) {
    return signed.forQuery(
        question.requester(),
        question.region(),
        question.gateway(),
        question.patient(),
        certificate,
        deadline::left);
  }

  private CompletionStage<Tokens> granted(
      PeerQuestion question, X509Certificate certificate, Deadline deadline) {
    return granted
        .forQuestion(
            question.requester(),
            question.region(),
            question.gateway(),
            question.patient(),
            certificate,
            deadline::left)
        .thenApply(
            grant ->
                switch (grant) {
                  case Granting.Granted<Miss>(GrantedToken token) ->
                      new Tokens.Held(token::text, () -> drop(question, certificate, token));
                  case Granting.Denied<Miss>(Miss why) -> new Tokens.None(why);
                });
  }

  private void drop(PeerQuestion question, X509Certificate certificate, GrantedToken token) {
    granted.refused(
        question.requester(),
        question.region(),
        question.gateway(),
        question.patient(),
        certificate,
        token);
  }
}
