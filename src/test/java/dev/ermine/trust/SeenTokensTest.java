package dev.ermine.trust;

import static dev.ermine.trust.World.HWE_KEY;
import static dev.ermine.trust.World.hwe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.region.Region.Algorithm;
import dev.ermine.testing.TestTokens;
import dev.ermine.trust.Trust.Trusted;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeenTokensTest {

  private static final int MANY = 200_000;

  /** A text as long as tokens are. */
  private static final String REST = "x".repeat(1500);

  private final World.Clock clock = new World.Clock();
  private final SeenTokens seen = new SeenTokens(clock);

  @Test
  void holdsATokenUntilItExpires() {
    AccessToken token = token();
    seen.put("one", token);
    assertThat(seen.get("one")).contains(token);
    assertThat(seen.get("two")).isEmpty();
    clock.forward(Duration.ofMinutes(5));
    assertThat(seen.get("one")).isEmpty();
    assertThat(seen.size()).isZero();
  }

  @Test
  void staysWithinItsBoundHoweverManyTokensCome() {
    AccessToken token = token();
    for (int i = 0; i < MANY; i++) {
      seen.put(i + REST, token);
    }
    long most = SeenTokens.MAX_WEIGHT / (2L * REST.length());
    assertThat(seen.size()).isPositive().isLessThanOrEqualTo(most);
    seen.put("last", token);
    assertThat(seen.get("last")).isPresent();
  }

  @Test
  void weighsWhatATokenCarriesOnAndNotItsTextAlone() {
    int values = 500;
    AccessToken heavy =
        token(
            World.token()
                .with(
                    "requesting_practitioner",
                    Map.of("id", "10019", "x", Collections.nCopies(values, Map.of()))));
    for (int i = 0; i < 1000; i++) {
      seen.put("heavy" + i, heavy);
    }
    assertThat(seen.size()).isPositive().isLessThan(SeenTokens.MAX_WEIGHT / (100L * values));
  }

  private static AccessToken token() {
    return token(World.token());
  }

  private static AccessToken token(TestTokens token) {
    Requester requester =
        ((Trusted) World.verifier(World.regions()).verify(hwe(token.sign(HWE_KEY)))).requester();
    return new AccessToken(requester, Algorithm.ES256, "ermine-1", World.HWE, "hwe-1");
  }
}
