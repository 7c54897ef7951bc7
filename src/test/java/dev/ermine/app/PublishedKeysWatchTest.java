package dev.ermine.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.ermine.fhir.Slice;
import dev.ermine.region.Region;
import dev.ermine.region.Regions;
import dev.ermine.region.Stage;
import dev.ermine.testing.Given;
import dev.ermine.testing.SelfSigned;
import dev.ermine.trust.PublishedKeys;
import dev.ermine.trust.PublishedKeys.Fetched;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What is shown of the keys that regions publish. */
class PublishedKeysWatchTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final AtomicReference<Instant> now = new AtomicReference<>(Given.NOON);
  private final AtomicReference<Fetched> answer =
      new AtomicReference<>(new Fetched.Failed("did not answer in time"));

  @Test
  void countsFailuresAndTellsTheAgeOfTheCopyInForce() throws Exception {
    JWKSet set = new JWKSet(new ECKeyGenerator(Curve.P_256).keyID("hwe-1").generate());
    Regions regions = publishing();
    PublishedKeysWatch watch =
        new PublishedKeysWatch(
            new PublishedKeys(
                (url, anchors, limit, timeout) -> CompletableFuture.completedFuture(answer.get()),
                Stage.SANDBOX,
                now::get),
            () -> regions,
            registry);
    watch.look();
    assertThat(gauge("ermine.published.keys.failures")).isEqualTo(1);
    assertThat(gauge("ermine.published.keys.age")).isNaN();
    now.set(Given.NOON.plusSeconds(30));
    watch.look();
    assertThat(gauge("ermine.published.keys.failures")).isEqualTo(2);
    answer.set(new Fetched.Body(Slice.of(set.toString())));
    now.set(Given.NOON.plusSeconds(60));
    watch.look();
    now.set(Given.NOON.plusSeconds(67));
    watch.look();
    assertThat(gauge("ermine.published.keys.age")).isEqualTo(7);
    assertThat(gauge("ermine.published.keys.failures")).isEqualTo(2);
  }

  private double gauge(String name) {
    return registry.get(name).gauge().value();
  }

  private static Regions publishing() {
    Region hwe = Given.asker(SelfSigned.certificate(Given.NOON, Given.NOON.plusSeconds(9)));
    return new Regions(1, "hash", Given.gateway(), List.of(publishing(hwe)), List.of(), List.of());
  }

  private static Region publishing(Region region) {
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
                Optional.of(
                    new Region.Published(
                        URI.create("https://hwe.example.nhs.uk/jwks.json"),
                        List.of(),
                        Duration.ofHours(4))),
                asks.certificates(),
                asks.revocation(),
                asks.timings())),
        region.answers());
  }
}
