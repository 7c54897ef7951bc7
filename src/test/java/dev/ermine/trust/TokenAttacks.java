package dev.ermine.trust;

import static dev.ermine.testing.TestTokens.base64;
import static dev.ermine.testing.TestTokens.compact;
import static dev.ermine.trust.World.HWE;
import static dev.ermine.trust.World.HWE_CERTIFICATE;
import static dev.ermine.trust.World.HWE_KEY;
import static dev.ermine.trust.World.LONDON;
import static dev.ermine.trust.World.LONDON_CERTIFICATE;
import static dev.ermine.trust.World.LONDON_KEY;
import static dev.ermine.trust.World.NOW;
import static dev.ermine.trust.World.asking;
import static dev.ermine.trust.World.keys;
import static dev.ermine.trust.World.regions;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.impl.ECDSA;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.KeySet;
import dev.ermine.region.Region.KeySet.KeyUse;
import dev.ermine.region.Regions;
import dev.ermine.testing.Authority;
import dev.ermine.testing.TestTokens;
import dev.ermine.trust.Trust.Reason;
import dev.ermine.trust.Trust.Untrusted;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * For one kind of token, each way known to us to be taken for somebody else, with the exact reason
 * of its refusal. Every token differs from a good one in what its name says, and is truly signed
 * unless it says so.
 */
abstract class TokenAttacks {

  /**
   * An attempt, and what it comes to.
   *
   * @param name begins with the ids that the catalogue of attacks has for it
   */
  record Attack(String name, Reason reason, Supplier<?> attempt) {

    String title() {
      return name.replaceFirst("^((?:[AD]\\d+ )*[AD]\\d+) ", "$1: ") + ": " + reason;
    }
  }

  /** A token that proves HWE. */
  final TestTokens good() {
    return good(HWE_CERTIFICATE);
  }

  abstract TestTokens good(X509Certificate certificate);

  /** What signs it. */
  abstract ECKey key();

  abstract String issuer();

  abstract String audience();

  /** The audience of the other address where tokens are shown. */
  abstract String elsewhere();

  abstract Duration lifetime();

  /** Why it is refused when another region shows it. */
  abstract Reason stolen();

  /** Why it is refused when its algorithm is of another kind of key. */
  abstract Reason mixed();

  /** What comes of showing it. */
  abstract Object verify(TrustBasis basis, List<X509Certificate> chain, String token);

  /** The attacks on this kind of token alone. */
  abstract List<Attack> own();

  /** Every reason for which this kind may be refused. */
  abstract Set<Reason> reasons();

  private static final Authority REVOKING = new Authority("issuer", NOW);
  private static final String ONE_MEGABYTE = "a".repeat(1_000_000);

  @TestFactory
  Stream<DynamicTest> refusesForTheExactReason() {
    return attacks()
        .map(
            attack ->
                DynamicTest.dynamicTest(
                    attack.title(),
                    () ->
                        assertThat(attack.attempt().get())
                            .isInstanceOfSatisfying(
                                Untrusted.class,
                                untrusted ->
                                    assertThat(untrusted.reason()).isEqualTo(attack.reason()))));
  }

  @Test
  void everyReasonHasAnAttack() {
    Set<Reason> attacked = attacks().map(Attack::reason).collect(Collectors.toSet());
    assertThat(attacked).containsExactlyInAnyOrderElementsOf(reasons());
  }

  @Test
  void trustsTheTokenThatTheAttacksSpoil() {
    assertThat(show(good().sign(key()))).isNotInstanceOf(Untrusted.class);
  }

  @Test
  void trustsTheHandedOnTokenThatTheAttacksSpoil() {
    assertThat(
            verify(
                World.handingOn(Region.Status.ACTIVE),
                List.of(HWE_CERTIFICATE),
                World.handedOn(good(), "ermine-west").sign(key())))
        .isNotInstanceOf(Untrusted.class);
  }

  @Test
  void fetchesNoKeyThatAHeaderPointsTo() throws Exception {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      server.configureBlocking(false);
      String url = "http:/" + server.getLocalAddress() + "/jwks.json";
      for (String name : List.of("jku", "x5u")) {
        show(good().header(name, url).sign(key()));
      }
      assertThat(server.accept()).isNull();
    }
  }

  final Stream<Attack> attacks() {
    return Stream.of(
            certificates(),
            algorithms(),
            headers(),
            forms(),
            signatures(),
            keysAndIssuers(),
            audiences(),
            times(),
            ids(),
            claims(),
            loops(),
            handedOn(),
            own())
        .flatMap(List::stream);
  }

  final List<Attack> certificates() {
    X509Certificate stranger = TestCertificates.certificate().make();
    X509Certificate expired =
        TestCertificates.certificate()
            .valid(NOW.minus(Duration.ofDays(9)), NOW.minus(Duration.ofDays(1)))
            .make();
    X509Certificate early =
        TestCertificates.certificate()
            .valid(NOW.plus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(9)))
            .make();
    X509Certificate client = REVOKING.issue("client").certificate();
    return List.of(
        new Attack(
            "A25 no certificate",
            Reason.NO_CERTIFICATE,
            () -> verify(regions(), List.of(), good().sign(key()))),
        new Attack(
            "A25 unknown certificate",
            Reason.UNKNOWN_CERTIFICATE,
            () -> verify(regions(), List.of(stranger), good().sign(key()))),
        new Attack(
            "A25 known certificate only further up the chain",
            Reason.UNKNOWN_CERTIFICATE,
            () -> verify(regions(), List.of(stranger, HWE_CERTIFICATE), good().sign(key()))),
        new Attack(
            "A25 expired certificate", Reason.CERTIFICATE_NOT_VALID_NOW, () -> showWith(expired)),
        new Attack(
            "A25 certificate not valid yet",
            Reason.CERTIFICATE_NOT_VALID_NOW,
            () -> showWith(early)),
        new Attack(
            "A25 D9 revoked certificate",
            Reason.CERTIFICATE_REVOKED,
            () -> showWith(client, REVOKING.list(client))),
        new Attack(
            "A25 D9 certificate whose list has ended",
            Reason.CERTIFICATE_REVOCATION_UNKNOWN,
            () ->
                showWith(
                    client,
                    REVOKING.list(NOW.minus(Duration.ofDays(9)), NOW.minus(Duration.ofDays(1))))),
        new Attack(
            "certificate that two regions pin",
            Reason.UNKNOWN_CERTIFICATE,
            () ->
                verify(
                    regions(
                        hweWith(HWE_CERTIFICATE, Region.Status.ACTIVE),
                        asking("london", LONDON, Algorithm.ES256, HWE_CERTIFICATE)),
                    List.of(HWE_CERTIFICATE),
                    good().sign(key()))),
        new Attack(
            "suspended region", Reason.REGION_NOT_ACTIVE, () -> showTo(Region.Status.SUSPENDED)),
        new Attack(
            "retired region", Reason.REGION_NOT_ACTIVE, () -> showTo(Region.Status.RETIRED)));
  }

  final List<Attack> algorithms() {
    byte[] der = publicKeyOf(key());
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(der)
            + "\n-----END PUBLIC KEY-----\n";
    return List.of(
        raw("A1 alg none", Reason.TOKEN_ALGORITHM, () -> unsigned("none") + "AA"),
        raw("A1 alg nOnE", Reason.TOKEN_ALGORITHM, () -> unsigned("nOnE") + "AA"),
        raw("A1 empty signature", Reason.TOKEN_NOT_CANONICAL, () -> unsigned("none")),
        attack("A1 no alg", Reason.TOKEN_ALGORITHM, t -> t.withoutHeader("alg")),
        attack("A1 alg is a number", Reason.TOKEN_ALGORITHM, t -> t.header("alg", 256)),
        raw("A2 HS256 keyed with the public key as DER", Reason.TOKEN_ALGORITHM, () -> hmac(der)),
        raw(
            "A2 HS256 keyed with the public key as PEM",
            Reason.TOKEN_ALGORITHM,
            () -> hmac(pem.getBytes(StandardCharsets.US_ASCII))),
        attack("A4 EC key under PS256", mixed(), t -> t.header("alg", "PS256")));
  }

  final List<Attack> headers() {
    return List.of(
        attack("A5 D16 no kid", Reason.TOKEN_HEADER, t -> t.withoutHeader("kid")),
        attack("A5 kid of 10 KB", Reason.TOKEN_TOO_LARGE, t -> t.header("kid", "k".repeat(10_240))),
        attack("A5 kid empty", Reason.TOKEN_HEADER, t -> t.header("kid", "")),
        attack("A5 kid of 129", Reason.TOKEN_HEADER, t -> t.header("kid", "k".repeat(129))),
        attack(
            "A5 kid with a new line",
            Reason.TOKEN_HEADER,
            t -> t.header("kid", key().getKeyID() + "\nx")),
        attack("A5 kid is a number", Reason.TOKEN_HEADER, t -> t.header("kid", 1)),
        attack("A5 kid is a path", Reason.TOKEN_KEY, t -> t.header("kid", "../../etc/passwd")),
        attack("A5 kid is SQL", Reason.TOKEN_KEY, t -> t.header("kid", "'or'1'='1")),
        attack("A7 jwk", Reason.TOKEN_HEADER, t -> t.header("jwk", publicJwk(LONDON_KEY))),
        attack("A8 D16 jku", Reason.TOKEN_HEADER, t -> t.header("jku", "http://169.254.169.254/k")),
        attack("A8 D16 x5u", Reason.TOKEN_HEADER, t -> t.header("x5u", "http://169.254.169.254/k")),
        attack("A9 x5c", Reason.TOKEN_HEADER, t -> t.header("x5c", List.of(der(HWE_CERTIFICATE)))),
        attack("A9 x5t#S256", Reason.TOKEN_HEADER, t -> t.header("x5t#S256", "AA")),
        attack("A10 crit", Reason.TOKEN_HEADER, t -> t.header("crit", List.of("exp"))),
        attack("A10 b64", Reason.TOKEN_HEADER, t -> t.header("b64", false)),
        attack("A10 zip", Reason.TOKEN_HEADER, t -> t.header("zip", "DEF")),
        attack("A11 typ dpop+jwt", Reason.TOKEN_HEADER, t -> t.header("typ", "dpop+jwt")),
        attack("A11 typ jwt", Reason.TOKEN_HEADER, t -> t.header("typ", "jwt")),
        attack("A11 cty", Reason.TOKEN_HEADER, t -> t.header("cty", "JWT")),
        attack("header of another name", Reason.TOKEN_HEADER, t -> t.header("x", 1)),
        json(
            "A12 header name twice",
            Reason.TOKEN_HEADER,
            h -> h.replace("{", "{\"kid\":\"london-1\","),
            p -> p),
        json("header with something after", Reason.TOKEN_HEADER, h -> h + "{}", p -> p),
        json("header is an array", Reason.TOKEN_HEADER, h -> "[" + h + "]", p -> p),
        json("header is no JSON", Reason.TOKEN_HEADER, h -> "header", p -> p));
  }

  final List<Attack> forms() {
    return List.of(
        text("A14 D16 trailing new line", Reason.TOKEN_NOT_CANONICAL, t -> t + "\n"),
        text("A14 D16 leading space", Reason.TOKEN_NOT_CANONICAL, t -> " " + t),
        text("A14 trailing space", Reason.TOKEN_NOT_CANONICAL, t -> t + " "),
        text("A14 D16 padding", Reason.TOKEN_NOT_CANONICAL, t -> t + "=="),
        text(
            "A14 padding of the header",
            Reason.TOKEN_NOT_CANONICAL,
            t -> t.replaceFirst("\\.", "=.")),
        text(
            "A14 D16 altered last character",
            Reason.TOKEN_NOT_CANONICAL,
            t -> t.substring(0, t.length() - 1) + (char) (t.charAt(t.length() - 1) + 1)),
        text("A14 base64 of the other alphabet", Reason.TOKEN_NOT_CANONICAL, t -> t + ".++//"),
        text("A14 four parts", Reason.TOKEN_NOT_CANONICAL, t -> t + ".AA"),
        text("A14 two parts", Reason.TOKEN_NOT_CANONICAL, t -> t.substring(0, t.lastIndexOf('.'))),
        text("A14 JWE of five parts", Reason.TOKEN_NOT_CANONICAL, t -> t + ".AA.AA"),
        text("A14 empty payload", Reason.TOKEN_NOT_CANONICAL, t -> t.replaceAll("\\..*\\.", "..")),
        text("A14 JSON serialisation", Reason.TOKEN_NOT_CANONICAL, TokenAttacks::asJson),
        text("A21 1 MB of text", Reason.TOKEN_TOO_LARGE, t -> ONE_MEGABYTE),
        attack(
            "D16 5 MB payload", Reason.TOKEN_TOO_LARGE, t -> t.with("note", "x".repeat(5_000_000))),
        json(
            "A12 claim twice",
            Reason.TOKEN_CLAIMS,
            h -> h,
            p -> p.replaceFirst("\\{", "{\"sub\":\"10020\",")),
        json(
            "A12 claim twice, once spelled with an escape",
            Reason.TOKEN_CLAIMS,
            h -> h,
            p -> p.replaceFirst("\\{", "{\"s\\\\u0075b\":\"10020\",")),
        json(
            "A12 nested name twice",
            Reason.TOKEN_CLAIMS,
            h -> h,
            p -> p.replace("\"family\":", "\"identifier\":\"9000000017\",\"family\":")),
        json("payload with something after", Reason.TOKEN_CLAIMS, h -> h, p -> p + " {}"),
        json("payload is an array", Reason.TOKEN_CLAIMS, h -> h, p -> "[" + p + "]"),
        json("payload with a comment", Reason.TOKEN_CLAIMS, h -> h, p -> p + "/**/"),
        json(
            "payload of depth 17",
            Reason.TOKEN_CLAIMS,
            h -> h,
            p -> p.replaceFirst("\\{", "{\"x\":" + "[".repeat(16) + "]".repeat(16) + ",")),
        json(
            "payload with half a character",
            Reason.TOKEN_CLAIMS,
            h -> h,
            p -> p.replaceFirst("\\{", "{\"x\":\"\\\\ud800\",")),
        json(
            "payload with a null",
            Reason.TOKEN_CLAIMS,
            h -> h,
            p -> p.replace("{", "{\"x\":null,")),
        raw(
            "payload that is not UTF-8",
            Reason.TOKEN_CLAIMS,
            () -> {
              String good = good().sign(key());
              String[] parts = good.split("\\.", -1);
              byte[] bytes = Base64.getUrlDecoder().decode(parts[1]);
              bytes[new String(bytes, StandardCharsets.US_ASCII).indexOf("Jones")] = (byte) 0xc3;
              return parts[0]
                  + "."
                  + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes)
                  + "."
                  + parts[2];
            }));
  }

  final List<Attack> signatures() {
    byte[] zero = new byte[64];
    byte[] order = new byte[64];
    byte[] n = key().getCurve().toECParameterSpec().getOrder().toByteArray();
    System.arraycopy(n, n.length - 32, order, 0, 32);
    System.arraycopy(n, n.length - 32, order, 32, 32);
    return List.of(
        signature("A13 all zero", s -> zero),
        signature("A13 r = 0", s -> join(Arrays.copyOf(zero, 32), half(s, 1))),
        signature("A13 s = 0", s -> join(half(s, 0), Arrays.copyOf(zero, 32))),
        signature("A13 r = n", s -> join(half(order, 0), half(s, 1))),
        signature("A13 s = n", s -> join(half(s, 0), half(order, 1))),
        signature("A13 DER", TokenAttacks::asDer),
        signature("A13 one byte", s -> new byte[] {1}),
        signature("A13 one byte more", s -> Arrays.copyOf(s, 65)),
        raw(
            "another payload under the signature",
            Reason.TOKEN_SIGNATURE,
            () -> {
              String[] one = good().sign(key()).split("\\.", -1);
              String[] other = good().with("sub", "10020").sign(key()).split("\\.", -1);
              return one[0] + "." + other[1] + "." + one[2];
            }));
  }

  final List<Attack> keysAndIssuers() {
    return List.of(
        raw("A6 kid and key of another region", Reason.TOKEN_KEY, () -> good().sign(LONDON_KEY)),
        raw(
            "A6 own kid, key of another region",
            Reason.TOKEN_SIGNATURE,
            () -> good().header("kid", key().getKeyID()).sign(LONDON_KEY)),
        attack("A6 iss of another region", Reason.TOKEN_ISSUER, t -> t.with("iss", LONDON)),
        attack("iss missing", Reason.TOKEN_ISSUER, t -> t.without("iss")),
        attack("iss with a slash", Reason.TOKEN_ISSUER, t -> t.with("iss", issuer() + "/")),
        attack("iss is an array", Reason.TOKEN_ISSUER, t -> t.with("iss", List.of(issuer()))),
        new Attack(
            "A18 token stolen by another trusted region",
            stolen(),
            () -> verify(regions(), List.of(LONDON_CERTIFICATE), good().sign(key()))),
        attack(
            "A18 bound to another certificate",
            Reason.TOKEN_BINDING,
            t -> t.with("cnf", Map.of("x5t#S256", Thumbprints.x5tS256(LONDON_CERTIFICATE)))),
        attack(
            "A18 binding by SHA-1", Reason.TOKEN_BINDING, t -> t.with("cnf", Map.of("x5t", "A"))),
        attack("A18 binding is text", Reason.TOKEN_BINDING, t -> t.with("cnf", "x5t#S256")),
        underKeys("A24 next key", keys(KeyUse.NEXT, HWE_KEY)),
        underKeys("A24 revoked key", keys(KeyUse.REVOKED, HWE_KEY)),
        underKeys(
            "A24 key both active and revoked",
            keys(KeyUse.ACTIVE, HWE_KEY),
            keys(KeyUse.REVOKED, HWE_KEY)),
        underKeys(
            "A24 revoked key back under another id",
            keys(KeyUse.ACTIVE, HWE_KEY),
            keys(KeyUse.REVOKED, renamed("old"))),
        underKeys(
            "A24 revocations that cannot be read",
            keys(KeyUse.ACTIVE, HWE_KEY),
            new KeySet("revoked.json", "{", KeyUse.REVOKED)),
        underKeys("no keys"),
        underKeys("keys that cannot be read", new KeySet("k.json", "keys", KeyUse.ACTIVE)));
  }

  final List<Attack> audiences() {
    return Stream.of(
            World.BASE,
            elsewhere(),
            audience() + "/",
            audience() + "/Patient",
            audience().toUpperCase(Locale.ROOT),
            audience().replace(".example", ".example:443"),
            " " + audience(),
            "",
            1,
            List.of(),
            List.of(audience(), "https://other.example/fhir"),
            List.of(audience(), audience()),
            List.of(List.of(audience())),
            Map.of("0", audience()))
        .map(aud -> attack("A17 D16 aud " + aud, Reason.TOKEN_AUDIENCE, t -> t.with("aud", aud)))
        .collect(
            Collectors.collectingAndThen(
                Collectors.toCollection(ArrayList::new),
                list -> {
                  list.add(attack("A17 aud missing", Reason.TOKEN_AUDIENCE, t -> t.without("aud")));
                  return list;
                }));
  }

  final List<Attack> times() {
    long now = NOW.getEpochSecond();
    long most = lifetime().toSeconds();
    List<Attack> attacks = new ArrayList<>();
    attacks.add(time("A15 exp missing", t -> t.without("exp")));
    attacks.add(time("A15 exp past beyond skew", now - 60, now - 30));
    attacks.add(time("A15 exp a second too far ahead", now, now + most + 1));
    attacks.add(time("A15 D16 exp 10 years ahead", now, now + 315_360_000));
    attacks.add(time("A15 exp is text", now, String.valueOf(now + most)));
    attacks.add(time("A15 exp is 1e300", now, 1e300));
    attacks.add(time("A15 exp is beyond longs", now, new BigInteger("9".repeat(30))));
    attacks.add(time("A15 exp is the last long", now, Long.MAX_VALUE));
    attacks.add(time("A15 exp is negative", now, -now));
    attacks.add(time("A15 exp is a fraction", now, now + most - 0.5));
    attacks.add(time("A15 exp is a float", now, now + (double) most));
    attacks.add(time("A15 exp is true", now, true));
    attacks.add(time("A16 iat is text", String.valueOf(now), now + most));
    attacks.add(time("A16 iat is negative", -1, now + most));
    attacks.add(time("A16 iat 61 s ahead", now + 61, now + 61 + most));
    attacks.add(time("A16 D16 iat 1 h ahead", now + 3600, now + 3600 + most));
    attacks.add(time("A16 iat too old", now - most - 31, now - 31));
    attacks.add(time("A16 iat too old, exp ahead", now - most - 31, now + 60));
    attacks.add(time("A16 exp is iat", now, now));
    attacks.add(time("A16 exp before iat", now + 20, now + 10));
    attacks.add(time("A16 nbf 61 s ahead", t -> t.with("nbf", now + 61)));
    attacks.add(time("A16 nbf is text", t -> t.with("nbf", "now")));
    return attacks;
  }

  final List<Attack> ids() {
    return List.of(
        attack("A20 jti missing", Reason.TOKEN_ID, t -> t.without("jti")),
        attack("A20 D16 jti empty", Reason.TOKEN_ID, t -> t.with("jti", "")),
        attack("A20 jti of white space", Reason.TOKEN_ID, t -> t.with("jti", " ".repeat(20))),
        attack("A20 jti with a space", Reason.TOKEN_ID, t -> t.with("jti", "12345678 9")),
        attack("A20 jti with a new line", Reason.TOKEN_ID, t -> t.with("jti", "123456789\n")),
        attack("A20 jti of 7", Reason.TOKEN_ID, t -> t.with("jti", "1234567")),
        attack("A20 jti of 129", Reason.TOKEN_ID, t -> t.with("jti", "j".repeat(129))),
        attack("A20 jti of other letters", Reason.TOKEN_ID, t -> t.with("jti", "ключ-ключ")),
        attack("A20 jti is a number", Reason.TOKEN_ID, t -> t.with("jti", 1234567890)));
  }

  final List<Attack> claims() {
    List<Attack> attacks = new ArrayList<>();
    attacks.add(
        attack("A22 purpose missing", Reason.PURPOSE_MISSING, t -> t.without("purpose_of_use")));
    for (Object purpose :
        List.of("TREAT", List.of(), List.of("treat"), List.of(1), List.of("TREAT", "x y"), 1)) {
      attacks.add(
          attack(
              "A22 purpose " + purpose,
              Reason.PURPOSE_MISSING,
              t -> t.with("purpose_of_use", purpose)));
    }
    attacks.add(
        attack(
            "A22 purpose of another OID",
            Reason.PURPOSE_MISSING,
            t -> t.with("purpose_of_use", List.of("urn:oid:2.16.840.1.113883.5.9#TREAT"))));
    attacks.add(bad("reason_for_request", 1));
    attacks.add(bad("subject_role", "R8000"));
    attacks.add(bad("subject_role", List.of("R8000")));
    attacks.add(bad("subject_role", List.of(Map.of("code", "R8000"))));
    attacks.add(bad("legitimate_relationship", "encounter"));
    attacks.add(bad("legitimate_relationship", Map.of("reason", "attending")));
    attacks.add(bad("patient", "9000000009"));
    attacks.add(bad("patient", Map.of()));
    attacks.add(bad("patient", TestTokens.patient("9000000000")));
    attacks.add(bad("patient", TestTokens.patient("900 000 0009")));
    attacks.add(bad("patient", Map.of("identifier", 9000000009L)));
    attacks.add(bad("patient", Map.of("identifier", "9000000009", "birthdate", "2/4/1961")));
    attacks.add(bad("patient", Map.of("identifier", "9000000009", "gender", "f")));
    attacks.add(bad("patient", Map.of("identifier", "9000000009", "given", "Ada")));
    attacks.add(
        attack(
            "organisation missing",
            Reason.TOKEN_CLAIMS,
            t -> t.without("requesting_organization")));
    attacks.add(bad("requesting_organization", "RQW"));
    attacks.add(bad("requesting_organization", Map.of("name", "Princess Alexandra")));
    attacks.add(bad("requesting_organization", TestTokens.organisation("rqw\r\n", "x")));
    attacks.add(
        bad(
            "requesting_organization",
            Map.of("identifier", List.of(Map.of("system", "https://x.example", "value", "RQW")))));
    attacks.add(
        bad(
            "requesting_organization",
            Map.of(
                "identifier",
                List.of(
                    Map.of("system", Organisation.SYSTEM, "value", "RQW"),
                    Map.of("system", Organisation.SYSTEM, "value", "RJ6")))));
    attacks.add(bad("requesting_organization", TestTokens.practitioner("10019")));
    attacks.add(bad("requesting_practitioner", TestTokens.organisation("RQW", "x")));
    attacks.add(bad("requesting_practitioner", Map.of("identifier", "111222333444")));
    attacks.add(bad("extensions", "hl7-b2b"));
    attacks.add(bad("extensions", Map.of("hl7-b2b", List.of())));
    attacks.add(bad("extensions", Map.of("hl7-b2b", Map.of())));
    attacks.add(bad("extensions", Map.of("hl7-b2b", Map.of("version", "2"))));
    attacks.add(bad("extensions", Map.of("hl7-b2b", Map.of("version", 1))));
    attacks.add(bad("hops", "ermine-west"));
    attacks.add(bad("hops", List.of("ermine west")));
    attacks.add(bad("time_left", 0));
    attacks.add(bad("time_left", -1));
    attacks.add(bad("time_left", 1e99));
    attacks.add(bad("time_left", 1500.5));
    attacks.add(bad("time_left", 1L << 40));
    attacks.add(bad("time_left", "1500"));
    attacks.add(bad("time_left", Map.of()));
    return attacks;
  }

  final List<Attack> loops() {
    return List.of(
        attack("A52 come back", Reason.LOOP, t -> t.with("hops", List.of("ermine-east"))),
        attack(
            "A52 come back by others",
            Reason.LOOP,
            t -> t.with("hops", List.of("ermine-west", "ermine-east", "ermine-north"))),
        attack(
            "A52 wander",
            Reason.LOOP,
            t -> World.handedOn(t, "ermine-a", "ermine-b", "ermine-c", "ermine-d")),
        forwarded("A52 come back whole", Reason.LOOP, t -> World.handedOn(t, "ermine-east")));
  }

  /** Attacks by a gateway that hands on what it should not, or tells half of it. */
  final List<Attack> handedOn() {
    Regions unarmed = World.handingOn(Region.Status.ACTIVE);
    return List.of(
        forwarded("originator without hops", Reason.TOKEN_CLAIMS, t -> t.without("hops")),
        forwarded("originator, no hop", Reason.TOKEN_CLAIMS, t -> t.with("hops", List.of())),
        forwarded("hops without originator", Reason.TOKEN_CLAIMS, t -> t.without("originator")),
        forwarded("originator empty", Reason.TOKEN_CLAIMS, t -> t.with("originator", "")),
        forwarded("originator a list", Reason.TOKEN_CLAIMS, t -> t.with("originator", List.of())),
        forwarded("hops without act", Reason.TOKEN_CLAIMS, t -> t.without("act")),
        forwarded("act without sub", Reason.TOKEN_CLAIMS, t -> t.with("act", Map.of("iss", "x"))),
        forwarded(
            "act of another gateway",
            Reason.TOKEN_CLAIMS,
            t -> t.with("act", Map.of("sub", "ermine-north"))),
        forwarded(
            "act of an earlier gateway",
            Reason.TOKEN_CLAIMS,
            t ->
                World.handedOn(t, "ermine-west", "ermine-north")
                    .with("act", Map.of("sub", "ermine-west"))),
        forwarded(
            "unknown originator",
            Reason.FORWARDING,
            t -> t.with("originator", "https://nowhere.example")),
        forwarded("the sender as originator", Reason.FORWARDING, t -> t.with("originator", HWE)),
        forwarded("originator by its id", Reason.FORWARDING, t -> t.with("originator", "wessex")),
        forwarded(
            "originator that is not the sender's to hand on",
            Reason.FORWARDING,
            t -> t.with("originator", LONDON),
            regions(
                unarmed.regions().get(0), unarmed.regions().get(1), regions().regions().get(1))),
        forwarded(
            "nobody to hand on for",
            Reason.FORWARDING,
            t -> t,
            regions(regions().regions().getFirst(), unarmed.regions().get(1))),
        forwarded(
            "suspended originator",
            Reason.ORIGINATOR_NOT_ACTIVE,
            t -> t,
            World.handingOn(Region.Status.SUSPENDED)),
        forwarded(
            "retired originator",
            Reason.ORIGINATOR_NOT_ACTIVE,
            t -> t,
            World.handingOn(Region.Status.RETIRED)),
        forwarded(
            "suspended sender",
            Reason.REGION_NOT_ACTIVE,
            t -> t,
            regions(
                World.forwarding(hweWith(HWE_CERTIFICATE, Region.Status.SUSPENDED), "wessex"),
                unarmed.regions().get(1))));
  }

  /** What Wessex asks through HWE, spoilt. */
  private Attack forwarded(String name, Reason reason, UnaryOperator<TestTokens> spoil) {
    return forwarded(name, reason, spoil, World.handingOn(Region.Status.ACTIVE));
  }

  private Attack forwarded(
      String name, Reason reason, UnaryOperator<TestTokens> spoil, Regions regions) {
    return raw(
        "handed on: " + name,
        reason,
        () -> spoil.apply(World.handedOn(good(), "ermine-west")).sign(key()),
        regions);
  }

  final Attack attack(String name, Reason reason, UnaryOperator<TestTokens> spoil) {
    return raw(name, reason, () -> spoil.apply(good()).sign(key()));
  }

  final Attack bad(String claim, Object value) {
    return attack(claim + " " + value, Reason.TOKEN_CLAIMS, t -> t.with(claim, value));
  }

  final Attack time(String name, UnaryOperator<TestTokens> spoil) {
    return attack(name, Reason.TOKEN_TIMES, spoil);
  }

  final Attack time(String name, Object issued, Object expires) {
    return time(name, t -> t.with("iat", issued).with("exp", expires));
  }

  /** A good token's text, altered after it was signed. */
  final Attack text(String name, Reason reason, UnaryOperator<String> alter) {
    return raw(name, reason, () -> alter.apply(good().sign(key())));
  }

  /** Header and payload altered as text, then truly signed. */
  final Attack json(
      String name, Reason reason, UnaryOperator<String> header, UnaryOperator<String> payload) {
    return raw(
        name,
        reason,
        () ->
            compact(
                header.apply(good().headerJson(key(), JWSAlgorithm.ES256)),
                payload.apply(good().payloadJson()),
                key(),
                JWSAlgorithm.ES256));
  }

  final Attack signature(String name, UnaryOperator<byte[]> alter) {
    return text(
        name,
        Reason.TOKEN_SIGNATURE,
        token -> {
          int dot = token.lastIndexOf('.') + 1;
          byte[] altered = alter.apply(Base64.getUrlDecoder().decode(token.substring(dot)));
          return token.substring(0, dot)
              + Base64.getUrlEncoder().withoutPadding().encodeToString(altered);
        });
  }

  final Attack underKeys(String name, KeySet... keys) {
    return raw(name, Reason.TOKEN_KEY, () -> good().sign(key()), region(Algorithm.ES256, keys));
  }

  final Attack raw(String name, Reason reason, Supplier<String> token) {
    return raw(name, reason, token, regions());
  }

  final Attack raw(String name, Reason reason, Supplier<String> token, Regions regions) {
    return new Attack(name, reason, () -> verify(regions, List.of(HWE_CERTIFICATE), token.get()));
  }

  final Object show(String token) {
    return verify(regions(), List.of(HWE_CERTIFICATE), token);
  }

  final Object showWith(X509Certificate certificate) {
    String token = good(certificate).sign(key());
    return verify(regions(hweWith(certificate, Region.Status.ACTIVE)), List.of(certificate), token);
  }

  private Object showWith(X509Certificate certificate, X509CRL list) {
    Region.Revocation revocation =
        new Region.Revocation(
            List.of(REVOKING.certificate()),
            List.of(new Region.Revocation.Crl("hwe.crl", list)),
            Optional.empty());
    return verify(
        regions(World.revocable(hweWith(certificate, Region.Status.ACTIVE), revocation)),
        List.of(certificate),
        good(certificate).sign(key()));
  }

  final Object showTo(Region.Status status) {
    return verify(
        regions(hweWith(HWE_CERTIFICATE, status)), List.of(HWE_CERTIFICATE), good().sign(key()));
  }

  final Object verify(Regions regions, List<X509Certificate> chain, String token) {
    return verify(World.basis(() -> regions, () -> NOW), chain, token);
  }

  private Region hweWith(X509Certificate certificate, Region.Status status) {
    return asking("hwe", HWE, Algorithm.ES256, certificate, status, keys(KeyUse.ACTIVE, HWE_KEY));
  }

  final Regions region(Algorithm algorithm, KeySet... keys) {
    return regions(asking("hwe", HWE, algorithm, HWE_CERTIFICATE, keys));
  }

  private String unsigned(String algorithm) {
    return base64(good().header("alg", algorithm).headerJson(key(), JWSAlgorithm.ES256))
        + "."
        + base64(good().payloadJson())
        + ".";
  }

  private String hmac(byte[] secret) {
    JWK key = new OctetSequenceKey.Builder(secret).keyID("hwe-1").build();
    return good().sign(key, JWSAlgorithm.HS256);
  }

  private static byte[] publicKeyOf(ECKey key) {
    try {
      return key.toECPublicKey().getEncoded();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> publicJwk(JWK key) {
    return key.toPublicJWK().toJSONObject();
  }

  private static String der(X509Certificate certificate) {
    try {
      return Base64.getEncoder().encodeToString(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JWK renamed(String keyId) {
    return new ECKey.Builder(HWE_KEY).keyID(keyId).build();
  }

  private static String asJson(String token) {
    String[] parts = token.split("\\.", -1);
    return "{\"protected\":\"%s\",\"payload\":\"%s\",\"signature\":\"%s\"}"
        .formatted((Object[]) parts);
  }

  private static byte[] asDer(byte[] signature) {
    try {
      return ECDSA.transcodeSignatureToDER(signature);
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] half(byte[] signature, int index) {
    return Arrays.copyOfRange(signature, index * 32, index * 32 + 32);
  }

  private static byte[] join(byte[] one, byte[] other) {
    byte[] joined = Arrays.copyOf(one, 64);
    System.arraycopy(other, 0, joined, 32, 32);
    return joined;
  }
}
