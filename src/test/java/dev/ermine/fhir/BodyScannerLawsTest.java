package dev.ermine.fhir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds of the scanner for every body, with Jackson as the judge. */
class BodyScannerLawsTest {

  @Test
  void readsEveryGeneratedBodyAsJacksonDoes() {
    int readable = 0;
    for (long seed = 0; seed < 1_000; seed++) {
      byte[] body = GeneratedBundles.anyBody(seed);
      readable += agree(body, "seed " + seed) ? 1 : 0;
    }
    assertThat(readable).as("bodies that were read at all").isGreaterThan(600);
  }

  @Test
  void readsEveryMutatedBodyAsJacksonDoes() {
    int readable = 0;
    for (long seed = 0; seed < 250; seed++) {
      Random random = new Random(~seed);
      byte[] body = GeneratedBundles.anyBody(seed);
      for (int i = 0; i < 20; i++) {
        byte[] mutated = MutatedBytes.of(body, random);
        readable += agree(mutated, "seed " + seed + ", mutation " + i) ? 1 : 0;
      }
    }
    assertThat(readable).as("mutations that were read at all").isGreaterThan(350);
  }

  @Test
  void refusesEveryBeginningOfABody() {
    for (long seed = 0; seed < 10; seed++) {
      byte[] body = new String(GeneratedBundles.anyBody(seed), UTF_8).strip().getBytes(UTF_8);
      for (int length = 0; length < body.length; length++) {
        assertThat(BodyScanner.scan(body, length))
            .as("seed %d, first %d bytes", seed, length)
            .isInstanceOf(PeerBody.Unreadable.class);
      }
    }
  }

  @Test
  void givesBackTheBytesOfEachResource() {
    List<String> types = List.of("Patient", "Observation", "AllergyIntolerance", "Appointment");
    NhsNumber number = new NhsNumber("9000000009");
    for (long seed = 0; seed < 200; seed++) {
      String type = types.get((int) (seed % types.size()));
      GeneratedBundles.Generated generated =
          GeneratedBundles.searchset(seed, "https://peer.example/fhir", type, "p1", number);
      byte[] bytes = generated.body().bytes();
      PeerBody body = BodyScanner.scan(bytes, bytes.length);
      assertThat(body).as("seed %d", seed).isInstanceOf(PeerBody.Searchset.class);
      List<Slice> resources =
          ((PeerBody.Searchset) body).entries().stream().map(Entry::resource).toList();
      assertThat(resources)
          .as("seed %d", seed)
          .isEqualTo(generated.resources().stream().map(GeneratedBundles.Made::bytes).toList())
          .allSatisfy(slice -> assertThat(slice.bytes()).isSameAs(bytes));
    }
  }

  /** Whether it could be read; that both say the same of it is asserted. */
  static boolean agree(byte[] body, String which) {
    // What stands behind the body must never be looked at.
    byte[] padded = Arrays.copyOf(body, body.length + 16);
    Arrays.fill(padded, body.length, padded.length, (byte) '"');
    PeerBody scanned = BodyScanner.scan(padded, body.length);
    assertThat(ToldBody.of(scanned))
        .as(() -> which + ": " + new String(body, UTF_8))
        .isEqualTo(ToldBody.of(JacksonJudge.judge(body)));
    boolean readable = !(scanned instanceof PeerBody.Unreadable);
    assertThat(!readable || JacksonJudge.accepts(body)).as(which).isTrue();
    return readable;
  }
}
