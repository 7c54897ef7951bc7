package dev.ermine.trust;

import static dev.ermine.trust.World.HWE;
import static dev.ermine.trust.World.HWE_CERTIFICATE;
import static dev.ermine.trust.World.HWE_KEY;
import static dev.ermine.trust.World.LONDON;
import static dev.ermine.trust.World.NOW;
import static dev.ermine.trust.World.OWN_KEY;
import static dev.ermine.trust.World.P384_KEY;
import static dev.ermine.trust.World.RSA_KEY;
import static dev.ermine.trust.World.form;
import static dev.ermine.trust.World.keys;
import static dev.ermine.trust.World.request;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.ECKey;
import dev.ermine.fhir.AllTypes;
import dev.ermine.fhir.Parameter;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.KeySet.KeyUse;
import dev.ermine.testing.TestTokens;
import dev.ermine.trust.Trust.Reason;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Attacks on requests for access tokens. */
class ClientAssertionAttacksTest extends TokenAttacks {

  @Override
  TestTokens good(X509Certificate certificate) {
    return World.assertion(certificate);
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
    return World.TOKEN_ENDPOINT;
  }

  @Override
  String elsewhere() {
    return World.AUDIENCE;
  }

  @Override
  Duration lifetime() {
    return Duration.ofMinutes(1);
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
    return new TokenGrants(basis).grant(chain, form(request(token)));
  }

  /** No token is a request that lacks its assertion. */
  @Override
  Set<Reason> reasons() {
    return EnumSet.complementOf(EnumSet.of(Reason.NO_TOKEN));
  }

  @Override
  List<Attack> own() {
    List<Attack> attacks = new ArrayList<>();
    attacks.addAll(byRegionsKeys());
    attacks.addAll(otherKinds());
    attacks.addAll(requests());
    attacks.addAll(scopes());
    attacks.addAll(contexts());
    attacks.addAll(replays());
    return attacks;
  }

  private List<Attack> byRegionsKeys() {
    return List.of(
        raw(
            "A3 RS256 by the region's own key",
            Reason.TOKEN_ALGORITHM,
            () -> good().sign(RSA_KEY, JWSAlgorithm.RS256),
            region(Algorithm.RS384, keys(KeyUse.ACTIVE, RSA_KEY))),
        raw(
            "A3 PS256 where RS384 is agreed",
            Reason.TOKEN_ALGORITHM,
            () -> good().sign(RSA_KEY, JWSAlgorithm.PS256),
            region(Algorithm.RS384, keys(KeyUse.ACTIVE, RSA_KEY))),
        raw(
            "A3 RS512 though agreed",
            Reason.TOKEN_ALGORITHM,
            () -> good().sign(RSA_KEY, JWSAlgorithm.RS512),
            region(Algorithm.RS512, keys(KeyUse.ACTIVE, RSA_KEY))),
        raw(
            "A3 ES384 where ES256 is agreed",
            Reason.TOKEN_ALGORITHM,
            () -> good().sign(P384_KEY),
            region(Algorithm.ES256, keys(KeyUse.ACTIVE, P384_KEY, HWE_KEY))),
        raw(
            "A4 EC key under RS384, which is agreed",
            Reason.TOKEN_KEY,
            () -> good().header("alg", "RS384").sign(HWE_KEY),
            region(Algorithm.RS384, keys(KeyUse.ACTIVE, HWE_KEY))));
  }

  private List<Attack> otherKinds() {
    return List.of(
        attack("A20 jti of 4 KB", Reason.TOKEN_TOO_LARGE, t -> t.with("jti", "j".repeat(4096))),
        asked("empty assertion", Reason.CLIENT_AUTHENTICATION, f -> f.put("client_assertion", "")),
        attack("A11 typ at+jwt", Reason.TOKEN_HEADER, t -> t.header("typ", "at+jwt")),
        raw(
            "A11 access token of the gateway",
            Reason.TOKEN_HEADER,
            () -> World.accessToken().sign(OWN_KEY)),
        raw("A11 bearer for one request", Reason.TOKEN_ISSUER, () -> World.token().sign(HWE_KEY)),
        raw(
            "A11 bearer for one request of the system itself",
            Reason.TOKEN_AUDIENCE,
            () -> World.token().with("sub", HWE).sign(HWE_KEY)));
  }

  private List<Attack> requests() {
    return List.of(
        new Attack("no form", Reason.REQUEST_FORM, () -> grants().grant(hwe(), Optional.empty())),
        asked("no grant_type", Reason.REQUEST_FORM, form -> form.remove("grant_type")),
        asked("empty grant_type", Reason.REQUEST_FORM, form -> form.put("grant_type", "")),
        asked("grant of a code", Reason.GRANT_TYPE, form -> form.put("grant_type", "code")),
        asked(
            "no assertion type",
            Reason.CLIENT_AUTHENTICATION,
            form -> form.remove("client_assertion_type")),
        asked(
            "assertion of SAML",
            Reason.CLIENT_AUTHENTICATION,
            form ->
                form.put(
                    "client_assertion_type",
                    "urn:ietf:params:oauth:client-assertion-type:saml2-bearer")),
        asked(
            "no assertion", Reason.CLIENT_AUTHENTICATION, form -> form.remove("client_assertion")),
        asked("client_id of another", Reason.CLIENT_ID, form -> form.put("client_id", LONDON)),
        new Attack(
            "parameter twice",
            Reason.REQUEST_FORM,
            () -> {
              List<Parameter> twice =
                  new ArrayList<>(form(request(good().sign(HWE_KEY))).orElseThrow());
              twice.add(new Parameter("scope", "system/*.rs"));
              return grants().grant(hwe(), Optional.of(twice));
            }));
  }

  private List<Attack> scopes() {
    List<Attack> attacks = new ArrayList<>();
    attacks.add(asked("no scope", Reason.SCOPE, form -> form.remove("scope")));
    for (String scope :
        List.of(
            " ",
            "system/*.rs ",
            "system/*.rs  system/Flag.rs",
            "system/*.*",
            "system/*.cruds",
            "system/Flag.r",
            "system/Flag.write",
            "system/Flag.rs?category=x",
            "system/flag.rs",
            "system/Nonsense.rs",
            "patient/Flag.rs",
            "user/*.read",
            "system/Flag.rs,system/Patient.rs",
            "openid",
            "system/Flag.rs openid")) {
      attacks.add(asked("scope `" + scope + "`", Reason.SCOPE, form -> form.put("scope", scope)));
    }
    attacks.add(
        asked(
            "scope of more types than a token can hold",
            Reason.GRANT_TOO_LARGE,
            form -> form.put("scope", everyType())));
    return attacks;
  }

  private static String everyType() {
    return String.join(
        " ", AllTypes.names().stream().map(type -> "system/" + type + ".rs").toList());
  }

  private List<Attack> contexts() {
    return List.of(
        attack("sub missing", Reason.TOKEN_ISSUER, t -> t.without("sub")),
        attack("sub is a user", Reason.TOKEN_ISSUER, t -> t.with("sub", "10019")),
        attack("sub is a number", Reason.TOKEN_ISSUER, t -> t.with("sub", 1)),
        attack("A15 exp alone, too far", Reason.TOKEN_TIMES, t -> alone(t, 91)),
        attack("A15 exp alone, past", Reason.TOKEN_TIMES, t -> alone(t, -30)),
        attack(
            "A16 exp alone, nbf ahead", Reason.TOKEN_TIMES, t -> alone(t, 60).with("nbf", soon())),
        attack("no user", Reason.TOKEN_CLAIMS, t -> t.without("requesting_practitioner")),
        attack(
            "user without id",
            Reason.TOKEN_CLAIMS,
            t -> t.with("requesting_practitioner", Map.of("resourceType", "Practitioner"))));
  }

  private static TestTokens alone(TestTokens token, long seconds) {
    return token.without("iat").with("exp", NOW.plusSeconds(seconds).getEpochSecond());
  }

  private static long soon() {
    return NOW.plusSeconds(61).getEpochSecond();
  }

  private List<Attack> replays() {
    return List.of(
        new Attack(
            "A19 the same assertion again",
            Reason.TOKEN_REPLAYED,
            () -> {
              TokenGrants grants = grants();
              String assertion = good().sign(HWE_KEY);
              grants.grant(hwe(), form(request(assertion)));
              return grants.grant(hwe(), form(request(assertion)));
            }),
        new Attack(
            "more assertions than can be remembered",
            Reason.REPLAY_CACHE_FULL,
            () -> {
              TokenGrants grants =
                  new TokenGrants(
                      World.basis(World::regions, () -> NOW, new ReplayCache(() -> NOW, 1)));
              grants.grant(hwe(), form(request(good().sign(HWE_KEY))));
              return grants.grant(hwe(), form(request(good().sign(HWE_KEY))));
            }));
  }

  private Attack asked(String name, Reason reason, Consumer<Map<String, String>> spoil) {
    Supplier<Grant> attempt =
        () -> {
          Map<String, String> request = request(good().sign(HWE_KEY));
          spoil.accept(request);
          return grants().grant(hwe(), form(request));
        };
    return new Attack(name, reason, attempt);
  }

  private static TokenGrants grants() {
    return new TokenGrants(World.basis(World::regions, () -> NOW));
  }

  private static List<X509Certificate> hwe() {
    return List.of(HWE_CERTIFICATE);
  }
}
