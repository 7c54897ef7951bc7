package dev.ermine.http;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The id of a request, as the caller gave it or a fresh one. It goes to logs, audit and peers, so
 * it is short, plain, and nothing that might be an NHS number.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#custom">FHIR R4: custom headers</a>
 */
final class RequestId {

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern TEN_DIGITS = Pattern.compile("(?<![0-9])[0-9]{10}(?![0-9])");
  private static final Pattern SPACED_DIGITS =
      Pattern.compile("(?<![0-9])[0-9]{3}[._-][0-9]{3}[._-][0-9]{4}(?![0-9])");

  private RequestId() {}

  /** The caller's {@code X-Request-Id} when it may be used, else a fresh UUID. */
  static String of(@Nullable String header) {
    return usable(header).orElseGet(RequestId::fresh);
  }

  /** One that nobody has to replace: chance, too, may put ten digits in a row. */
  private static String fresh() {
    return Stream.generate(() -> UUID.randomUUID().toString())
        .filter(id -> usable(id).isPresent())
        .findFirst()
        .orElseThrow();
  }

  /** An id of the caller that may be repeated. */
  static Optional<String> usable(@Nullable String header) {
    return Optional.ofNullable(header)
        .filter(id -> PLAIN.matcher(id).matches())
        .filter(id -> !TEN_DIGITS.matcher(id).find())
        .filter(id -> !SPACED_DIGITS.matcher(id).find());
  }
}
