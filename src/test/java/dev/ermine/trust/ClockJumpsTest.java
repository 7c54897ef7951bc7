package dev.ermine.trust;

import static dev.ermine.trust.World.HWE_KEY;
import static dev.ermine.trust.World.hwe;
import static dev.ermine.trust.World.regions;
import static dev.ermine.trust.World.token;
import static dev.ermine.trust.World.verifier;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.trust.Trust.Reason;
import dev.ermine.trust.Trust.Trusted;
import dev.ermine.trust.Trust.Untrusted;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The gateway's clock jumps, or differs from those of the systems that ask. */
class ClockJumpsTest {

  private final World.Clock clock = new World.Clock();
  private final TrustVerifier verifier = verifier(regions(), clock);

  @Test
  @DisplayName("B34: 40 s apart is still one time, two hours are not, and going back mends it")
  void tokensHoldWithinTheSkewAlone() {
    for (long seconds : new long[] {40, -40, -40, 40}) {
      clock.forward(Duration.ofSeconds(seconds));
      assertThat(verifier.verify(hwe(token().sign(HWE_KEY)))).isInstanceOf(Trusted.class);
    }
    for (Duration jump : Stream.of(2, -4).map(Duration::ofHours).toList()) {
      clock.forward(jump);
      assertThat(verifier.verify(hwe(token().sign(HWE_KEY))))
          .isInstanceOfSatisfying(
              Untrusted.class,
              refused -> assertThat(refused.reason()).isEqualTo(Reason.TOKEN_TIMES));
    }
    clock.forward(Duration.ofHours(2));
    assertThat(verifier.verify(hwe(token().sign(HWE_KEY)))).isInstanceOf(Trusted.class);
  }

  @Test
  void aUsedTokenStaysUsedThoughTheClockWavers() {
    String used = token().sign(HWE_KEY);
    assertThat(verifier.verify(hwe(used))).isInstanceOf(Trusted.class);
    for (long seconds : new long[] {40, -80, 40}) {
      clock.forward(Duration.ofSeconds(seconds));
      assertThat(verifier.verify(hwe(used)))
          .isInstanceOfSatisfying(
              Untrusted.class,
              refused -> assertThat(refused.reason()).isEqualTo(Reason.TOKEN_REPLAYED));
    }
  }
}
