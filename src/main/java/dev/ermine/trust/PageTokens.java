package dev.ermine.trust;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The tokens in which an answer's links carry all that is needed to go on, sealed so that nobody
 * but a gateway with the same keys can read, make or change one. Nothing is kept of those that were
 * sealed.
 *
 * <p>A token is a JWE ({@code dir}, {@code A256GCM}) of JSON with as many spaces after it as make
 * it one of four sizes: its length tells which of them, and nothing else of what it holds. It is
 * not compressed, since then its length would tell.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7516">RFC 7516: JSON Web Encryption</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7518#section-4.5">RFC 7518, 4.5: direct
 *     encryption</a>
 */
public final class PageTokens {

  /** How long a token may be good at most: so long a key is kept that seals no more. */
  public static final Duration LIFETIME = Duration.ofMinutes(15);

  /**
   * In characters. With base URL, path and parameter's name the longest makes an address of less
   * than 8,000, which every server and proxy should take.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-4.1">RFC 9110, 4.1</a>
   */
  private static final int[] SIZES = {1024, 2048, 4096, 7680};

  private static final int MAX_LENGTH = SIZES[SIZES.length - 1];
  private static final String EXPIRES = "exp";
  private static final String CLAIMS = "claims";

  private final Supplier<PageKeys> keys;

  /**
   * @param keys those in force
   */
  public PageTokens(Supplier<PageKeys> keys) {
    this.keys = keys;
  }

  /** What became of a token. */
  public sealed interface Opened {

    /** It is ours, untouched, and has not expired. */
    record Content(Map<String, Object> claims) implements Opened {
      /** Nothing of it. */
      @Override
      public String toString() {
        return "Content";
      }
    }

    /** It is none of ours, or no longer: which, is nobody's business. */
    record Gone() implements Opened {}
  }

  /**
   * Seals what a token says, padded to one of a few sizes; empty when that is more than an address
   * can hold.
   *
   * @param claims strings, numbers, booleans, lists and maps of these
   * @param expires when it ceases to be good, to the second: after {@link #LIFETIME} at most
   */
  public Optional<String> seal(Map<String, Object> claims, Instant expires) {
    byte[] text = StrictJson.bytes(Map.of(EXPIRES, expires.getEpochSecond(), CLAIMS, claims));
    PageKey key = keys.get().first();
    return IntStream.of(SIZES)
        .map(key::room)
        .filter(room -> text.length <= room)
        .mapToObj(room -> key.seal(padded(text, room)))
        .findFirst();
  }

  /** Spaces after a JSON text mean nothing. */
  private static byte[] padded(byte[] text, int length) {
    byte[] padded = Arrays.copyOf(text, length);
    Arrays.fill(padded, text.length, length, (byte) ' ');
    return padded;
  }

  /** Opens a token, whoever wrote it. */
  public Opened open(String token, Instant now) {
    return text(token)
        .flatMap(StrictJson::object)
        .filter(json -> isGood(json, now))
        .<Opened>map(json -> new Opened.Content(StrictJson.plain(json.path(CLAIMS))))
        .orElseGet(Opened.Gone::new);
  }

  private Optional<byte[]> text(String token) {
    if (token.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    String[] parts = token.split("\\.", -1);
    return parts.length == 5 && parts[1].isEmpty()
        ? keys.get().withHeader(parts[0]).flatMap(key -> key.open(parts[2], parts[3], parts[4]))
        : Optional.empty();
  }

  private static boolean isGood(JsonNode json, Instant now) {
    return json.path(CLAIMS).isObject() && now.getEpochSecond() < json.path(EXPIRES).longValue();
  }
}
