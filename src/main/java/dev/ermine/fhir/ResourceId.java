package dev.ermine.fhir;

/**
 * The logical id of a resource, as addresses have it.
 *
 * @see <a href="https://hl7.org/fhir/R4/datatypes.html#id">FHIR R4: id</a>
 */
public final class ResourceId {

  private static final int LONGEST = 64;

  private ResourceId() {}

  /**
   * Whether {@code text} is an id that may stand in a path. FHIR's grammar has {@code .} and {@code
   * ..} too; they are refused, for in a path they lead elsewhere (RFC 3986, 5.2.4).
   */
  public static boolean isValid(String text) {
    boolean valid = !text.isEmpty() && text.length() <= LONGEST;
    for (int i = 0; valid && i < text.length(); i++) {
      valid = isPart(text.charAt(i));
    }
    return valid && !text.equals(".") && !text.equals("..");
  }

  private static boolean isPart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.';
  }
}
