package dev.ermine.trust;

import dev.ermine.region.Region.Algorithm;
import dev.ermine.trust.RequesterClaims.Proof;
import dev.ermine.trust.Trust.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/**
 * The tokens that a region's system signs and shows as bearer itself, each for one request.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8705#section-3">RFC 8705, 3: mutual-TLS
 *     certificate-bound tokens</a>
 */
final class DirectTokens {

  static final String TYPE = "JWT";
  static final int MAX_LENGTH = 4096;

  private static final Set<Algorithm> ALGORITHMS = Set.of(Algorithm.PS256, Algorithm.ES256);
  private static final Duration MAX_LIFETIME = Duration.ofMinutes(5);

  private final RegionTokens tokens;
  private final String audience;

  DirectTokens(TrustBasis basis) {
    this.tokens = new RegionTokens(basis);
    this.audience = basis.fhir();
  }

  /** Whom the token proves; it does so once. */
  Requester requester(TokenForm token, Certified by) throws Refusal {
    Refusal.unless(token.length() <= MAX_LENGTH, Reason.TOKEN_TOO_LARGE);
    tokens.checkSignature(token, by, ALGORITHMS);
    Claims claims = token.claims();
    RegionTokens.checkIssuer(claims, by);
    Refusal.unless(TokenRules.binding(claims).equals(by.thumbprint()), Reason.TOKEN_BINDING);
    TokenRules.checkAudience(claims, audience);
    Instant expires = TokenRules.expiry(claims, MAX_LIFETIME, by.now());
    Refusal.unless(by.now().isBefore(expires.plus(TokenRules.SKEW)), Reason.TOKEN_TIMES);
    Requester requester =
        RequesterClaims.ofUser(claims)
            .requester(new Proof(by, by.thumbprint(), TokenRules.id(claims), expires, Scope.ALL));
    tokens.checkFirstUse(requester.tokenId(), expires, by);
    return requester;
  }
}
