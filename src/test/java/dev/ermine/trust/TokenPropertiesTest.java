package dev.ermine.trust;

import static dev.ermine.trust.World.HWE_KEY;
import static dev.ermine.trust.World.RSA_KEY;
import static dev.ermine.trust.World.hwe;
import static dev.ermine.trust.World.keys;
import static dev.ermine.trust.World.regions;
import static dev.ermine.trust.World.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ermine.region.Region.Algorithm;
import dev.ermine.region.Region.KeySet.KeyUse;
import dev.ermine.region.Regions;
import dev.ermine.trust.Trust.Untrusted;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenPropertiesTest {

  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \n\u0000é";

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final TrustVerifier hwe = World.verifier(regions());

  @Test
  void trustsNoTokenOfWhichOneCharacterIsAnother() {
    String good = token().sign(HWE_KEY);
    neverTrusts(hwe, good, this::replaceOne);
    neverTrusts(World.verifier(rsa()), token().sign(RSA_KEY), this::replaceOne);
  }

  @Test
  void trustsNoTokenOfWhichOneCharacterIsMissingOrTooMany() {
    String good = token().sign(HWE_KEY);
    neverTrusts(hwe, good, this::removeOne);
    neverTrusts(hwe, good, this::addOne);
  }

  /** Every place, not some: the last characters are where encodings are loose. */
  @Test
  void trustsNoTokenWithAnyOneBitOfItsTextTurned() {
    String good = token().sign(HWE_KEY);
    for (int place = 0; place < good.length(); place++) {
      char turned = (char) (good.charAt(place) ^ (1 << random.nextInt(7)));
      refuses(hwe, good.substring(0, place) + turned + good.substring(place + 1));
    }
  }

  private interface Mutation {
    String of(String token);
  }

  private void neverTrusts(TrustVerifier verifier, String good, Mutation mutation) {
    for (int i = 0; i < 500; i++) {
      refuses(verifier, mutation.of(good));
    }
  }

  private void refuses(TrustVerifier verifier, String mutated) {
    assertThat(verifier.verify(hwe(mutated)))
        .as("seed %d, token %s", seed, mutated)
        .isInstanceOf(Untrusted.class);
  }

  private String replaceOne(String token) {
    int place = random.nextInt(token.length());
    char other = anyCharacter();
    while (other == token.charAt(place)) {
      other = anyCharacter();
    }
    return token.substring(0, place) + other + token.substring(place + 1);
  }

  private String removeOne(String token) {
    int place = random.nextInt(token.length());
    return token.substring(0, place) + token.substring(place + 1);
  }

  private String addOne(String token) {
    int place = random.nextInt(token.length() + 1);
    return token.substring(0, place) + anyCharacter() + token.substring(place);
  }

  private char anyCharacter() {
    return ALPHABET.charAt(random.nextInt(ALPHABET.length()));
  }

  private static Regions rsa() {
    return regions(
        World.asking(
            "hwe",
            World.HWE,
            Algorithm.PS256,
            World.HWE_CERTIFICATE,
            keys(KeyUse.ACTIVE, RSA_KEY)));
  }
}
