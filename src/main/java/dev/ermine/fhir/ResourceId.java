package dev.ermine.fhir;

import java.util.regex.Pattern;

/**
 * The logical id of a resource, as addresses have it.
 *
 * @see <a href="https://hl7.org/fhir/R4/datatypes.html#id">FHIR R4: id</a>
 */
public final class ResourceId {

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9\\-.]{1,64}");

  private ResourceId() {}

  /**
   * Whether {@code text} is an id that may stand in a path. FHIR's grammar has {@code .} and {@code
   * ..} too; they are refused, for in a path they lead elsewhere (RFC 3986, 5.2.4).
   */
  public static boolean isValid(String text) {
    return ID.matcher(text).matches() && !text.equals(".") && !text.equals("..");
  }
}
