package dev.ermine.trust;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import dev.ermine.testing.Responders;
import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Regions;
import dev.ermine.trust.Grant.Granted;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What an access token costs at a request: the whole of {@link TrustVerifier#verify} for one that
 * has been seen; for one that has not, all that is done besides; and the bare signature.
 */
@State(org.openjdk.jmh.annotations.Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class AccessTokensBench {

  private static final InstantSource CLOCK = () -> World.NOW;
  private static final Regions REGIONS = World.regions();

  /** What a gateway has whose key is of that kind. */
  private record House(
      TrustVerifier verifier,
      AccessTokens tokens,
      Certified by,
      String token,
      String other,
      Algorithm algorithm,
      JWSVerifier key) {

    static House with(JWK own) {
      GatewayKeys keys = World.gatewayKeys(own);
      TrustBasis basis =
          new TrustBasis(() -> REGIONS, () -> keys, PublishedKeys.none(), World.BASE,
              CLOCK,
              new ReplayCache(CLOCK),
              new KeyUses(), Responders.silent(CLOCK));
      String thumbprint = Thumbprints.x5tS256(World.HWE_CERTIFICATE);
      KnownRegions known = new KnownRegions(REGIONS);
      return new House(
          new TrustVerifier(basis),
          new AccessTokens(basis),
          new Certified(known, known.asker(thumbprint).orElseThrow(), thumbprint, World.NOW),
          token(basis),
          token(basis),
          keys.own(),
          keys.verifier(keys.own(), own.getKeyID()).orElseThrow());
    }

    private static String token(TrustBasis basis) {
      Grant grant =
          new TokenGrants(basis)
              .grant(
                  List.of(World.HWE_CERTIFICATE),
                  World.form(World.request(World.assertion().sign(World.HWE_KEY))));
      return ((Granted) grant).token();
    }
  }

  /** Of the gateway's own key. */
  @Param({"ES256", "PS256"})
  public String algorithm = "ES256";

  private House house = House.with(World.OWN_KEY);
  private Credentials seen = World.hwe(house.token());

  @Setup
  public void open() {
    house = House.with(algorithm.equals("ES256") ? World.OWN_KEY : World.RSA_KEY);
    seen = new Credentials(List.of(World.HWE_CERTIFICATE), Optional.of(house.token()));
  }

  @Benchmark
  public Trust seenBefore() {
    return house.verifier().verify(seen);
  }

  @Benchmark
  public Requester unseen() throws Refusal {
    if (house.tokens().seen(house.other(), house.by()).isPresent()) {
      throw new IllegalStateException("nobody has shown that one");
    }
    String text = house.token();
    return house.tokens().requester(text, TokenForm.read(text), house.by());
  }

  @Benchmark
  public boolean bareSignature() throws JOSEException {
    // Reading the text is cheap beside it; what has to be handed over is made as the verifier does.
    String text = house.token();
    int dot = text.lastIndexOf('.');
    return house
        .key()
        .verify(
            Jose.header(house.algorithm(), "ermine"),
            text.substring(0, dot).getBytes(StandardCharsets.US_ASCII),
            new Base64URL(text.substring(dot + 1)));
  }
}
