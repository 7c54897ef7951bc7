package dev.ermine.trust;

import static dev.ermine.trust.World.HWE;
import static dev.ermine.trust.World.HWE_CERTIFICATE;
import static dev.ermine.trust.World.HWE_KEY;
import static dev.ermine.trust.World.NOW;
import static dev.ermine.trust.World.P384_KEY;
import static dev.ermine.trust.World.RSA_KEY;
import static dev.ermine.trust.World.keys;
import static dev.ermine.trust.World.regions;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.ECKey;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.KeySet.KeyUse;
import dev.ermine.testing.TestTokens;
import dev.ermine.trust.Trust.Reason;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Attacks on the tokens that a region signs for one request. */
class TokenAttacksTest extends TokenAttacks {

  /** What only a request for a token is refused for. */
  static final Set<Reason> OF_REQUESTS =
      EnumSet.of(
          Reason.REQUEST_FORM,
          Reason.GRANT_TYPE,
          Reason.SCOPE,
          Reason.GRANT_TOO_LARGE,
          Reason.CLIENT_AUTHENTICATION,
          Reason.CLIENT_ID);

  @Override
  TestTokens good(X509Certificate certificate) {
    return TestTokens.token(HWE, World.AUDIENCE, certificate, NOW);
  }

  @Override
  ECKey key() {
    return HWE_KEY;
  }

  @Override
  String issuer() {
    return HWE;
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
    return Reason.TOKEN_KEY;
  }

  @Override
  Reason mixed() {
    return Reason.TOKEN_ALGORITHM;
  }

  @Override
  Object verify(TrustBasis basis, List<X509Certificate> chain, String token) {
    return new TrustVerifier(basis).verify(new Credentials(chain, Optional.of(token)));
  }

  @Override
  Set<Reason> reasons() {
    return EnumSet.complementOf(EnumSet.copyOf(OF_REQUESTS));
  }

  @Override
  List<Attack> own() {
    List<Attack> attacks = new ArrayList<>();
    attacks.addAll(byRegionsKeys());
    attacks.addAll(otherKinds());
    attacks.addAll(users());
    attacks.addAll(replays());
    return attacks;
  }

  private List<Attack> byRegionsKeys() {
    return List.of(
        raw(
            "A3 RS256 by the region's own key",
            Reason.TOKEN_ALGORITHM,
            () -> good().sign(RSA_KEY, JWSAlgorithm.RS256),
            region(Algorithm.PS256, keys(KeyUse.ACTIVE, RSA_KEY))),
        raw(
            "A3 ES384 where ES256 is agreed",
            Reason.TOKEN_ALGORITHM,
            () -> good().sign(P384_KEY),
            region(Algorithm.ES256, keys(KeyUse.ACTIVE, P384_KEY, HWE_KEY))),
        raw(
            "A3 ES384 though agreed, for bearers",
            Reason.TOKEN_ALGORITHM,
            () -> good().sign(P384_KEY),
            region(Algorithm.ES384, keys(KeyUse.ACTIVE, P384_KEY))),
        raw(
            "A3 RS384 though agreed, for bearers",
            Reason.TOKEN_ALGORITHM,
            () -> good().sign(RSA_KEY, JWSAlgorithm.RS384),
            region(Algorithm.RS384, keys(KeyUse.ACTIVE, RSA_KEY))),
        raw(
            "A4 EC key under PS256, which is agreed",
            Reason.TOKEN_KEY,
            () -> good().header("alg", "PS256").sign(HWE_KEY),
            region(Algorithm.PS256, keys(KeyUse.ACTIVE, HWE_KEY))),
        raw(
            "RSA key of 1024 bits",
            Reason.TOKEN_KEY,
            () -> good().header("alg", "PS256").header("kid", "weak").sign(World.rsa("weak", 1024)),
            region(Algorithm.PS256, keys(KeyUse.ACTIVE, World.rsa("weak", 1024)))));
  }

  private List<Attack> otherKinds() {
    return List.of(
        attack("A11 no typ", Reason.TOKEN_HEADER, t -> t.withoutHeader("typ")),
        attack("A11 typ at+jwt", Reason.TOKEN_KEY, t -> t.header("typ", "at+jwt")),
        attack(
            "A11 typ of client assertions",
            Reason.TOKEN_HEADER,
            t -> t.header("typ", "client-authentication+jwt")),
        raw("A11 client assertion", Reason.TOKEN_AUDIENCE, () -> World.assertion().sign(HWE_KEY)),
        raw(
            "A11 client assertion without binding",
            Reason.TOKEN_BINDING,
            () -> World.assertion().without("cnf").sign(HWE_KEY)),
        attack("A20 jti of 4 KB", Reason.TOKEN_TOO_LARGE, t -> t.with("jti", "j".repeat(4096))),
        raw("empty text", Reason.TOKEN_NOT_CANONICAL, () -> ""),
        attack("A18 no binding", Reason.TOKEN_BINDING, t -> t.without("cnf")),
        new Attack(
            "no token",
            Reason.NO_TOKEN,
            () ->
                World.verifier(regions())
                    .verify(new Credentials(List.of(HWE_CERTIFICATE), Optional.empty()))));
  }

  private List<Attack> users() {
    return List.of(
        attack("A16 iat missing", Reason.TOKEN_TIMES, t -> t.without("iat")),
        attack("sub missing", Reason.TOKEN_CLAIMS, t -> t.without("sub")),
        bad("sub", " "),
        bad("sub", "10019\n"),
        bad("sub", 10019),
        bad("requesting_practitioner", TestTokens.practitioner("10020")));
  }

  private List<Attack> replays() {
    return List.of(
        new Attack(
            "A19 the same token again",
            Reason.TOKEN_REPLAYED,
            () -> {
              TrustVerifier verifier = World.verifier(regions());
              String token = good().sign(HWE_KEY);
              verifier.verify(World.hwe(token));
              return verifier.verify(World.hwe(token));
            }),
        new Attack(
            "A19 another token of the same jti",
            Reason.TOKEN_REPLAYED,
            () -> {
              TrustVerifier verifier = World.verifier(regions());
              TestTokens one = good().with("jti", "0f1c2d3e4b5a");
              verifier.verify(World.hwe(one.sign(HWE_KEY)));
              return verifier.verify(
                  World.hwe(
                      one.with("sub", "10020").without("requesting_practitioner").sign(HWE_KEY)));
            }),
        new Attack(
            "more tokens than can be remembered",
            Reason.REPLAY_CACHE_FULL,
            () -> {
              TrustVerifier verifier =
                  new TrustVerifier(
                      World.basis(World::regions, () -> NOW, new ReplayCache(() -> NOW, 1)));
              verifier.verify(World.hwe(good().sign(HWE_KEY)));
              return verifier.verify(World.hwe(good().sign(HWE_KEY)));
            }));
  }
}
