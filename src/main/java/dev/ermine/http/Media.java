package dev.ermine.http;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Media types, as far as the gateway reads them.
 *
 * @see <a href="https://hl7.org/fhir/R4/http.html#mime-type">FHIR R4: content types</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1">RFC 9110: Accept</a>
 */
final class Media {

  private static final Set<String> FHIR_JSON =
      Set.of("application/fhir+json", "application/json", "text/json");
  private static final Set<String> JSON = Set.of("application/json");
  private static final Pattern JSON_BODY =
      Pattern.compile(
          "application/json(?:[ \\t]*;[ \\t]*charset=\"?utf-8\"?)?[ \\t]*",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern FHIR_JSON_BODY =
      Pattern.compile(
          "application/(?:fhir\\+)?json(?:[ \\t]*;[ \\t]*(?:charset=\"?utf-8\"?|fhirversion=4\\.0))*[ \\t]*",
          Pattern.CASE_INSENSITIVE);
  private static final Set<String> WILD = Set.of("application/*", "*/*");
  private static final Pattern FORM =
      Pattern.compile(
          "application/x-www-form-urlencoded(?:[ \\t]*;[ \\t]*charset=\"?utf-8\"?)?[ \\t]*",
          Pattern.CASE_INSENSITIVE);
  private static final String NOT_AT_ALL = "q=0(\\.0{0,3})?";

  private Media() {}

  /** Whether an {@code Accept} in these lines, perhaps none, takes FHIR R4 in JSON. */
  static boolean acceptsFhirJson(List<String> accept) {
    return accept.stream().allMatch(String::isBlank)
        || ranges(accept).anyMatch(range -> takes(range, WILD))
        || namesFhirJson(accept);
  }

  /** Whether an {@code Accept} in these lines asks for FHIR R4 in JSON by name. */
  static boolean namesFhirJson(List<String> accept) {
    return ranges(accept).anyMatch(range -> takes(range, FHIR_JSON));
  }

  private static Stream<String> ranges(List<String> accept) {
    return accept.stream().flatMap(line -> Arrays.stream(line.split(",", -1)));
  }

  private static boolean takes(String range, Set<String> types) {
    String[] parts = range.toLowerCase(Locale.ROOT).replaceAll("[ \\t\"]", "").split(";", -1);
    return types.contains(parts[0])
        && Arrays.stream(parts)
            .skip(1)
            .noneMatch(
                parameter ->
                    parameter.matches(NOT_AT_ALL)
                        || (parameter.startsWith("fhirversion=")
                            && !parameter.equals("fhirversion=4.0")));
  }

  /** Whether an {@code Accept} in these lines, perhaps none, takes plain JSON. */
  static boolean acceptsJson(List<String> accept) {
    return accept.stream().allMatch(String::isBlank)
        || ranges(accept).anyMatch(range -> takes(range, WILD) || takes(range, JSON));
  }

  /** Whether a {@code Content-Type} is that of plain JSON in UTF-8. */
  static boolean isJson(@Nullable String contentType) {
    return contentType != null && JSON_BODY.matcher(contentType).matches();
  }

  /** Whether a {@code Content-Type} is that of a FHIR R4 resource in JSON, in UTF-8. */
  static boolean isFhirJsonBody(@Nullable String contentType) {
    return contentType != null && FHIR_JSON_BODY.matcher(contentType).matches();
  }

  /** Whether a {@code Content-Type} is that of a form in UTF-8. */
  static boolean isForm(@Nullable String contentType) {
    return contentType != null && FORM.matcher(contentType).matches();
  }
}
