package dev.ermine.trust;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Access tokens whose signature has been found good, until they expire or others need the room. It
 * holds none of their texts.
 */
final class SeenTokens {

  /** In bytes of the heap, about, whatever tokens say: some five thousand usual ones. */
  static final long MAX_WEIGHT = 32L << 20;

  /**
   * What a token takes of the heap, rounded up: measured, a usual one takes 3500 bytes, and weighs
   * 6100. One that carries a thousand empty objects takes 105 000: so values count, not texts
   * alone.
   */
  private static final int WEIGHT = 1024;

  private static final int WEIGHT_OF_A_VALUE = 112;
  private static final int WEIGHT_OF_A_CHARACTER = 2;

  private final Cache<Digest, Seen> tokens;

  /** SHA-256 of a token's whole text. */
  private record Digest(long a, long b, long c, long d) {

    static Digest of(String text) {
      try {
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
        return new Digest(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
  }

  private record Seen(AccessToken token, int weight) {

    static Seen of(String text, AccessToken token) {
      int values = values(token.requester());
      return new Seen(
          token, WEIGHT + WEIGHT_OF_A_VALUE * values + WEIGHT_OF_A_CHARACTER * text.length());
    }

    /** Of how many the asker chooses the number. */
    private static int values(Requester requester) {
      return values(requester.practitioner().orElse(Map.of()))
          + requester.patient().map(patient -> patient.given().size()).orElse(0)
          + 2 * requester.roles().size()
          + requester.hops().size();
    }

    private static int values(Object plain) {
      return switch (plain) {
        case Map<?, ?> object ->
            1 + object.values().stream().mapToInt(value -> values(value)).sum();
        case Collection<?> array -> 1 + array.stream().mapToInt(value -> values(value)).sum();
        default -> 1;
      };
    }
  }

  SeenTokens(InstantSource clock) {
    this.tokens =
        Caffeine.newBuilder()
            .ticker(new WallTicker(clock))
            .expireAfter(
                Expiry.<Digest, Seen>creating(
                    (digest, seen) ->
                        Duration.between(clock.instant(), seen.token.requester().expires())))
            .maximumWeight(MAX_WEIGHT)
            .<Digest, Seen>weigher((digest, seen) -> seen.weight)
            .executor(Runnable::run)
            .build();
  }

  /** The token of this text. */
  Optional<AccessToken> get(String text) {
    return Optional.ofNullable(tokens.getIfPresent(Digest.of(text))).map(Seen::token);
  }

  /** Keeps a token that was found good, to the letter of its text. */
  void put(String text, AccessToken token) {
    tokens.put(Digest.of(text), Seen.of(text, token));
  }

  /** How many it holds. */
  long size() {
    tokens.cleanUp();
    return tokens.estimatedSize();
  }
}
