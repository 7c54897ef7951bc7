package dev.ermine.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.OctetSequenceKey;
import dev.ermine.testing.PageRing;
import dev.ermine.trust.PageTokens.Opened;
import dev.ermine.trust.PageTokens.Opened.Content;
import dev.ermine.trust.PageTokens.Opened.Gone;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PageTokensTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final Instant EXPIRES = NOW.plus(PageTokens.LIFETIME);
  private static final OctetSequenceKey OLD = PageRing.key("pages-1");
  private static final OctetSequenceKey NEW = PageRing.key("pages-2");
  private static final PageTokens TOKENS = tokens(OLD);
  private static final Map<String, Object> CLAIMS =
      Map.of("patient", "9000000009", "count", 50, "digest", -4_611_686_018_427_387_905L);

  @Test
  void opensWhatItHasSealed() {
    Map<String, Object> claims =
        Map.of(
            "text",
            "Zoë \"O'Neil\" \\ \u0000 𝒳",
            "list",
            List.of("a", 1, true, List.of(), Map.of("deep", -0.5)),
            "long",
            Long.MIN_VALUE,
            "exp",
            "its own");
    assertThat(TOKENS.open(seal(claims), NOW)).isEqualTo(new Content(claims));
    assertThat(TOKENS.open(seal(Map.of()), NOW)).isEqualTo(new Content(Map.of()));
  }

  @Test
  void opensAnythingItHasSealed() {
    for (long seed = 0; seed < 300; seed++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      Map<String, Object> claims = claims(random);
      assertThat(TOKENS.open(seal(claims), NOW)).as("seed %d", seed).isEqualTo(new Content(claims));
    }
  }

  private static Map<String, Object> claims(RandomGenerator random) {
    Map<String, Object> claims = new TreeMap<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      claims.put(text(random), value(random, 4));
    }
    return claims;
  }

  private static Object value(RandomGenerator random, int depth) {
    return switch (random.nextInt(depth == 0 ? 3 : 5)) {
      case 0 -> text(random);
      case 1 -> random.nextInt();
      case 2 -> random.nextBoolean();
      case 3 -> Stream.generate(() -> value(random, depth - 1)).limit(3).toList();
      default -> Map.of(text(random), value(random, depth - 1));
    };
  }

  private static String text(RandomGenerator random) {
    return random
        .ints(random.nextInt(20), 0, 0x2FFFF)
        .filter(c -> Character.isDefined(c) && !Character.isSurrogate((char) c))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  @Test
  void isGoodUntilItsSecondHasCome() {
    String token = TOKENS.seal(CLAIMS, EXPIRES.plusMillis(999)).orElseThrow();
    assertThat(TOKENS.open(token, EXPIRES.minusMillis(1))).isInstanceOf(Content.class);
    for (Instant late : List.of(EXPIRES, EXPIRES.plusMillis(1), Instant.MAX)) {
      assertThat(TOKENS.open(token, late)).isEqualTo(new Gone());
    }
  }

  @Test
  void isGoneWithAnyCharacterChanged() {
    String token = seal(CLAIMS);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (int i = 0; i < token.length(); i++) {
      int letter = Math.max(0, alphabet.indexOf(token.charAt(i)));
      for (int bit : List.of(1, 32)) {
        isGone(replaced(token, i, alphabet.charAt(letter ^ bit)));
      }
      for (char other : List.of('.', '=', '+', 'é')) {
        isGone(replaced(token, i, other));
      }
    }
  }

  private static String replaced(String token, int at, char by) {
    return token.charAt(at) == by
        ? "" // what every token ends as that nothing is left of
        : token.substring(0, at) + by + token.substring(at + 1);
  }

  @Test
  void isGoneWithAnythingTakenAwayOrAdded() {
    String token = seal(CLAIMS);
    for (int i = 0; i < token.length(); i++) {
      isGone(token.substring(0, i));
      isGone(token.substring(0, i) + 'A' + token.substring(i));
    }
    for (String more : List.of(".", "A", "AAAA", "=", "==", " ", "\n", "." + token, token)) {
      isGone(token + more);
      isGone(more + token);
    }
  }

  @Test
  void isGoneMadeUpOfTwo() {
    String[] one = seal(CLAIMS).split("\\.", -1);
    String[] other = seal(CLAIMS).split("\\.", -1);
    for (int part = 2; part < 5; part++) {
      String[] mixed = one.clone();
      mixed[part] = other[part];
      isGone(String.join(".", mixed));
    }
    for (int part = 1; part < 5; part++) {
      for (String by : List.of("", "AAAA", one[0], one[2], one[4])) {
        String[] mixed = one.clone();
        mixed[part] = by;
        if (!Arrays.equals(mixed, one)) {
          isGone(String.join(".", mixed));
        }
      }
    }
  }

  @Test
  void isGoneTooLongToBeOurs() {
    for (String text : List.of("A".repeat(7681), ".".repeat(1 << 20), seal(CLAIMS).repeat(1000))) {
      isGone(text);
    }
  }

  @Test
  void knowsNoOtherKey() {
    OctetSequenceKey namesake = PageRing.key("pages-1");
    isGone(tokens(NEW).seal(CLAIMS, EXPIRES).orElseThrow());
    isGone(tokens(namesake).seal(CLAIMS, EXPIRES).orElseThrow());
    OctetSequenceKey renamed = new OctetSequenceKey.Builder(OLD).keyID("pages-3").build();
    isGone(tokens(renamed).seal(CLAIMS, EXPIRES).orElseThrow());
    String[] withOther = tokens(renamed).seal(CLAIMS, EXPIRES).orElseThrow().split("\\.", -1);
    withOther[0] = seal(CLAIMS).split("\\.", -1)[0];
    isGone(String.join(".", withOther));
  }

  @Test
  void losesNoTokenWhileItsKeyIsReplaced() {
    List<PageTokens> steps = List.of(tokens(OLD), tokens(OLD, NEW), tokens(NEW, OLD), tokens(NEW));
    for (int step = 0; step < steps.size(); step++) {
      // A pod is one step ahead of the others at most, either way.
      for (int other = Math.max(0, step - 1); other <= Math.min(3, step + 1); other++) {
        String token = steps.get(step).seal(CLAIMS, EXPIRES).orElseThrow();
        assertThat(steps.get(other).open(token, NOW))
            .as("sealed at step %d, opened at step %d", step, other)
            .isEqualTo(new Content(CLAIMS));
      }
    }
    isOf("pages-1", steps.get(1));
    isOf("pages-2", steps.get(2));
    String before = steps.get(1).seal(CLAIMS, EXPIRES).orElseThrow();
    assertThat(steps.get(3).open(before, NOW)).as("the key is gone").isEqualTo(new Gone());
  }

  private static void isOf(String keyId, PageTokens tokens) {
    String header = tokens.seal(CLAIMS, EXPIRES).orElseThrow().split("\\.", -1)[0];
    assertThat(new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"alg\":\"dir\",\"enc\":\"A256GCM\",\"kid\":\""
                + keyId
                + "\",\"typ\":\"ermine-page+jwe\"}");
  }

  @Test
  void comesInFourLengthsAlone() {
    for (OctetSequenceKey key : List.of(OLD, PageRing.key("k"), PageRing.key("k".repeat(128)))) {
      PageTokens tokens = tokens(key);
      Map<Integer, Set<Integer>> lengths = new LinkedHashMap<>();
      for (int size = 0; size <= 5700; size += 19) {
        Map<String, Object> claims = Map.of("x", "x".repeat(size));
        int length = tokens.seal(claims, EXPIRES).map(String::length).orElse(0);
        lengths.computeIfAbsent(length, _ -> new HashSet<>()).add(size);
      }
      assertThat(lengths).hasSize(5);
      assertThat(lengths.keySet().stream().map(PageTokensTest::roundedUp))
          .containsExactly(1024, 2048, 4096, 7680, 0);
      lengths.forEach((length, sizes) -> isOneRun(length, sizes));
    }
  }

  /** To a multiple of four: one less where base64 knows no such length. */
  private static int roundedUp(int length) {
    return (length + 1) / 4 * 4;
  }

  private static void isOneRun(int length, Set<Integer> sizes) {
    int span = Collections.max(sizes) - Collections.min(sizes);
    assertThat(span).as("%d", length).isEqualTo((sizes.size() - 1) * 19);
  }

  @Test
  void opensTheLongestThatItSeals() {
    int longest =
        IntStream.iterate(5700, size -> size - 1)
            .filter(size -> TOKENS.seal(Map.of("x", "x".repeat(size)), EXPIRES).isPresent())
            .findFirst()
            .orElseThrow();
    Map<String, Object> claims = Map.of("x", "x".repeat(longest));
    assertThat(TOKENS.open(seal(claims), NOW)).isEqualTo(new Content(claims));
    assertThat(TOKENS.seal(Map.of("x", "x".repeat(longest + 1)), EXPIRES)).isEmpty();
  }

  @Test
  void bearsASearchOverFortyTwoRegionsInTwoThousandCharacters() {
    assertThat(seal(typical())).hasSizeBetween(2040, 2048);
  }

  /** What a search over 42 regions goes on with: a digest of 64 bits of each, and the query. */
  static Map<String, Object> typical() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
    byte[] digest = new byte[8];
    List<String> digests =
        IntStream.range(0, 42)
            .mapToObj(
                _ -> {
                  random.nextBytes(digest);
                  return CanonicalBase64.text(digest);
                })
            .toList();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("digests", digests);
    claims.put("binding", "K7gNU3sdo-OL0wNhqoVWhr3g6s1xYv72ol_pe_Unols");
    claims.put("policy", "n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg");
    claims.put("patient", "9000000009");
    claims.put("types", List.of("Patient", "AllergyIntolerance", "MedicationStatement"));
    claims.put("filters", List.of(List.of("date", "ge2020-01-01"), List.of("status", "active")));
    claims.put("sort", List.of("-date"));
    claims.put("count", 50);
    claims.put(
        "after", List.of(List.of(1_795_000_000_000L), "london", "MedicationStatement", "4711"));
    return claims;
  }

  /** The longest, behind the longest name of a host, with room for {@code _format} besides. */
  @Test
  void fitsIntoAnAddress() throws IOException {
    String token = seal(Map.of("x", "x".repeat(5600)));
    String base = "https://" + "h".repeat(253) + ":65535";
    String path = "/fhir?_page_token=" + token;
    assertThat((base + path + "&_format=json").length()).isLessThanOrEqualTo(8000);
    Properties settings = new Properties();
    try (InputStream in =
        Files.newInputStream(Path.of("src/main/resources/application.properties"))) {
      settings.load(in);
    }
    assertThat("GET " + path + "&_format=json HTTP/1.1")
        .hasSizeLessThanOrEqualTo(
            Integer.parseInt(settings.getProperty("quarkus.http.limits.max-initial-line-length")));
    assertThat(token).matches("[A-Za-z0-9._-]+");
  }

  @Test
  void neverDrawsAnIvTwice() {
    Set<String> ivs = new HashSet<>();
    for (int i = 0; i < 2000; i++) {
      ivs.add(seal(CLAIMS).split("\\.", -1)[2]);
    }
    assertThat(ivs).hasSize(2000).allMatch(iv -> iv.length() == 16);
  }

  @Test
  void servesManyAtOnce() {
    List<Integer> numbers = IntStream.range(0, 5000).boxed().toList();
    assertThat(
            numbers.parallelStream()
                .map(n -> TOKENS.open(seal(Map.of("n", n)), NOW))
                .map(opened -> opened instanceof Content content ? content.claims().get("n") : "")
                .toList())
        .isEqualTo(numbers);
  }

  @Test
  void showsNothingOfIt() {
    String token = seal(CLAIMS);
    assertThat(TOKENS.open(token, NOW)).hasToString("Content");
    assertThat(Base64.getUrlDecoder().decode(token.split("\\.", -1)[3]))
        .asString(StandardCharsets.ISO_8859_1)
        .doesNotContain("9000000009");
    assertThat(PageRing.of(OLD).first()).hasToString("PageKey");
  }

  private static PageTokens tokens(OctetSequenceKey... keys) {
    PageKeys ring = PageRing.of(keys);
    return new PageTokens(() -> ring);
  }

  private static String seal(Map<String, Object> claims) {
    Optional<String> token = TOKENS.seal(claims, EXPIRES);
    return token.orElseThrow();
  }

  private static void isGone(String token) {
    Opened opened = TOKENS.open(token, NOW);
    assertThat(opened).as(token).isEqualTo(new Gone());
  }
}
