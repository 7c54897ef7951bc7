package dev.ermine.peer;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Content types, strictly read.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-8.3.1">RFC 9110: media type</a>
 */
final class MediaType {

  private static final int LONGEST = 200;
  private static final String FHIR_JSON = "application/fhir+json";
  private static final String TOKEN = "[A-Za-z0-9!#$&^_.+-]+";
  private static final String PARAMETER = "[ \\t]*;[ \\t]*" + TOKEN + "=(?:" + TOKEN + "|\"%s\")";

  private static final Pattern ANY =
      Pattern.compile(TOKEN + "/" + TOKEN + "(?:" + PARAMETER.formatted(TOKEN) + ")*");
  private static final Pattern JSON =
      Pattern.compile("(?i)application/(?:fhir\\+)?json(?:[ \\t]*;.*)?");
  private static final Pattern WRAPPING =
      Pattern.compile(
          "(?i)[ \\t]*application/(?:fhir\\+json|fhir\\+xml|json|json\\+fhir|xml\\+fhir)(?:[ \\t]*;.*)?");
  private static final Pattern CHARSET = Pattern.compile("(?i);[ \\t]*charset=\"?([^;\" \\t]*)");

  private MediaType() {}

  /** Whether a body of that type may be FHIR in JSON: the types say so, and it is UTF-8. */
  static boolean isFhirJson(Optional<String> contentType) {
    return contentType.filter(type -> type.equals(FHIR_JSON) || isFhirJson(type)).isPresent();
  }

  private static boolean isFhirJson(String contentType) {
    return wellFormed(contentType).filter(MediaType::isUtf8Json).isPresent();
  }

  /**
   * Whether a body of that type may be a FHIR resource, by any version's name of it: then it is
   * looked into before it goes anywhere.
   */
  static boolean mayBeFhir(Optional<String> contentType) {
    return contentType.filter(type -> WRAPPING.matcher(type).matches()).isPresent();
  }

  /** The type as sent when it is one, and nothing but one. */
  static Optional<String> wellFormed(String contentType) {
    return contentType.length() <= LONGEST && ANY.matcher(contentType).matches()
        ? Optional.of(contentType)
        : Optional.empty();
  }

  private static boolean isUtf8Json(String contentType) {
    if (!JSON.matcher(contentType).matches()) {
      return false;
    }
    var charset = CHARSET.matcher(contentType);
    while (charset.find()) {
      if (!charset.group(1).equalsIgnoreCase("utf-8")) {
        return false;
      }
    }
    return true;
  }
}
