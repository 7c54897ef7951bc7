package dev.ermine.trust;

import static dev.ermine.trust.World.HWE;
import static dev.ermine.trust.World.HWE_CERTIFICATE;
import static dev.ermine.trust.World.HWE_KEY;
import static dev.ermine.trust.World.LONDON;
import static dev.ermine.trust.World.NOW;
import static dev.ermine.trust.World.OWN_KEY;
import static dev.ermine.trust.World.RSA_KEY;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import dev.ermine.testing.TestTokens;
import dev.ermine.trust.Trust.Reason;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Attacks on the gateway's own access tokens, and by their means. */
class AccessTokenAttacksTest extends TokenAttacks {

  @Override
  TestTokens good(X509Certificate certificate) {
    return World.accessToken(certificate);
  }

  @Override
  ECKey key() {
    return OWN_KEY;
  }

  @Override
  String issuer() {
    return World.BASE;
  }

  @Override
  String audience() {
    return World.AUDIENCE;
  }

  @Override
  String elsewhere() {
    return World.TOKEN_ENDPOINT;
  }

  @Override
  Duration lifetime() {
    return Duration.ofMinutes(5);
  }

  @Override
  Reason stolen() {
    return Reason.TOKEN_ISSUER;
  }

  @Override
  Reason mixed() {
    return Reason.TOKEN_KEY;
  }

  @Override
  Object verify(TrustBasis basis, List<X509Certificate> chain, String token) {
    return new TrustVerifier(basis).verify(new Credentials(chain, Optional.of(token)));
  }

  /** It may be used again; without it, nothing says that it was to be an access token. */
  @Override
  Set<Reason> reasons() {
    Set<Reason> reasons = EnumSet.complementOf(EnumSet.copyOf(TokenAttacksTest.OF_REQUESTS));
    reasons.removeAll(EnumSet.of(Reason.NO_TOKEN, Reason.TOKEN_REPLAYED, Reason.REPLAY_CACHE_FULL));
    return reasons;
  }

  @Override
  List<Attack> own() {
    return List.of(
        raw(
            "A3 RS256 by the gateway's own key",
            Reason.TOKEN_ALGORITHM,
            () -> good().sign(RSA_KEY, JWSAlgorithm.RS256)),
        attack("A6 alg of another curve", Reason.TOKEN_KEY, t -> t.header("alg", "ES384")),
        raw("A6 key and kid of the asking region", Reason.TOKEN_KEY, () -> good().sign(HWE_KEY)),
        raw("A11 the gateway's token for a peer", Reason.TOKEN_KEY, this::forPeer),
        attack("A11 no typ", Reason.TOKEN_HEADER, t -> t.withoutHeader("typ")),
        attack("A11 typ JWT", Reason.TOKEN_KEY, t -> t.header("typ", "JWT")),
        attack("A11 typ AT+JWT", Reason.TOKEN_HEADER, t -> t.header("typ", "AT+JWT")),
        attack(
            "A11 typ application/at+jwt",
            Reason.TOKEN_HEADER,
            t -> t.header("typ", "application/at+jwt")),
        attack("A16 iat missing", Reason.TOKEN_TIMES, t -> t.without("iat")),
        attack("A15 expired this second", Reason.TOKEN_TIMES, t -> t.at(NOW.minusSeconds(300))),
        attack("A20 jti of 4 KB", Reason.TOKEN_ID, t -> t.with("jti", "j".repeat(4096))),
        raw("empty text", Reason.TOKEN_NOT_CANONICAL, () -> ""),
        attack("A18 no binding", Reason.TOKEN_BINDING, t -> t.without("cnf")),
        attack("client_id missing", Reason.TOKEN_CLAIMS, t -> t.without("client_id")),
        attack("client_id of another", Reason.TOKEN_ISSUER, t -> t.with("client_id", LONDON)),
        attack("client_key missing", Reason.TOKEN_CLAIMS, t -> t.without("client_key")),
        attack("client_key not its own", Reason.TOKEN_KEY, t -> t.with("client_key", "london-1")),
        attack("scope missing", Reason.TOKEN_CLAIMS, t -> t.without("scope")),
        bad("scope", "system/*.cruds"),
        bad("scope", List.of("system/*.rs")),
        attack("sub missing", Reason.TOKEN_CLAIMS, t -> t.without("sub")),
        bad("sub", " "),
        bad("sub", 10019),
        bad("requesting_practitioner", TestTokens.practitioner("10020")),
        attack("of 8 KB", Reason.TOKEN_TOO_LARGE, t -> t.with("note", "x".repeat(6000))));
  }

  /** Signed with the same key, bound to whoever asked. */
  private String forPeer() {
    JWK key = OWN_KEY;
    return TestTokens.token(World.BASE, World.AUDIENCE, HWE_CERTIFICATE, NOW)
        .with("sub", HWE)
        .with("jti", UUID.randomUUID().toString())
        .sign(key);
  }
}
