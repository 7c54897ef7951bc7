package dev.ermine.fhir;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/**
 * The scanner beside Jackson over millions of bodies, on every core: small ones of every shape, and
 * what becomes of them when a byte or a word of JSON is lost, added, doubled or changed. Both must
 * take the same ones, and read the same in them.
 */
class ScannerSoak {

  private static final long BODIES = Long.getLong("ermine.bodies", 10_000_000L);
  private static final long SEED = Long.getLong("ermine.seed", System.nanoTime());

  /** Of each body that was made. */
  private static final int MUTATIONS = 100;

  private static final int LARGEST = 600;

  /** Whole words of JSON and of FHIR, which single bytes seldom make. */
  private static final List<byte[]> WORDS =
      List.of(
              "\"reference\":",
              "\"identifier\":",
              "\"system\":\"s\",",
              "\"code\":\"c\",",
              "\"coding\":",
              "\"url\":",
              "\"meta\":",
              "\"security\":",
              "\"tag\":",
              "\"period\":",
              "\"context\":{",
              "\"start\":",
              "\"contained\":[",
              "\"extension\":[",
              "\"resourceType\":\"Patient\",",
              "\"valueUri\":\"u\",",
              "\"hash\":\"h\",",
              "\"status\":",
              "\"issue\":",
              "\"a\":0,",
              "\"\":[],",
              "{}",
              "[]",
              "null",
              "1e5",
              "-0",
              "\"\\u00e9\"",
              "\\ud83d\\ude00",
              "\\u0061",
              "\\n",
              "é",
              "😀")
          .stream()
          .map(word -> word.getBytes(UTF_8))
          .toList();

  /** How many bodies a thread compared, and how many of them could be read. */
  private record Compared(long bodies, long readable) {
    Compared plus(Compared other) {
      return new Compared(bodies + other.bodies, readable + other.readable);
    }
  }

  @Test
  void readsEveryBodyAsJacksonDoes() throws InterruptedException, ExecutionException {
    System.out.println("bodies of seed " + SEED);
    int cores = Runtime.getRuntime().availableProcessors();
    Compared all = new Compared(0, 0);
    try (ExecutorService threads = Executors.newFixedThreadPool(cores)) {
      List<Future<Compared>> parts = new ArrayList<>();
      for (int core = 0; core < cores; core++) {
        SplittableRandom random = new SplittableRandom(SEED + core);
        parts.add(threads.submit(() -> compared(Math.ceilDiv(BODIES, cores), random)));
      }
      for (Future<Compared> part : parts) {
        all = all.plus(part.get());
      }
    }
    System.out.println(
        all.bodies() + " bodies compared with Jackson, " + all.readable() + " readable");
    assertThat(all.bodies()).isGreaterThanOrEqualTo(BODIES);
    assertThat(all.readable()).as("bodies that were read at all").isGreaterThan(BODIES / 10);
  }

  private static Compared compared(long bodies, SplittableRandom random) {
    Compared sum = new Compared(0, 0);
    while (sum.bodies() < bodies) {
      byte[] body = GeneratedBundles.anyBody(random.nextLong());
      if (body.length <= LARGEST) {
        sum = sum.plus(family(body, random));
      }
    }
    return sum;
  }

  /** A body and its mutations, some of which are mutated on. */
  private static Compared family(byte[] first, SplittableRandom random) {
    byte[] body = first;
    int readable = isReadAlike(body) ? 1 : 0;
    for (int i = 0; i < MUTATIONS; i++) {
      byte[] mutated = mutated(body, random);
      if (isReadAlike(mutated)) {
        readable++;
        body = mutated;
      }
    }
    return new Compared(MUTATIONS + 1, readable);
  }

  private static byte[] mutated(byte[] body, SplittableRandom random) {
    if (random.nextInt(3) > 0) {
      return MutatedBytes.once(body, random);
    }
    // Where a word may stand: behind a mark of JSON.
    int at = random.nextInt(body.length + 1);
    while (at < body.length && "{[,:\"".indexOf(body[at]) < 0) {
      at++;
    }
    int behind = Math.min(body.length, at + 1);
    return MutatedBytes.spliced(body, behind, behind, WORDS.get(random.nextInt(WORDS.size())));
  }

  /** Whether it can be read; fails where one reads it otherwise than the other. */
  private static boolean isReadAlike(byte[] body) {
    try {
      // What stands behind the body must never be looked at.
      byte[] padded = Arrays.copyOf(body, body.length + 8);
      Arrays.fill(padded, body.length, padded.length, (byte) '"');
      PeerBody scanned = BodyScanner.scan(padded, body.length);
      String told = ToldBody.of(scanned);
      if (!told.equals(ToldBody.of(JacksonJudge.judge(body)))) {
        throw new AssertionError("the scanner says " + told);
      }
      return !(scanned instanceof PeerBody.Unreadable);
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("seed " + SEED + ": " + new String(body, UTF_8), e);
    }
  }
}
