package dev.ermine.trust;

import com.fasterxml.jackson.databind.JsonNode;
import dev.ermine.fhir.Slice;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A token that a region's token endpoint has granted, or its word that it grants none.
 *
 * @param life from when it was asked for
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5">RFC 6749, 5: issuing an access
 *     token</a>
 */
public record GrantedToken(String text, Duration life) {

  private static final int MAX_LENGTH = 8 * 1024;
  private static final int MAX_CODE = 64;
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,9}");
  private static final Duration SHORTEST = Duration.ofSeconds(10);
  private static final Duration USUAL = Duration.ofSeconds(60);
  private static final Duration LONGEST = Duration.ofHours(1);

  /** The token in a response; empty when it holds none that could be shown. */
  public static Optional<GrantedToken> read(Slice json) {
    return StrictJson.object(json)
        .filter(it -> "bearer".equalsIgnoreCase(it.path("token_type").textValue()))
        .filter(it -> isShowable(it.path("access_token")))
        .flatMap(
            it ->
                life(it.path("expires_in"))
                    .map(life -> new GrantedToken(it.path("access_token").textValue(), life)));
  }

  private static boolean isShowable(JsonNode token) {
    return token.isTextual() && TokenForm.isPrintable(token.textValue(), 1, MAX_LENGTH);
  }

  private static Optional<Duration> life(JsonNode seconds) {
    return seconds.isMissingNode()
        ? Optional.of(USUAL)
        : whole(seconds).map(GrantedToken::atMost).filter(life -> life.compareTo(SHORTEST) >= 0);
  }

  /** A whole number; as text too, as the NHS API platform has it. */
  private static Optional<BigInteger> whole(JsonNode number) {
    return number.isIntegralNumber() || DIGITS.matcher(number.asText()).matches()
        ? Optional.of(new BigInteger(number.asText()))
        : Optional.empty();
  }

  /** Beyond the longest it is as good as that. */
  private static Duration atMost(BigInteger seconds) {
    return Duration.ofSeconds(seconds.min(BigInteger.valueOf(LONGEST.toSeconds())).longValue());
  }

  /** The {@code error} of a response that grants none. */
  public static Optional<String> error(Slice json) {
    return StrictJson.object(json)
        .map(it -> it.path("error"))
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue)
        .filter(code -> TokenForm.isPrintable(code, 1, MAX_CODE));
  }

  /** Never the token. */
  @Override
  public String toString() {
    return "GrantedToken[" + life + "]";
  }
}
