package dev.ermine.trust;

import com.nimbusds.jose.JWSVerifier;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.trust.Trust.Reason;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What holds of each token that a region signs: it is by a key of that region, and good once. */
final class RegionTokens {

  private final ReplayCache replays;
  private final KeyUses uses;

  RegionTokens(TrustBasis basis) {
    this.replays = basis.replays();
    this.uses = basis.uses();
  }

  void checkSignature(TokenForm token, Certified by, Set<Algorithm> admitted) throws Refusal {
    Algorithm algorithm = by.asker().asks().algorithm();
    Refusal.unless(admitted.contains(algorithm), Reason.TOKEN_ALGORITHM);
    Refusal.unless(token.algorithm().equals(algorithm.code()), Reason.TOKEN_ALGORITHM);
    Optional<JWSVerifier> key = by.asker().keys().verifier(token.keyId());
    Refusal.unless(key.isPresent(), Reason.TOKEN_KEY);
    TokenRules.checkSignature(token, algorithm, key.orElseThrow());
    uses.used(by.asker().region().id().value(), token.keyId(), by.now());
  }

  static void checkIssuer(Claims claims, Certified by) throws Refusal {
    Claims proof = claims.orElse(Reason.TOKEN_ISSUER);
    proof.require(proof.text("iss").equals(by.issuer()));
  }

  /** Last of all: only a token that is good in every other way is used up. */
  void checkFirstUse(String id, Instant expires, Certified by) throws Refusal {
    switch (replays.use(by.issuer(), id, expires.plus(TokenRules.SKEW))) {
      case FIRST_USE -> {}
      case REPLAYED -> throw new Refusal(Reason.TOKEN_REPLAYED);
      case FULL -> throw new Refusal(Reason.REPLAY_CACHE_FULL);
    }
  }
}
