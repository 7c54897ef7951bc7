package dev.ermine.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.ermine.fhir.Parameter;
import dev.ermine.region.Organisation;
import dev.ermine.region.Region;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.KeySet;
import dev.ermine.region.Region.KeySet.KeyUse;
import dev.ermine.region.Region.Token.TokenUse;
import dev.ermine.region.RegionId;
import dev.ermine.region.Regions;
import dev.ermine.testing.EdwardsKeys;
import dev.ermine.testing.Responders;
import dev.ermine.testing.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Two asking regions and a gateway, with their keys: the ground that the tests of trust stand on.
 */
final class World {

  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  static final String BASE = "https://gateway.example";
  static final String AUDIENCE = BASE + "/fhir";
  static final String TOKEN_ENDPOINT = BASE + "/oauth2/token";
  static final String HWE = "https://hwe.example.nhs.uk";
  static final String LONDON = "https://london.example.nhs.uk";
  static final String WESSEX = "https://wessex.example.nhs.uk";
  static final Regions.Gateway GATEWAY =
      new Regions.Gateway(
          "ermine-east",
          new Organisation("QM7", "Hertfordshire and West Essex"),
          Duration.ofSeconds(3));

  static final ECKey HWE_KEY = ec("hwe-1", Curve.P_256);
  static final ECKey LONDON_KEY = ec("london-1", Curve.P_256);
  static final ECKey P384_KEY = ec("p384-1", Curve.P_384);
  static final RSAKey RSA_KEY = rsa("rsa-1", 2048);
  static final ECKey OWN_KEY = ec("ermine-1", Curve.P_256);
  static final GatewayKeys GATEWAY_KEYS = gatewayKeys(OWN_KEY);
  static final OctetKeyPair ED_KEY = EdwardsKeys.make("ed-1");
  static final X509Certificate HWE_CERTIFICATE = TestCertificates.certificate().make();
  static final X509Certificate LONDON_CERTIFICATE = TestCertificates.certificate().make();
  static final X509Certificate WESSEX_CERTIFICATE = TestCertificates.certificate().make();

  private World() {}

  /** A clock that a test sets. */
  static final class Clock implements InstantSource {
    private volatile Instant now = NOW;

    @Override
    public Instant instant() {
      return now;
    }

    void forward(Duration by) {
      now = now.plus(by);
    }
  }

  static Regions regions() {
    return regions(
        asking("hwe", HWE, Algorithm.ES256, HWE_CERTIFICATE, keys(KeyUse.ACTIVE, HWE_KEY)),
        asking(
            "london",
            LONDON,
            Algorithm.ES256,
            LONDON_CERTIFICATE,
            keys(KeyUse.ACTIVE, LONDON_KEY)));
  }

  static Regions regions(Region... regions) {
    return new Regions(1, "0".repeat(64), GATEWAY, List.of(regions), List.of(), List.of());
  }

  static Region asking(
      String id, String issuer, Algorithm algorithm, X509Certificate certificate, KeySet... keys) {
    return asking(id, issuer, algorithm, certificate, Region.Status.ACTIVE, keys);
  }

  static Region asking(
      String id,
      String issuer,
      Algorithm algorithm,
      X509Certificate certificate,
      Region.Status status,
      KeySet... keys) {
    return new Region(
        new RegionId(id),
        id,
        new Organisation("QM7", id),
        status,
        Optional.empty(),
        Optional.of(
            new Region.Asks(
                issuer,
                algorithm,
                List.of(keys),
                Optional.empty(),
                List.of(certificate),
                Optional.empty(),
                false)),
        Optional.empty());
  }

  /** HWE as a gateway of Wessex, and Wessex as that status has it. */
  static Regions handingOn(Region.Status wessex) {
    return regions(
        forwarding(regions().regions().getFirst(), "wessex"),
        asking("wessex", WESSEX, Algorithm.ES256, WESSEX_CERTIFICATE, wessex));
  }

  /** The same region, which may hand on the questions of those. */
  static Region forwarding(Region region, String... others) {
    Region.Asks asks = region.asks().orElseThrow();
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        region.status(),
        region.publicText(),
        Optional.of(
            new Region.Asks(
                asks.issuer(),
                asks.algorithm(),
                asks.keys(),
                asks.published(),
                asks.certificates(),
                asks.revocation(),
                asks.timings(),
                Stream.of(others).map(RegionId::new).collect(Collectors.toSet()))),
        region.answers());
  }

  /** The same token for a question of Wessex that has come through these gateways. */
  static TestTokens handedOn(TestTokens token, String... hops) {
    return token
        .with("originator", WESSEX)
        .with("hops", List.of(hops))
        .with("act", Map.of("sub", hops[hops.length - 1]));
  }

  /** The same region, whose certificates may be revoked. */
  static Region revocable(Region region, Region.Revocation revocation) {
    Region.Asks asks = region.asks().orElseThrow();
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        region.status(),
        region.publicText(),
        Optional.of(
            new Region.Asks(
                asks.issuer(),
                asks.algorithm(),
                asks.keys(),
                asks.published(),
                asks.certificates(),
                Optional.of(revocation),
                asks.timings())),
        region.answers());
  }

  static Region gateway(String id, TokenUse use) {
    Region region = answering(id, Algorithm.ES256, use);
    Region.Answers answers = region.answers().orElseThrow();
    return new Region(
        region.id(),
        region.name(),
        region.organisation(),
        region.status(),
        region.publicText(),
        region.asks(),
        Optional.of(
            new Region.Answers(
                answers.base(),
                answers.documents(),
                answers.anchors(),
                answers.revocation(),
                answers.token(),
                answers.lookup(),
                answers.search(),
                answers.read(),
                answers.sort(),
                answers.budget(),
                answers.limits(),
                answers.types(),
                answers.wire(),
                Optional.of("ermine-" + id))));
  }

  static Region answering(String id, Algorithm algorithm, TokenUse use) {
    String base = "https://record." + id + ".example.nhs.uk/fhir";
    return new Region(
        new RegionId(id),
        id,
        new Organisation("QMJ", id),
        Region.Status.ACTIVE,
        Optional.empty(),
        Optional.empty(),
        Optional.of(
            new Region.Answers(
                URI.create(base),
                List.of(),
                List.of(),
                Optional.empty(),
                new Region.Token(base, algorithm, use, Optional.empty()),
                Region.Lookup.TWO_STEP,
                Region.Search.POST,
                true,
                Duration.ofMillis(1500),
                new Region.Limits(32, 8_000_000, 2000, 20, 50),
                Set.of("Patient"))));
  }

  static KeySet keys(KeyUse use, JWK... keys) {
    return new KeySet(use + ".jwks.json", new JWKSet(List.of(keys)).toString(), use);
  }

  /** What HWE's doctor shows. */
  static TestTokens token() {
    return TestTokens.token(HWE, AUDIENCE, HWE_CERTIFICATE, NOW);
  }

  /** What HWE's system shows at the token endpoint, on the doctor's behalf. */
  static TestTokens assertion() {
    return assertion(HWE_CERTIFICATE);
  }

  static TestTokens assertion(X509Certificate certificate) {
    return TestTokens.token(HWE, TOKEN_ENDPOINT, certificate, NOW)
        .with("sub", HWE)
        .at(NOW, Duration.ofMinutes(1));
  }

  /** What HWE's system is given there. */
  static TestTokens accessToken() {
    return accessToken(HWE_CERTIFICATE);
  }

  static TestTokens accessToken(X509Certificate certificate) {
    return TestTokens.token(BASE, AUDIENCE, certificate, NOW)
        .header("typ", "at+jwt")
        .with("client_id", HWE)
        .with("client_key", HWE_KEY.getKeyID())
        .with("scope", "system/*.rs");
  }

  /** A request for a token, as SMART has it. */
  static Map<String, String> request(String assertion) {
    Map<String, String> form = new LinkedHashMap<>();
    form.put("grant_type", "client_credentials");
    form.put("scope", "system/*.rs");
    form.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    form.put("client_assertion", assertion);
    return form;
  }

  static Optional<List<Parameter>> form(Map<String, String> parameters) {
    return Optional.of(
        parameters.entrySet().stream()
            .map(each -> new Parameter(each.getKey(), each.getValue()))
            .toList());
  }

  static Credentials hwe(String token) {
    return new Credentials(List.of(HWE_CERTIFICATE), Optional.of(token));
  }

  static TrustVerifier verifier(Regions regions) {
    return verifier(regions, () -> NOW);
  }

  static TrustVerifier verifier(Regions regions, InstantSource clock) {
    return new TrustVerifier(basis(() -> regions, clock));
  }

  static TrustBasis basis(Supplier<Regions> regions, InstantSource clock) {
    return basis(regions, clock, new ReplayCache(clock));
  }

  static TrustBasis basis(Supplier<Regions> regions, InstantSource clock, ReplayCache replays) {
    return basis(regions, PublishedKeys.none(), clock, replays);
  }

  static TrustBasis basis(
      Supplier<Regions> regions,
      PublishedKeys published,
      InstantSource clock,
      ReplayCache replays) {
    return new TrustBasis(
        regions,
        () -> GATEWAY_KEYS,
        published,
        BASE,
        clock,
        replays,
        new KeyUses(),
        Responders.silent(clock));
  }

  /** The gateway's keys as a file holds them, the first of each kind at work. */
  static GatewayKeys gatewayKeys(JWK... keys) {
    try {
      Path file = Files.createTempFile("gateway", ".jwks.json");
      Files.writeString(file, new JWKSet(List.of(keys)).toString(false));
      GatewayKeys read = GatewayKeys.read(file);
      Files.delete(file);
      return read;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ECKey ec(String keyId, Curve curve) {
    try {
      return new ECKeyGenerator(curve).keyID(keyId).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  static RSAKey rsa(String keyId, int bits) {
    try {
      return new RSAKeyGenerator(bits, true).keyID(keyId).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
