package dev.ermine.peer;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * When a region wants to be asked again, as far as we go along with it: a minute at most.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3">RFC 9110: Retry-After</a>
 */
final class RetryAfter {

  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private RetryAfter() {}

  /** Seconds or an HTTP date, clamped; empty for anything else. */
  static Optional<Duration> parse(Optional<String> header, Instant now) {
    return header.map(String::strip).flatMap(text -> seconds(text).or(() -> until(text, now)));
  }

  /** How long a region is left alone after a response; empty where it has capacity for us. */
  static Optional<Duration> pause(Reply.Response response, Instant now) {
    if (!response.throttles()) {
      return Optional.empty();
    }
    Duration wanted = parse(response.retryAfter(), now).orElse(SHORTEST);
    return Optional.of(wanted.compareTo(SHORTEST) < 0 ? SHORTEST : wanted);
  }

  private static Optional<Duration> seconds(String text) {
    return text.matches("[0-9]{1,18}")
        ? Optional.of(clamped(Duration.ofSeconds(Long.parseLong(text))))
        : Optional.empty();
  }

  private static Optional<Duration> until(String text, Instant now) {
    try {
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(clamped(Duration.between(now, then)));
    } catch (DateTimeException neitherSecondsNorDate) {
      return Optional.empty();
    }
  }

  private static Duration clamped(Duration wanted) {
    if (wanted.isNegative()) {
      return Duration.ZERO;
    }
    return wanted.compareTo(LONGEST) > 0 ? LONGEST : wanted;
  }
}
