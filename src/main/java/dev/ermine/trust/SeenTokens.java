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
import java.util.Optional;

/**
 * Access tokens whose signature has been found good, until they expire or others need the room. It
 * holds none of their texts.
 */
final class SeenTokens {

  /** In bytes, about: some ten thousand tokens. */
  static final long MAX_WEIGHT = 32L << 20;

  /** What a token's content takes, by measurement: an object for each claim, and their texts. */
  private static final int WEIGHT = 1024;

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

  private record Seen(AccessToken token, int weight) {}

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
    tokens.put(Digest.of(text), new Seen(token, WEIGHT + WEIGHT_OF_A_CHARACTER * text.length()));
  }

  /** How many it holds. */
  long size() {
    tokens.cleanUp();
    return tokens.estimatedSize();
  }
}
